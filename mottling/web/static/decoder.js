/* Reads codes where the browser has no reader of its own. What does the work, zxing.js, is fetched when a code is first
   looked for: 330 KB that most tablets never need. */

/* Enough for a card that fills a third of the picture, and few enough pixels for a slow tablet. */
const LONG_SIDE_PX = 960;

export class Decoder {
  static async load() {
    await import("mottling/zxing.js");
    const { BarcodeFormat, DecodeHintType, MultiFormatReader } = window.ZXing;
    const { QR_CODE, DATA_MATRIX, CODE_128, CODE_39 } = BarcodeFormat;
    const reader = new MultiFormatReader();
    reader.setHints(new Map([
      [DecodeHintType.POSSIBLE_FORMATS, [QR_CODE, DATA_MATRIX, CODE_128, CODE_39]],
      [DecodeHintType.TRY_HARDER, true],
    ]));
    return new Decoder(reader);
  }

  constructor(reader) {
    this.reader = reader;
    this.canvas = document.createElement("canvas");
  }

  /* Answers as a BarcodeDetector does. */
  async detect(video) {
    const { HTMLCanvasElementLuminanceSource, HybridBinarizer, BinaryBitmap, Exception } = window.ZXing;
    this.draw(video);
    const picture = new BinaryBitmap(new HybridBinarizer(new HTMLCanvasElementLuminanceSource(this.canvas)));
    try {
      return [{ rawValue: this.reader.decodeWithState(picture).getText() }];
    } catch (error) {
      // A picture without a code, or with one that is blurred, is what a camera mostly sees.
      if (error instanceof Exception) return [];
      throw error;
    }
  }

  draw(video) {
    const { videoWidth: width, videoHeight: height } = video;
    const scale = Math.min(1, LONG_SIDE_PX / Math.max(width, height));
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.canvas.getContext("2d", { willReadFrequently: true }).drawImage(video, 0, 0, this.canvas.width, this.canvas.height);
  }
}
