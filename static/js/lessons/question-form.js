/**
 * The form of a question that a teacher writes: what is asked, and up to four choices with a reply
 * to each.
 *
 * @typedef {import("../text/format.js").Translate} Translate
 * @typedef {import("./draft.js").Asked} Asked
 */

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
  const list = document.createElement("ol");
  list.append(...choices.map((choice, i) => {
    const letter = "abcd"[i];
    const item = document.createElement("li");
    const mark = document.createElement("input");
    mark.type = "radio";
    mark.name = `right-${n}`;
    mark.checked = i === right;
    mark.title = t("own.right", { letter, n });
    mark.setAttribute("aria-label", mark.title);
    mark.addEventListener("change", () => {
      right = i;
      told();
    });
    /** @param {Partial<typeof choice>} said */
    const say = (said) => {
      choices = choices.with(i, { ...choices[i], ...said });
      told();
    };
    item.append(
      mark,
      field(
        "input",
        choice.text,
        t("own.choice", { letter, n }),
        t("own.choice.hint", { letter }),
        (text) => say({ text }),
      ),
      field(
        "textarea",
        choice.why,
        t("own.why", { letter, n }),
        t("own.why.hint"),
        (why) => say({ why }),
      ),
    );
    return item;
  }));
  return [question, list];
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
