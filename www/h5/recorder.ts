// A short video of the face: recorded live, or an app's file made smaller.
const BITS_PER_SECOND = 1_000_000;
// MP4 first, because not every identity service takes WebM.
const TYPES = ['video/mp4;codecs=avc1.42E01E', 'video/mp4', 'video/webm;codecs=vp8', 'video/webm'];

/** What the provider takes: 8 MiB in base64. */
export const MOST_BYTES = 6 * 1024 * 1024;

/** What this browser can record; '' for nothing. */
export const recordable = (): string => (typeof MediaRecorder === 'undefined' ? '' : TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? '');

export interface Recording { stop: () => void; video: Promise<Blob> }

/** Records until it is stopped; the promise fails when the browser cannot. */
export function record(stream: MediaStream): Recording {
  const type = recordable();
  const recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: BITS_PER_SECOND });
  const parts: Blob[] = [];
  const video = new Promise<Blob>((resolve, reject) => {
    recorder.ondataavailable = ({ data }) => { if (data.size) parts.push(data); };
    recorder.onerror = reject;
    recorder.onstop = () => (parts.length ? resolve(new Blob(parts, { type: type.split(';')[0] })) : reject(new Error('nothing recorded')));
  });
  recorder.start();
  return { stop: () => { if (recorder.state !== 'inactive') recorder.stop(); }, video };
}

const MOST_SECONDS = 15, LONGER_SIDE = 640;

function played(file: Blob): Promise<HTMLVideoElement> {
  return new Promise((resolve, reject) => {
    const video = document.createElement('video');
    Object.assign(video, { muted: true, playsInline: true, preload: 'auto', src: URL.createObjectURL(file) });
    video.onloadeddata = () => resolve(video);
    video.onerror = () => reject(new Error('not playable'));
  });
}

/** The same video with fewer pixels, in the time that it lasts. Fails where the browser cannot, or it is too long. */
export async function shrunk(file: Blob, began: (seconds: number) => void): Promise<Blob> {
  if (!recordable()) throw new Error('no recorder');
  const video = await played(file);
  try {
    if (!(video.duration <= MOST_SECONDS)) throw new Error('too long');
    const by = Math.min(1, LONGER_SIDE / Math.max(video.videoWidth, video.videoHeight));
    const canvas = document.createElement('canvas');
    canvas.width = Math.round((video.videoWidth * by) / 2) * 2;
    canvas.height = Math.round((video.videoHeight * by) / 2) * 2;
    if (!('captureStream' in canvas)) throw new Error('no stream of a canvas');
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    const draw = () => context.drawImage(video, 0, 0, canvas.width, canvas.height);
    draw();
    const recording = record(canvas.captureStream(25));
    const timer = setInterval(draw, 40);
    began(Math.ceil(video.duration));
    await new Promise<void>((done, failed) => {
      video.onended = () => done();
      video.onerror = () => failed(new Error('not playable'));
      video.play().catch(failed);
    });
    clearInterval(timer);
    recording.stop();
    return await recording.video;
  } finally {
    URL.revokeObjectURL(video.src);
  }
}
