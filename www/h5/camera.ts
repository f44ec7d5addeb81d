// The phone's cameras, seen live.
export type Trouble = 'Denied' | 'Missing' | 'Busy';

export interface Camera { video: HTMLVideoElement; stream: MediaStream; close: () => void }

/** Shows a camera in this element. Throws a Trouble. */
export async function openCamera(video: HTMLVideoElement, facing: 'environment' | 'user', gone: () => boolean): Promise<Camera> {
  if (!navigator.mediaDevices?.getUserMedia) throw 'Missing' as Trouble;
  const size = facing === 'environment' ? { width: { ideal: 1920 }, height: { ideal: 1080 } } : { width: { ideal: 640 }, height: { ideal: 480 } };
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: facing, ...size } });
  } catch (error) {
    const { name } = error as DOMException;
    throw (name === 'NotAllowedError' || name === 'SecurityError' ? 'Denied' : name === 'NotFoundError' || name === 'NotSupportedError' ? 'Missing' : 'Busy') as Trouble;
  }
  const close = () => {
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
  if (gone()) close(); // the screen was left meanwhile
  else {
    video.srcObject = stream;
    await video.play().catch(() => undefined); // some need a touch first; they show the first frame
  }
  return { video, stream, close };
}

/** The part of the camera's picture that is seen: the element shows its middle. */
export function seen({ video }: Camera): [number, number, number, number] {
  const { videoWidth: width, videoHeight: height } = video;
  const box = video.getBoundingClientRect();
  const by = Math.min(width / box.width, height / box.height);
  const [w, h] = [box.width * by, box.height * by];
  return [(width - w) / 2, (height - h) / 2, w, h];
}
