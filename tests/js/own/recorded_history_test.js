import { historiesOf } from "../../../static/js/own/recorded-history.js";
import { namesOf } from "../../../static/js/own/recorded-window.js";
import { translator } from "../../../static/js/text/format.js";
import { equal } from "../assert.js";

Deno.test("a column shows the step that was recorded last, of each layer", () => {
  const norms = [[0, -1], [0, -2], [0, null]];
  const [first, second] = historiesOf({
    module: "rnn",
    steps: [3, 5, 9],
    levels: ["l0", "l1"],
    log10_norms: [norms, norms.map(([a]) => [a, -9])],
    modules: ["rnn"],
    recorded: 3,
    sequences: 1,
    difference: 0,
    diverged_at: null,
    hidden_size: 4,
    projection: 0,
  });
  equal([first.every, first.count, first.T, first.planned], [2, 5, 2, 10]);
  equal([...first.reach], [NaN, NaN, 0, -1, 0, -2, 0, -2, 0, NaN]);
  equal(second.reach[3], -9);
});

Deno.test("a layer is named as in the lab, and as in PyTorch", () => {
  const t = translator({
    "layers.name": "Layer {layer}",
    "layers.name.forward": "To {layer}",
    "layers.name.reverse": "From {layer}",
  });
  equal(namesOf(["l0", "l1"], t), ["Layer 1 · l0", "Layer 2 · l1"]);
  equal(namesOf(["l0", "l0_reverse", "l1", "l1_reverse"], t)[3], "From 2 · l1_reverse");
});
