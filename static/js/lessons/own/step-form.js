/**
 * The form of a step that a teacher writes: its words, its notes, its question, the parts that it
 * shows, and its place among the others.
 *
 * @typedef {import("./draft.js").Draft} Draft
 * @typedef {import("../../text/format.js").Translate} Translate
 */
import { create, createButton } from "../../ui/dom.js";
import { askedIn, asking, moved, replaced, SHOWN, viewed, written } from "./draft.js";
import { askingForm, field } from "./question-form.js";

/**
 * @param {Draft} draft
 * @param {number} index  of the step
 * @param {Translate} t
 * @param {{parts: string[], draft: () => Draft, state: () => Partial<import("./draft.js").Facts>,
 *   type: (next: Draft) => void, change: (next: Draft) => void, moved: (by: number) => void,
 *   remove: () => void, said: (words: string) => void}} on
 *   `draft`: as it is now; `state`: the lab as it stands; `type`: its words are another, and the form
 *   stays as it is; `change`: so is the list of steps
 */
export function stepForm(draft, index, t, on) {
  const { id } = draft.lesson.steps[index];
  const n = index + 1;
  const { title, text, notes = "" } = draft.words.steps[id];
  /** @param {Partial<import("./draft.js").Words>} said */
  const say = (said) => on.type(written(on.draft(), id, said));
  const name = field("input", title, t("own.step.title", { n }), "", (title) => say({ title }));
  const label = t("own.step.text", { n });
  const words = field("textarea", text, label, t("own.step.hint"), (text) => say({ text }));
  const about = t("own.note.of", { n });
  const note = field("textarea", notes, about, t("own.note.hint"), (notes) => say({ notes }));
  const asked = askedIn(draft, index);
  const question = asked &&
    askingForm(asked, n, t, (said) => on.type(asking(on.draft(), index, said)));
  return create(
    "li",
    {},
    name,
    words,
    folded(t("own.note"), [note]),
    ...(question ? [folded(t("own.question"), question)] : []),
    folded(t("own.parts"), parts(draft, index, t, on)),
    buttons(index, t, on),
  );
}

/**
 * @param {number} index
 * @param {Translate} t
 * @param {Parameters<typeof stepForm>[3]} on
 */
function buttons(index, t, on) {
  const n = index + 1;
  /** @param {number} by */
  const move = (by) => {
    on.change(moved(on.draft(), index, by));
    on.moved(by);
  };
  const again = createButton(t("own.step.again"), t("own.step.again.of", { n }), () => {
    on.change(replaced(on.draft(), index, on.state()));
    on.said(t("own.step.recorded", { n }));
  });
  const remove = createButton("×", t("own.step.remove", { n }), on.remove);
  return create(
    "div",
    {},
    again,
    createButton("↑", t("own.step.up", { n }), () => move(-1)),
    createButton("↓", t("own.step.down", { n }), () => move(1)),
    remove,
  );
}

/**
 * The parts of the lab that a step shows.
 * @param {Draft} draft
 * @param {number} index
 * @param {Translate} t
 * @param {Parameters<typeof stepForm>[3]} on
 */
function parts(draft, index, t, on) {
  const { view } = draft.lesson.steps[index];
  const shown = new Set(/** @type {string[]} */ (view?.show ?? SHOWN));
  /**
   * @param {string} part
   * @param {boolean} checked
   * @param {(is: boolean) => Record<string, unknown>} changes  of the view
   */
  const choice = (part, checked, changes) => {
    const box = create("input", { type: "checkbox", checked });
    box.addEventListener("change", () => {
      on.type(viewed(on.draft(), index, changes(box.checked)));
    });
    return create("label", {}, box, t(`part.${part}`));
  };
  const parts = on.parts.map((part) =>
    choice(part, shown.has(part), (is) => {
      if (is) shown.add(part);
      else shown.delete(part);
      return { show: [...shown] };
    })
  );
  return [
    ...parts,
    choice("output", view?.output !== false, (output) => ({ output })),
    choice("backward", view?.backward !== false, (backward) => ({ backward })),
  ];
}

/**
 * Fields that not every step needs, folded away.
 * @param {string} name
 * @param {HTMLElement[]} content
 */
const folded = (name, content) => create("details", {}, create("summary", {}, name), ...content);
