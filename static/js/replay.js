/** A recorded run, played from a file: the theatre of the lab, with nobody to ask. */
import { translator } from "./format.js";
import { decode } from "./frames.js";
import { createHelp } from "./furniture.js";
import { createHandout } from "./handout.js";
import { createPlayback } from "./playback.js";
import { listen, playing } from "./shortcuts.js";
import { initial, reduce, samePicture } from "./state.js";
import { createTheatre } from "./theatre.js";
import { explained } from "./why.js";

/** @param {string} id */
const element = (id) => /** @type {any} */ (document.getElementById(id));

const { catalog, frames, why, address } = JSON.parse(element("recorded").textContent);
const t = translator(catalog);
let state = initial({});

/** @param {import("./state.js").Action} action */
function dispatch(action) {
  const before = state;
  state = reduce(state, action);
  if (!samePicture(before, state)) theatre.render(state);
}

const playback = createPlayback(() => state, dispatch);
const theatre = createTheatre(element, t, dispatch, playback);
const help = createHelp(element("help"), element("help-button"));
listen({ ...playing({ playback, theatre }), "?": help.open });
for (const frame of frames) {
  dispatch({ type: "frame", frame: decode(bytes(frame)) });
}
if (state.run) createHandout(element("handout"), t).render(state.run.experiment, address);
if (why && state.run) dispatch({ type: "why", run: state.run, why: explained(state.run, why) });
if (!theatre.still.matches) playback.flowOnce();

/** @param {string} base64 */
function bytes(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
}
