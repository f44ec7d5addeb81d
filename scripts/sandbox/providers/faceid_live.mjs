// LivenessCompare: the checks on the container, the length and the challenge are real; whether the
// face is alive and the same is said by the mode, or by a mark in the clip or in the card's comment.
import { base64, digits, jsonObject } from '../lib/text.mjs';
import { clipFormat, clipMark, clipSeconds } from '../lib/clip.mjs';
import { jpegRead } from '../lib/jpeg.mjs';

const MOST_VIDEO_BASE64 = 8 << 20;
const MOST_IMAGE_BASE64 = 3 << 20;
const LONGEST_S = 20;
const SHORTEST_SILENT_S = 2;
const TEXTS = {
  ActionCloseEye: '未检测到闭眼动作',
  ActionOpenMouth: '未检测到张嘴动作',
  ActionNodetectFace: '未能检测到完整人脸',
  ActionLightDark: '光线太暗',
  ActionLightStrong: '光线太强',
  ActionFaceFar: '人脸距离镜头太远',
  ActionFaceClose: '人脸距离镜头太近',
  CompareLowSimilarity: '比对相似度未达到通过标准',
  LivessDetectFake: '实人检测没通过',
  VideoDecodeFailed: '视频解码失败',
  VideoDurationExceeded: '视频时长超过20秒限制',
  SilentTooShort: '视频时长过短，请录制2秒以上的视频',
  LifePhotoDetectNoFaces: '未能检测到人脸',
  LipVoiceRecognize: '声音未能识别',
  CoveredFace: '脸部有遮挡',
};
const BY_MODE = {
  liveness_fail: 'ActionCloseEye',
  low_similarity: 'CompareLowSimilarity',
  fake: 'LivessDetectFake',
  backwards: 'CompareLowSimilarity',
};
const SEQUENCE = /^[1-4](,[1-4]){0,3}$/;

function faultOfClip(video, type, mode) {
  const format = clipFormat(video);
  const taken = ['mp4', 'avi', 'flv', ...(mode === 'no_webm' ? [] : ['mov', 'webm'])];
  if (!taken.includes(format)) return 'VideoDecodeFailed';
  const seconds = format === 'mp4' || format === 'mov' ? clipSeconds(video) : 0;
  if (seconds > LONGEST_S) return 'VideoDurationExceeded';
  if (type === 'SILENT' && seconds && seconds < SHORTEST_SILENT_S) return 'SilentTooShort';
  const mark = clipMark(video);
  if (mark === '' || mark === 'passed') return null;
  return TEXTS[mark] ? mark : 'ActionCloseEye';
}

// A code that was read aloud must be one given out and not yet used; a sequence of actions may be
// the client's own, as long as it is one.
function faultOfChallenge(provider, type, data = '') {
  if (type === 'SILENT') return data === '' ? null : 'ValidateData 应为空。';
  if (type === 'ACTION') return SEQUENCE.test(data) ? null : 'ValidateData 不是动作序列。';
  if (!provider.sequences.has(data)) return 'ValidateData 不是有效的数字。';
  provider.store.remove('faceid_sequence', data);
  return null;
}

/** The answer to one LivenessCompare call. */
export function compareLiveness(provider, { params, mode }) {
  const { LivenessType: type, ImageBase64: photo, VideoBase64: clip, ValidateData } = params;
  if (!['ACTION', 'LIP', 'SILENT'].includes(type))
    return provider.error('InvalidParameterValue', 'LivenessType 取值有误。');
  if (!photo || !clip) return provider.error('MissingParameter', '缺少照片或视频。');
  if (photo.length > MOST_IMAGE_BASE64 || clip.length > MOST_VIDEO_BASE64)
    return provider.error('InvalidParameter', '照片或视频过大。');
  if (params.Optional !== undefined && params.Optional !== '' && !jsonObject(params.Optional))
    return provider.error('InvalidParameter', 'Optional 不是 JSON。');
  const challenge = faultOfChallenge(provider, type, ValidateData);
  if (challenge) return provider.error('InvalidParameterValue', challenge);
  const [image, video] = [photo, clip].map((t) => base64(t) ?? Buffer.alloc(0));
  const jpeg = jpegRead(image);
  if (!jpeg) return provider.error('FailedOperation.LifePhotoPoorQuality', '照片解码失败或质量不佳。');
  const card = jpeg.comments.map(jsonObject).find(Boolean);
  const low = typeof card?.sim === 'number' && card.sim < 70 ? 'CompareLowSimilarity' : null;
  const fault = BY_MODE[mode] ?? faultOfClip(video, type, mode) ?? low;
  provider.bill('LivenessCompare');
  const Sim = mode === 'backwards' ? 69.9 : (card?.sim ?? (fault === 'CompareLowSimilarity' ? 41.27 : 96.43));
  if (!fault)
    return provider.result({
      Result: 'Success',
      Description: '成功',
      Sim,
      BestFrameBase64: photo,
      BestFrameList: [],
    });
  return provider.result({
    Result: `FailedOperation.${fault}`,
    Description: TEXTS[fault],
    Sim: fault === 'CompareLowSimilarity' ? Sim : 0,
    BestFrameBase64: '',
    BestFrameList: [],
  });
}

/** GetActionSequence and GetLiveCode. */
export function issueSequence(provider, { action }) {
  if (action === 'GetActionSequence')
    return provider.result({ ActionSequence: Math.random() < 0.5 ? '1,2' : '2,1' });
  const LiveCode = digits(4);
  provider.store.put('faceid_sequence', LiveCode, { issued_at: provider.clock.now() });
  return provider.result({ LiveCode });
}
