/**
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { share as percentOf } from "../text/format.js";
import { told } from "../text/sentence.js";
import { isCut } from "./gradient-paths.js";
import { ofLevel } from "./level-name.js";
import { asRead, inTime, toldInTime } from "./reading-order.js";
import { inputOf, lastTimestep } from "./run.js";

/**
 * A timestep in words: its input, the gradient that reaches it, and where BPTT is cut.
 * @param {Run} whole
 * @param {number} timestep
 * @param {Translate} words
 * @param {boolean} [backward]  whether the way back is shown
 */
export function timestepName(whole, timestep, words, backward = true) {
  const [run, at, t] = [asRead(whole), inTime(whole, timestep), toldInTime(whole, words)];
  const token = told(inputOf(run, at));
  if (!backward || at < run.backwardFrom || at > lastTimestep(run)) {
    return t("stage.timestep.unknown", { t: at, token });
  }
  const share = percentOf(run.log10Share[at - 1], t);
  const name = ofLevel(run, t, t("stage.timestep", { t: at, token, share }));
  return isCut(run, at) ? name + t("stage.timestep.cut", { before: at - 1 }) : name;
}
