/**
 * Announcements of training runs for screen readers, which are rare.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { outcome } from "./guess.js";
import { seen, trains } from "./status.js";
import { learnt, verdict } from "./training-verdict.js";

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 */
export const createLiveRegion = (node, t) =>
/**
 * @param {import("./trainer.js").News} news
 * @param {State} state
 */
(news, state) => {
  const [words, more] = spoken(news, state, t);
  const heard = document.createElement("span"); // the cards show it
  heard.className = "unseen";
  heard.textContent = ` ${more}`;
  node.replaceChildren(words, heard);
};

/**
 * @param {import("./trainer.js").News} news
 * @param {State} state
 * @param {Translate} t
 * @returns {[string, string]} the words, and what stands elsewhere on the page
 */
export function spoken(news, state, t) {
  if (news === "nothing") return ["", ""];
  if (news === "begun") return [begun(state, t), ""];
  if (news === "resumed") return [t("train.resumed"), ""];
  const histories = seen(state).flatMap(({ history }) => history ?? []);
  const summary = histories.map((history) => verdict(history, t)).join(" ");
  if (news === "paused") return [t("train.paused"), summary];
  if (!histories.length) return [t("train.hint"), ""];
  const whole = histories.every(({ end }) => end?.result !== "stopped");
  const truth = whole ? histories.filter(learnt).map(({ training }) => training.cell) : null;
  return [sentences(t, t("train.finished"), outcome(state.guessed, truth, t)), summary];
}

/**
 * @param {State} state
 * @param {Translate} t
 */
function begun({ networks, guessed }, t) {
  const training = networks.filter(trains);
  const cells = training.map(({ cell }) => t(`choice.cell.${cell}`)).join(t("language.comma"));
  const task = t(`task.${training[0].history?.training.task}`);
  return sentences(t, t("train.begun", { cells, task }), outcome(guessed, null, t));
}

/**
 * @param {Translate} t
 * @param {string[]} each  of them, some may be empty
 */
const sentences = (t, ...each) => each.filter(Boolean).join(t("language.gap"));
