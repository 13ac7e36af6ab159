/**
 * The network of a step, trained when a button is pressed that says what it costs.
 *
 * @typedef {import("./navigation.js").Step} Step
 * @typedef {import("./navigation.js").Experiment} Experiment
 * @typedef {import("../net/frames.js").Frame<import("../net/frames.js").TrainingHeader>} Frame
 */
import { createTrainingChannel } from "../net/training-channel.js";
import { explain } from "../text/problems.js";
import { finder } from "../ui/dom.js";

/**
 * @param {HTMLElement} node
 * @param {import("../text/format.js").Translate} t
 * @param {{connect: import("../net/server.js").Connect, most: number, checkpoint: string}} server
 * @param {(experiment: Experiment) => void} trained
 */
export function createStepTraining(node, t, server, trained) {
  const part = finder(node);
  const [cost, progress] = ["p", "[role=status]"].map(part);
  const button = /** @type {HTMLButtonElement} */ (part("button"));
  /** @type {Step | null} */
  let step = null;
  let run = "";
  const channel = createTrainingChannel(server.connect, server.most, {
    frame: receive,
    way: () => {},
  });

  button.addEventListener("click", () => {
    if (!step?.training) return;
    button.disabled = true;
    channel.begin(step.training.fields, false);
  });

  return {
    /** @param {Step} next */
    render(next) {
      if (next.id !== step?.id) channel.tell("stop");
      step = next;
      node.hidden = !next.training;
      button.disabled = false;
      progress.textContent = "";
      if (!next.training) return;
      const { steps, batch_size } = next.training.fields;
      cost.textContent = t("lesson.train.cost", { steps, count: steps * batch_size });
    },
  };

  /** @param {Frame} frame */
  function receive({ header }) {
    if (!step?.training || !button.disabled) return;
    const { steps } = step.training.fields;
    if (header.type === "begin") run = header.run;
    if (header.type === "steps") {
      progress.textContent = t("lesson.train.progress", { step: header.to, steps });
    }
    if (header.type === "end") open(`${run}-${header.step}`, step.training.keeps);
    if (header.type === "error") {
      button.disabled = false;
      progress.textContent = explain(header, t);
    }
  }

  /**
   * @param {string} checkpoint
   * @param {Experiment} keeps
   */
  async function open(checkpoint, keeps) {
    const answer = await fetch(`${server.checkpoint}?name=${checkpoint}`);
    const { experiment } = await answer.json();
    trained({ ...experiment, ...keeps });
  }
}
