import { asRead, inTime, mirrored, toldInTime } from "../../../static/js/run/reading-order.js";
import { translator } from "../../../static/js/text/format.js";
import { equal, ok } from "../assert.js";

/** A run over "abc" of a cell that reads from the end. @type {any} */
const RUN = {
  T: 3,
  H: 2,
  reverse: true,
  tokens: ["a", "b", "c"],
  named: [],
  targets: [-1, 0, -1],
  hidden: Float32Array.of(1, 2, 3, 4, 5, 6),
  cellState: null,
  gateValues: {},
  log10Gradient: Float64Array.of(0, -1, -2),
  log10CellShare: null,
  log10Share: Float64Array.of(0, -1, -2),
  probabilities: new Map(),
  predicted: new Map([[1, [0.5]]]),
  losses: new Map([[2, 0.5]]),
  loss: 2,
  forwardTo: 3,
  backwardFrom: 1,
  end: { arrives: { reaches: 3, first: -2, cell: null } },
};

Deno.test("a run of a cell that reads from the end is read from its last timestep", () => {
  const read = asRead(RUN);
  equal(read.tokens.join(""), "cba");
  equal([...read.hidden].join(), "5,6,3,4,1,2");
  equal([...read.log10Share].join(), "-2,-1,0");
  equal(read.end?.arrives.reaches, 1);
  ok(asRead(RUN) === read, "the same one, until more of it comes");
  ok(asRead({ ...RUN, reverse: false }).tokens[0] === "a", "one that reads forward");
  equal(JSON.stringify(mirrored(read)), JSON.stringify(RUN));
});

Deno.test("its timesteps are told as the sequence counts them", () => {
  const t = toldInTime(RUN, translator({ step: "from {next} to {t} of {last}" }));
  equal(t("step", { next: 1, t: 2, last: 3 }), "from 3 to 2 of 3");
  equal(inTime(RUN, 1), 3);
});
