/**
 * The eigenvalues of the recurrent weights in words.
 *
 * @typedef {import("./engine.js").Numbers} Numbers
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { signed } from "./chosen-weight.js";
import { ofPart } from "./names.js";
import { withoutNoise } from "./numbers.js";

/**
 * The eigenvalues of the recurrent weights, in a sentence for each block.
 * @param {Numbers} numbers
 * @param {Translate} t
 */
export function eigenvaluesIn({ eigenvalues }, t) {
  return eigenvalues.map(({ real, imaginary, radius }, k) => {
    const values = real.map((re, i) =>
      complex(withoutNoise(re, radius), withoutNoise(imaginary[i], radius))
    )
      .join(t("language.comma"));
    const matrix = nameOf(k, eigenvalues, t);
    return t("hand.eigenvalues", { matrix, values, radius: radius.toFixed(3) });
  }).join(t("language.gap"));
}

/**
 * @param {number} re
 * @param {number} im
 */
const complex = (re, im) =>
  im ? `${signed(re, 3)} ${im < 0 ? "−" : "+"} ${signed(Math.abs(im), 3)}i` : signed(re, 3);

/**
 * The largest modulus in each block, on a line.
 * @param {Numbers} numbers
 * @param {Translate} t
 */
export function radiiIn({ eigenvalues }, t) {
  const values = eigenvalues.map(({ radius }, k) =>
    `${nameOf(k, eigenvalues, t)} ${radius.toFixed(3)}`
  );
  return values.length ? t("hand.radii", { values: values.join(t("language.comma")) }) : "";
}

/**
 * @param {number} k  of the blocks
 * @param {Numbers["eigenvalues"]} eigenvalues
 * @param {Translate} t
 */
function nameOf(k, eigenvalues, t) {
  const { part, gate } = eigenvalues[k];
  const matrix = `W<sub>h${gate ?? "h"}</sub>`;
  return eigenvalues.some((each) => each.part !== part) ? ofPart(part, matrix, t) : matrix;
}
