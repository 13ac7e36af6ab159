/** @typedef {{pen: CanvasRenderingContext2D, width: number, height: number}} Sheet */

/**
 * An empty sheet as sharp as the screen: the canvas has the screen's pixels, the pen draws in those
 * of the style sheet.
 * @param {HTMLCanvasElement} canvas
 * @param {{width: number, height: number}} [size]  that it has on the page
 * @returns {Sheet}
 */
export function sheet(canvas, { width, height } = canvas.getBoundingClientRect()) {
  const [across, down] = [width, height].map((size) => Math.round(size * devicePixelRatio));
  if (canvas.width !== across || canvas.height !== down) {
    [canvas.width, canvas.height] = [across, down];
  }
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.setTransform(across / width, 0, 0, down / height, 0, 0);
  pen.clearRect(0, 0, width, height);
  return { pen, width, height };
}
