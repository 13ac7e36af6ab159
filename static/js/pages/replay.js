/** A recorded run, played from a file: the stage of the lab without a server. */
import { learnCells } from "../experiment/cells.js";
import { createSettingsList } from "../experiment/settings-list.js";
import { initial, reduce, samePicture } from "../lab/state.js";
import { explained } from "../equation/step-factors-request.js";
import { decode } from "../net/frames.js";
import { createPlayback } from "../playback/playback.js";
import { createLayerRows } from "../stage/layers/layer-rows.js";
import { createStageView } from "../stage/stage-view.js";
import { translator } from "../text/format.js";
import { dataOf, partsOf } from "../ui/dom.js";
import { createHelpDialog } from "../ui/help-dialog.js";
import { listen, playing } from "../ui/shortcuts.js";

const part = partsOf(document);

const { catalog, facts, frames, others = [], why, address } = dataOf("recorded");
const t = translator(catalog);
learnCells(facts);
let state = initial({});

/** @param {import("../lab/state.js").Action} action */
function dispatch(action) {
  const before = state;
  state = reduce(state, action);
  if (samePicture(before, state)) return;
  layers.arrange(state);
  stageView.render(state);
  layers.render(state);
}

const playback = createPlayback(() => state, dispatch);
const stageView = createStageView(
  /** @type {HTMLElement} */ (document.querySelector("main")),
  t,
  dispatch,
  playback,
);
const layers = createLayerRows(part("layers"), t, bring);
const help = createHelpDialog(part("help"), part("help-button"));
listen({ ...playing({ playback, stage: stageView }), "?": help.open });
const handout = createSettingsList(part("handout"), t);
play(frames);
if (state.run) handout.render(state.run.experiment, address);
if (why && state.run) dispatch({ type: "why", run: state.run, why: explained(state.run, why) });
if (!stageView.still.matches) playback.flowOnce();

/** @param {string[]} recorded  frames of a run */
function play(recorded) {
  for (const frame of recorded) dispatch({ type: "frame", frame: decode(bytes(frame)) });
}

/** Bring a layer in front, whose frames are recorded too. @param {number} layer  negative: from the end */
function bring(layer) {
  for (const recorded of [frames, ...others]) {
    const { header } = decode(bytes(recorded[0]));
    if (header.type === "begin" && (header.reverse ? -header.layer : header.layer) === layer) {
      play(recorded);
      const [lab, query] = address.split("?");
      const asked = new URLSearchParams(query);
      asked.set("layer", String(layer));
      handout.render(header.experiment, address && `${lab}?${asked}`);
    }
  }
}

/** @param {string} base64 */
function bytes(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
}
