/**
 * The view of a lab, apart from its experiment: where the playhead is, and what is shown. The steps of
 * a lesson, the draft of one, and a page that is come back to in another language write it as
 * `toJSON` does.
 *
 * @typedef {import("./state.js").State} State
 *
 * @typedef {object} ViewState
 * @property {import("../playback/playhead.js").Place} place  of the playhead
 * @property {boolean} play
 * @property {boolean} folded
 * @property {boolean} attention
 * @property {boolean} output  whether the answer is shown
 * @property {boolean} backward  whether the way back is shown
 * @property {State["chart"]} chart
 * @property {number | null} chosen  the timestep that is looked at, or null to follow the playhead
 *
 * @typedef {object} ViewJSON
 * @property {ViewState["place"]} position
 * @property {boolean} [play]
 * @property {boolean} [folded]
 * @property {boolean} [attention]
 * @property {boolean} [output]
 * @property {boolean} [backward]
 * @property {ViewState["chart"]} chart
 * @property {number | null} [timestep]
 */
import { placeOf } from "../playback/playhead.js";

/**
 * @param {State} state
 * @returns {ViewState}
 */
export const viewOf = ({ run, position, playing, chosen, ...state }) => ({
  place: run ? placeOf(Math.floor(position), run.T) : "end",
  play: playing,
  folded: state.folded,
  attention: state.attention,
  output: state.output,
  backward: state.backward,
  chart: state.chart,
  chosen,
});

/**
 * @param {ViewState} view
 * @returns {ViewJSON}
 */
export const toJSON = ({ place, play, folded, attention, output, backward, chart, chosen }) => ({
  position: place,
  folded,
  chart,
  ...(play && { play }),
  ...(attention && { attention }),
  ...(!output && { output }),
  ...(!backward && { backward }),
  ...(chosen && { timestep: chosen }),
});

/**
 * @param {ViewJSON} json
 * @returns {ViewState}
 */
export const fromJSON = (json) => ({
  place: json.position,
  play: json.play ?? false,
  folded: json.folded ?? false,
  attention: json.attention ?? false,
  output: json.output ?? true,
  backward: json.backward ?? true,
  chart: json.chart,
  chosen: json.timestep ?? null,
});
