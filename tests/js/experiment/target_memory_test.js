import { initial, reduce } from "../../../static/js/lab/state.js";
import { equal } from "../assert.js";

const VERDICT = {
  sequence: "Ann lives in Rome",
  architecture: "many-to-one",
  target: "private",
  labels: "private / business",
};
const TAGS = {
  ...VERDICT,
  architecture: "many-to-many",
  target: "NAME - - PLACE",
  labels: "NAME / PLACE / -",
};

/**
 * @param {import("../../../static/js/lab/state.js").State} state
 * @param {[string, string][]} edits
 */
const after = (state, ...edits) => {
  const { experiment } = edits.reduce(
    (now, [field, value]) => reduce(now, { type: "edit", field, value }),
    state,
  );
  return [experiment.architecture, experiment.target, experiment.labels];
};

Deno.test("a verdict and a list of tags each come back with their architecture", () => {
  const tagged = /** @type {[string, string][]} */ ([
    ["architecture", "many-to-many"],
    ["target", TAGS.target],
    ["labels", TAGS.labels],
  ]);
  const state = initial(VERDICT);
  equal(after(state, ...tagged, ["architecture", "many-to-one"]), [
    "many-to-one",
    VERDICT.target,
    VERDICT.labels,
  ]);
  equal(
    after(
      state,
      ...tagged,
      ["architecture", "many-to-one"],
      ["architecture", "encoder-decoder"],
    ),
    ["encoder-decoder", TAGS.target, TAGS.labels],
  );
});

Deno.test("a target that was not seen is that of a pinned run of the sequence, or the same", () => {
  const opened = reduce(initial({ ...VERDICT, target: "business" }), {
    type: "open",
    experiment: TAGS,
  });
  /** @param {string} sequence */
  const pinned = (sequence) =>
    reduce(opened, {
      type: "pin",
      pins: [{ experiment: { ...VERDICT, sequence }, run: null, before: true }],
    });
  equal(after(pinned(TAGS.sequence), ["architecture", "many-to-one"])[1], VERDICT.target);
  equal(after(pinned("another"), ["architecture", "many-to-one"])[1], TAGS.target);
});
