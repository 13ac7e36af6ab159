/**
 * Vectors as a picture, a pixel a number: a painter draws the part of it that it needs, as large as it
 * needs it. That is faster than a rectangle for each of many numbers; few have these, and a file
 * of a drawing does.
 *
 * @typedef {import("./color-scale.js").Ramp} Ramp
 * @typedef {"down" | "across"} Along
 *
 * @typedef {object} Vectors
 * @property {Float32Array} values  (n, width), which stay as they are once they are known
 * @property {number} width
 * @property {number} known  how many of the n are
 *
 * @typedef {object} Part  some of the numbers of one vector
 * @property {number} row  of the vector
 * @property {number} [from]  the first number
 * @property {number} [count]  all from there on, if it is not given
 *
 * @typedef {{left: number, top: number, width: number, height: number}} Place
 * @typedef {{canvas: HTMLCanvasElement, ramp: Ramp, known: number}} Picture
 */

/** As many rectangles are drawn faster than their picture is made. */
const FEW = 256;

/** @type {WeakMap<Float32Array, Record<string, Picture>>} */
const pictures = new WeakMap();

/**
 * Draw numbers one under the other, or side by side.
 * @param {CanvasRenderingContext2D} pen
 * @param {Ramp} ramp
 * @param {Vectors} vectors
 * @param {Part} part
 * @param {Place} place
 * @param {Along} along
 */
export function drawVector(pen, ramp, vectors, part, place, along) {
  const { row, from = 0, count = vectors.width - from } = part;
  const { left, top, width, height } = place;
  if (!pen.drawImage || vectors.values.length <= FEW) {
    const numbers = vectors.values.subarray(row * vectors.width + from).subarray(0, count);
    return drawRectangles(pen, ramp, numbers, place, along);
  }
  const { canvas } = picture(vectors, ramp, along);
  pen.imageSmoothingEnabled = false;
  if (along === "down") pen.drawImage(canvas, row, from, 1, count, left, top, width, height);
  else pen.drawImage(canvas, from, row, count, 1, left, top, width, height);
}

/**
 * As many as there is room for; each a little over the next, so that there are no gaps.
 * @param {CanvasRenderingContext2D} pen
 * @param {Ramp} ramp
 * @param {Float32Array} numbers
 * @param {Place} place
 * @param {Along} along
 */
function drawRectangles(pen, ramp, numbers, { left, top, width, height }, along) {
  const room = along === "down" ? height : width;
  const shown = Math.min(numbers.length, Math.ceil(room));
  const each = room / shown;
  for (let i = 0; i < shown; i++) {
    const far = Math.min(each + 0.5, room - i * each);
    pen.fillStyle = ramp.css(numbers[Math.floor((i * numbers.length) / shown)]);
    if (along === "down") pen.fillRect(left, top + i * each, width, far);
    else pen.fillRect(left + i * each, top, far, height);
  }
}

/**
 * @param {Vectors} vectors
 * @param {Ramp} ramp
 * @param {Along} along
 */
function picture(vectors, ramp, along) {
  const { values, width, known } = vectors;
  const found = pictures.get(values) ?? {};
  pictures.set(values, found);
  let last = found[along];
  if (last?.ramp !== ramp) {
    const canvas = document.createElement("canvas");
    const sides = [values.length / width, width];
    [canvas.width, canvas.height] = along === "down" ? sides : sides.reverse();
    found[along] = last = { canvas, ramp, known: 0 };
  }
  if (last.known < known) fill(last, vectors, along);
  return last;
}

/**
 * Add what has become known.
 * @param {Picture} picture
 * @param {Vectors} vectors
 * @param {Along} along
 */
function fill(picture, { values, width, known }, along) {
  const { canvas, ramp, known: first } = picture;
  const more = known - first;
  const image = along === "down" ? new ImageData(more, width) : new ImageData(width, more);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < more; i++) {
    for (let k = 0; k < width; k++) {
      pixels[along === "down" ? k * more + i : i * width + k] = ramp.pixel(
        values[(first + i) * width + k],
      );
    }
  }
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  if (along === "down") pen.putImageData(image, first, 0);
  else pen.putImageData(image, 0, first);
  picture.known = known;
}
