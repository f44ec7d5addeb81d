// IDCardOCR. Nothing is recognised here: a test picture says in a JPEG comment what is on it, as JSON:
// {"side":"front","name","id_number", "sex"?, "nation"?, "birth"?, "address"?}
// {"side":"back","authority","valid_from","valid_until"}, and in both cases
// "defect"? (a name of WARNINGS or ERRORS below) and "quality_score"? (0 to 100). A camera's picture has no
// comment: there a QR code on the card says the same, if faceid.card_reader names a program to find it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { base64, jsonObject } from '../lib/text.mjs';
import { jpegRead } from '../lib/jpeg.mjs';

const MOST_BASE64 = 10 << 20;
const [LEAST_LONG, LEAST_SHORT] = [500, 320];
// What a warning is called here, its number, and the switch in Config that asks for it.
const WARNINGS = {
  incomplete: [-9101, 'BorderCheckWarn'],
  copy: [-9102, 'CopyWarn'],
  screen: [-9103, 'ReshootWarn'],
  temporary: [-9104, 'TempIdWarn'],
  covered: [-9105, 'BorderCheckWarn'],
  edited: [-9106, 'DetectPsWarn'],
  glare: [-9107, 'ReflectWarn'],
  bad_dates: [-9109, 'InvalidDateWarn'],
};
const ERRORS = {
  not_card: ['FailedOperation.ImageNoIdCard', '图片中未检测到身份证。'],
  wrong_side: ['FailedOperation.CardSideError', '身份证CardSide错误。'],
  blurred: ['FailedOperation.ImageBlur', '图片模糊。'],
  small: ['FailedOperation.IdCardTooSmall', '图片分辨率过低。'],
  multiple: ['FailedOperation.MultiCardError', '照片中存在多张卡。'],
  undecodable: ['FailedOperation.ImageDecodeFailed', '图片解码失败。'],
  illegal: ['FailedOperation.IdCardInfoIllegal', '身份证信息不合法。'],
};

const isCard = (c) => c && (c.side === 'front' || c.side === 'back');

/** The text in a QR code on the picture, where a program that finds it is at hand. */
function codeOn(image, reader) {
  if (!reader) return null;
  const dir = mkdtempSync(`${tmpdir()}/card-`);
  try {
    writeFileSync(`${dir}/card.jpg`, image);
    const { stdout } = spawnSync(reader, ['id_card', `${dir}/card.jpg`], { encoding: 'utf8', timeout: 5000 });
    return [...(stdout ?? '').matchAll(/^ {2}code (.*)$/gm)].map(([, text]) => jsonObject(text)).find(isCard);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function readCard(image, reader) {
  const jpeg = jpegRead(image);
  const png = image.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'));
  if (!jpeg) return { error: png || image.subarray(0, 2).toString() === 'BM' ? 'not_card' : 'undecodable' };
  const [short, long] = [jpeg.width, jpeg.height].sort((a, b) => a - b);
  if (long < LEAST_LONG || short < LEAST_SHORT) return { error: 'small' };
  const card = jpeg.comments.map(jsonObject).find(isCard) ?? codeOn(image, reader);
  return card ? { card } : { error: 'not_card' };
}

const dotted = (date) =>
  date === 'long_term' || date === '长期' ? '长期' : String(date ?? '').replaceAll('-', '.');

function fields(card) {
  if (card.side === 'back')
    return {
      Authority: card.authority ?? '',
      ValidDate: `${dotted(card.valid_from)}-${dotted(card.valid_until)}`,
    };
  const id = card.id_number ?? '';
  const birth = `${Number(id.slice(6, 10))}/${Number(id.slice(10, 12))}/${Number(id.slice(12, 14))}`;
  return {
    Name: card.name ?? '',
    Sex: card.sex ?? (Number(id[16]) % 2 ? '男' : '女'),
    Nation: card.nation ?? '汉',
    Birth: card.birth ?? birth,
    Address: card.address ?? '辽宁省沈阳市和平区测试路1号',
    IdNum: id,
  };
}

function advanced(card, defect, config) {
  const warning = WARNINGS[defect];
  const WarnInfos = warning && config[warning[1]] ? [warning[0]] : [];
  return {
    ...(config.Quality && { Quality: card.quality_score ?? 96 }),
    ...(config.BorderCheckWarn && {
      BorderCodeValue: defect === 'incomplete' || defect === 'covered' ? 78 : 0,
    }),
    WarnInfos,
  };
}

/** The answer to one IDCardOCR call. */
export function recogniseCard(provider, { params, mode }) {
  const refuse = (name) => provider.error(...ERRORS[name]);
  const text = params.ImageBase64;
  if (!text) return provider.error('FailedOperation.EmptyImageError', '图片内容为空。');
  if (text.length > MOST_BASE64) return provider.error('LimitExceeded.TooLargeFileError', '文件内容太大。');
  const config = params.Config === undefined ? {} : jsonObject(params.Config);
  if (!config || Object.values(config).some((v) => typeof v !== 'boolean'))
    return provider.error('InvalidParameter.ConfigFormatError', 'Config不是有效的JSON格式。');
  if (params.CardSide !== undefined && !['FRONT', 'BACK'].includes(params.CardSide))
    return provider.error('InvalidParameterValue.InvalidParameterValueLimit', 'CardSide 取值有误。');
  const image = base64(text.replace(/^data:image\/\w+;base64,/, '')) ?? Buffer.alloc(0);
  const { card, error } = readCard(image, provider.config.card_reader);
  if (error) return refuse(error);
  const defect = ERRORS[mode] || WARNINGS[mode] ? mode : card.defect;
  if (ERRORS[defect]) return refuse(defect);
  if (params.CardSide && params.CardSide.toLowerCase() !== card.side) return refuse('wrong_side');
  const empty = {
    Name: '',
    Sex: '',
    Nation: '',
    Birth: '',
    Address: '',
    IdNum: '',
    Authority: '',
    ValidDate: '',
  };
  provider.bill('IDCardOCR');
  return provider.result({
    ...empty,
    ...fields(card),
    AdvancedInfo: JSON.stringify(advanced(card, defect, config)),
    ReflectDetailInfos: [],
  });
}
