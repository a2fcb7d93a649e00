/* The tablet's camera, the one at its back: a live picture, and photographs in its full resolution.
   Nothing is mirrored: the left knee of the patient stays where the eye sees it. */

const FULL = { width: { ideal: 4096 }, height: { ideal: 3072 } };
const PATIENCE_MS = 5000;
const QUALITY = 0.95;

export class Camera {
  constructor(video) {
    this.video = video;
  }

  static isThere() {
    return Boolean(navigator.mediaDevices?.getUserMedia);
  }

  async open() {
    const wanted = { facingMode: { ideal: "environment" }, ...FULL };
    this.stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: wanted });
    [this.track] = this.stream.getVideoTracks();
    this.video.srcObject = this.stream;
    await this.video.play();
  }

  get hasLight() {
    return Boolean(this.track?.getCapabilities?.().torch);
  }

  light(isOn) {
    return this.track.applyConstraints({ advanced: [{ torch: isOn }] });
  }

  /* Some tablets never answer `takePhoto`: then the frame that is seen is taken, which is smaller. */
  async take() {
    if (!("ImageCapture" in window)) return this.frame();
    try {
      return await Promise.race([this.photo(), late()]);
    } catch {
      return this.frame();
    }
  }

  async photo() {
    const capture = new ImageCapture(this.track);
    const { imageWidth, imageHeight } = await capture.getPhotoCapabilities();
    const size = imageWidth?.max && imageHeight?.max;
    return capture.takePhoto(size ? { imageWidth: imageWidth.max, imageHeight: imageHeight.max } : {});
  }

  frame() {
    const { videoWidth: width, videoHeight: height } = this.video;
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext("2d").drawImage(this.video, 0, 0);
    return canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
  }

  close() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.video.srcObject = null;
  }
}

function late() {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error("the camera did not answer")), PATIENCE_MS);
  });
}
