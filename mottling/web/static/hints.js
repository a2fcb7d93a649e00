/* What a picture says of its light and sharpness, measured on the tablet while there is time to do it better.
   The measures are those of mottling/imaging/quality.py; the limits are stricter, because this is only advice. */

export const LONG_SIDE_PX = 512;

const LEAST_LIGHT = 48;
const MOST_BLOWN_SHARE = 0.2;
const MOST_EDGE_PX = 18;
const BLOWN_FROM = 250;
const STEEPEST = 0.995;

/* Gives "dark", "bright", "blurred" or "" for pixels as a canvas gives them. */
export function hintOf(picture) {
  const luma = lumaOf(picture);
  if (rank(histogram(luma), 0.95) < LEAST_LIGHT) return "dark";
  if (blownShare(picture) > MOST_BLOWN_SHARE) return "bright";
  return edgePx(luma, picture.width, picture.height) > MOST_EDGE_PX ? "blurred" : "";
}

/* Draws something small: a frame of the camera, or a photograph that was read. */
export function small(source, width, height) {
  const ratio = Math.min(1, LONG_SIDE_PX / Math.max(width, height));
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio)));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

export function pixelsOf(canvas) {
  return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
}

function lumaOf({ data }) {
  const luma = new Float32Array(data.length / 4);
  for (let i = 0; i < luma.length; i++) {
    luma[i] = 0.299 * data[4 * i] + 0.587 * data[4 * i + 1] + 0.114 * data[4 * i + 2];
  }
  return luma;
}

function blownShare({ data }) {
  let blown = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (Math.min(data[i], data[i + 1], data[i + 2]) >= BLOWN_FROM) blown += 1;
  }
  return blown / (data.length / 4);
}

/* The whole contrast divided by the steepest slopes, in the direction where edges are wider. */
function edgePx(luma, width, height) {
  const calm = meanOfNine(luma, width, height);
  const contrast = rank(histogram(calm.values), 0.99) - rank(histogram(calm.values), 0.01);
  const across = slopes(calm, 1);
  const down = slopes(calm, calm.width);
  return contrast / Math.max(1, Math.min(rank(across, STEEPEST), rank(down, STEEPEST)));
}

/* Calms the sensor's noise, which would pass for sharpness. */
function meanOfNine(luma, width, height) {
  const values = new Float32Array((width - 2) * (height - 2));
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      let sum = 0;
      for (let row = y - 1; row <= y + 1; row++) {
        const at = row * width + x;
        sum += luma[at - 1] + luma[at] + luma[at + 1];
      }
      values[(y - 1) * (width - 2) + x - 1] = sum / 9;
    }
  }
  return { values, width: width - 2 };
}

function slopes({ values, width }, step) {
  const counts = new Uint32Array(1024);
  for (let i = 0; i + step < values.length; i++) {
    if (step === 1 && i % width === width - 1) continue;
    counts[Math.min(1023, Math.round(4 * Math.abs(values[i + step] - values[i])))] += 1;
  }
  return { counts, perUnit: 4 };
}

function histogram(values) {
  const counts = new Uint32Array(256);
  for (const value of values) counts[Math.min(255, Math.round(value))] += 1;
  return { counts, perUnit: 1 };
}

function rank({ counts, perUnit }, share) {
  const wanted = share * counts.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  for (let value = 0; value < counts.length; value++) {
    seen += counts[value];
    if (seen >= wanted) return value / perUnit;
  }
  return 0;
}
