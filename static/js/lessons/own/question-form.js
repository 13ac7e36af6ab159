/**
 * The form of a question that a teacher writes: what is asked, and up to four choices with a reply
 * to each.
 *
 * @typedef {import("../../text/format.js").Translate} Translate
 * @typedef {import("./draft.js").Asked} Asked
 */
import { create } from "../../ui/dom.js";

/**
 * @param {Asked} asked
 * @param {number} n  of the step
 * @param {Translate} t
 * @param {(asked: Asked) => void} change
 */
export function askingForm(asked, n, t, change) {
  let { ask, choices, right } = asked;
  const told = () => change({ ask, choices, right });
  const question = field("textarea", ask, t("own.ask", { n }), t("own.ask.hint"), (text) => {
    ask = text;
    told();
  });
  const list = create(
    "ol",
    {},
    ...choices.map((choice, i) =>
      choiceForm(choice, i, n, t, {
        checked: i === right,
        choose() {
          right = i;
          told();
        },
        say(said) {
          choices = choices.with(i, { ...choices[i], ...said });
          told();
        },
      })
    ),
  );
  return [question, list];
}

/**
 * A choice: whether it is the right one, its text, and the reply to it.
 * @param {Asked["choices"][number]} choice
 * @param {number} i
 * @param {number} n  of the step
 * @param {Translate} t
 * @param {{checked: boolean, choose: () => void,
 *   say: (said: Partial<Asked["choices"][number]>) => void}} on
 */
function choiceForm({ text, why }, i, n, t, { checked, choose, say }) {
  const letter = "abcd"[i];
  const title = t("own.right", { letter, n });
  const mark = create("input", { type: "radio", name: `right-${n}`, checked, title });
  mark.setAttribute("aria-label", title);
  mark.addEventListener("change", choose);
  const hint = t("own.choice.hint", { letter });
  const label = t("own.choice", { letter, n });
  const words = field("input", text, label, hint, (text) => say({ text }));
  const about = t("own.why", { letter, n });
  const reply = field("textarea", why, about, t("own.why.hint"), (why) => say({ why }));
  return create("li", {}, mark, words, reply);
}

/**
 * @param {"input" | "textarea"} tag
 * @param {string} value
 * @param {string} label
 * @param {string} hint
 * @param {(value: string) => void} change
 */
export function field(tag, value, label, hint, change) {
  const node = document.createElement(tag);
  if (node instanceof HTMLTextAreaElement) node.rows = 2;
  else node.type = "text";
  node.value = value;
  node.placeholder = hint;
  node.setAttribute("aria-label", label);
  node.addEventListener("input", () => change(node.value));
  return node;
}
