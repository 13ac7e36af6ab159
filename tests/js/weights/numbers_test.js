import {
  brief,
  numberOf,
  numbersIn,
  stepped,
  withNumbers,
  withoutNoise,
} from "../../../static/js/weights/numbers.js";
import { begun, changed, redone, undone } from "../../../static/js/weights/history.js";
import { afterStep, learned } from "../../../static/js/weights/learning.js";
import { equal } from "../assert.js";

Deno.test("a number is set, set again, and taken out, and the others stay", () => {
  const once = withNumbers("", [["W_hh_1_2", "0.5"], ["W_xh_1_%20", "-1"]]);
  equal(once, "W_hh_1_2 0.5 W_xh_1_%20 -1");
  equal(withNumbers(once, [["W_hh_1_2", "2"]]), "W_hh_1_2 2 W_xh_1_%20 -1");
  equal(withNumbers(once, [["W_hh_1_2", null]]), "W_xh_1_%20 -1");
  equal([...numbersIn(" b_y_a  3\nb_y_b ")], [["b_y_a", "3"], ["b_y_b", ""]]);
});

Deno.test("a number is read as people type it, and nothing else is", () => {
  equal(["0,5", " −2 ", "１．５", ".5", "2.", "1e-3"].map(numberOf), [0.5, -2, 1.5, 0.5, 2, 0.001]);
  equal(["", "-", "1.2.3", "0x10", "Infinity", "1001", "a"].map(numberOf), Array(7).fill(null));
});

Deno.test("steps land on numbers of two digits, within the range", () => {
  equal([stepped(1.0208, 0.1), stepped(0.1, -0.1), stepped(-0.004, 0), stepped(999.95, 1)], [
    1.12,
    0,
    0,
    1000,
  ]);
  equal([brief(1.02084366), brief(-6), brief(1e-7)], ["1.021", "-6", "1e-7"]);
});

Deno.test("a drag is undone at once, and what was done otherwise one by one", () => {
  let history = begun("");
  history = changed(history, "b_xh_1 1", "b_xh_1", 0);
  for (const [k, value] of [2, 3, 4].entries()) {
    history = changed(history, `b_xh_1 ${value}`, "b_xh_1", 20 * (k + 1));
  }
  history = changed(history, "b_xh_1 4 b_xh_2 1", "b_xh_2", 90);
  history = changed(history, "b_xh_1 4 b_xh_2 2", "b_xh_2", 2000);
  equal(history.past, ["", "b_xh_1 4", "b_xh_1 4 b_xh_2 1"]);
  const back = undone(undone(history));
  equal([back.present, undone(back).present, undone(undone(back)).present], ["b_xh_1 4", "", ""]);
  equal(redone(redone(back)).present, history.present);
  equal(redone(history).present, history.present);
  equal(changed(back, "b_y_a 1", "b_y_a", 3000).future, []);
  equal(changed(history, history.present, "", 4000), history);
});

Deno.test("a step of learning goes against the gradient, and leaves what has none", () => {
  equal([learned(1, 0.5, 0.1), learned(1, null, 0.1), learned(999, -1e6, 1)], [0.95, 1, 1000]);
  const matrix = /** @type {any} */ ({
    names: [["W_hh_1_1", null], ["W_hh_2_1", "W_hh_2_2"]],
    values: [[1, 0], [2, 1 / 3]],
    gradients: [[-2, 0], [0, 1]],
  });
  equal(afterStep([matrix], 0.5), [["W_hh_1_1", "2"], ["W_hh_2_2", "-0.166667"]]);
});

Deno.test("a number that rounding leaves of 0 is 0, and a small one beside small ones is not", () => {
  equal(withoutNoise(2.78e-17, 0.795), 0);
  equal(withoutNoise(-1e-14, 2e-14), -1e-14);
  equal(withoutNoise(0, 0), 0);
});
