/**
 * A lesson of one's own: states of the lab, recorded, put in order, and a few words to each.
 *
 * @typedef {import("./draft.js").Draft} Draft
 * @typedef {import("../../text/format.js").Translate} Translate
 */
import { explain } from "../../text/problems.js";
import { Refusal } from "../../net/request.js";
import { createButton, finder } from "../../ui/dom.js";
import { added, empty, recorded, removed, SHOWN, titled } from "./draft.js";
import {
  checked,
  clearAddress,
  holdsLesson,
  putInAddress,
  recallDraft,
  rememberDraft,
  saveFile,
  textInAddress,
} from "./lesson-store.js";
import { stepForm } from "./step-form.js";

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {any} config
 * @param {{lab: import("../../lab/lab.js").Lab,
 *   show: (lesson: import("../navigation.js").Lesson, file: object) => void, edit: () => void}} on
 */
export function createEditor(node, t, config, { lab, show, edit }) {
  const part = finder(node);
  const title = /** @type {HTMLInputElement} */ (part("[data-part=own-title]"));
  const file = /** @type {HTMLInputElement} */ (part("[data-part=own-open]"));
  const [list, said, error] = [part(".recorded"), part(".said"), part(".error")];
  const actions = [
    "[data-part=own-show]",
    "[data-part=own-save]",
    "[data-part=own-link]",
    "[data-part=own-clear]",
  ].map((
    id,
  ) => /** @type {HTMLButtonElement} */ (part(id)));
  let draft = recallDraft();

  title.addEventListener("input", () => type(titled(draft, title.value)));
  part("[data-part=record]").addEventListener("click", () => {
    const count = draft.lesson.steps.length + 1;
    change(added(draft, state(), t("own.step", { n: count })));
    list.lastElementChild?.querySelector("input")?.focus();
  });
  [present, save, copy, clear].forEach((act, i) => actions[i].addEventListener("click", act));
  file.addEventListener("change", async () => {
    const chosen = file.files?.[0];
    file.value = "";
    if (!chosen) return;
    const text = await chosen.text();
    clearAddress();
    load(text);
  });

  addEventListener("hashchange", () => {
    if (holdsLesson()) open();
  });

  return { open };

  /** The lesson of the link, or the draft. */
  async function open() {
    edit();
    lab.open(config.defaults, []);
    redraw();
    try {
      const text = await textInAddress();
      if (text !== null) await load(text);
    } catch {
      refuse(t("own.damaged"));
    }
  }

  /** The lab as it stands, with what is on screen. */
  function state() {
    return recorded(lab.state(), config.defaults, SHOWN);
  }

  /**
   * Its words are typed: the list stays as it is.
   * @param {Draft} next
   */
  function type(next) {
    draft = next;
    rememberDraft(draft);
    refuse("");
  }

  /** @param {Draft} next */
  function change(next) {
    type(next);
    redraw();
  }

  function redraw() {
    if (title.value !== draft.words.title) title.value = draft.words.title;
    list.replaceChildren(...draft.lesson.steps.map((_, index) =>
      stepForm(draft, index, t, {
        parts: config.parts,
        draft: () => draft,
        state,
        type,
        change,
        moved: (by) => focusMoved(index, by),
        remove: () => replace(removed(draft, index), t("own.step.removed", { n: index + 1 })),
        said: tell,
      })
    ));
    for (const button of actions) button.disabled = draft.lesson.steps.length === 0;
  }

  /**
   * The button that moved a step keeps the focus, where the step is now.
   * @param {number} index  where it was
   * @param {number} by
   */
  function focusMoved(index, by) {
    const to = Math.max(0, Math.min(index + by, draft.lesson.steps.length - 1));
    const buttons = list.children[to].querySelectorAll("button");
    buttons[by < 0 ? 1 : 2].focus();
  }

  /** The draft with a title, which a lesson needs. */
  function whole() {
    return draft.words.title.trim() ? draft : titled(draft, t("own.title"));
  }

  async function present() {
    const lesson = await accepted(whole());
    if (!lesson) return;
    await putInAddress(whole());
    show(lesson, whole());
  }

  /**
   * A file, or a link's text: shown if the server finds nothing wrong in it. What was written here
   * before is remembered until this one is written on.
   * @param {string} text
   */
  async function load(text) {
    let found;
    try {
      found = JSON.parse(text);
    } catch {
      return refuse(t("own.damaged"));
    }
    if (!await accepted(found)) return;
    draft = found;
    redraw();
    await present();
  }

  /**
   * The lesson of a draft, or null where the server finds something wrong, which is said.
   * @param {unknown} content
   */
  async function accepted(content) {
    refuse("");
    try {
      return await checked(config.check, content);
    } catch (problem) {
      const refused = problem instanceof Refusal;
      refuse(
        refused ? t("own.refused", { problem: explain(problem.problem, t) }) : t("status.offline"),
      );
      return null;
    }
  }

  function save() {
    tell(t("export.saved", { name: saveFile(whole()) }));
  }

  async function copy() {
    await putInAddress(whole());
    try {
      await navigator.clipboard.writeText(location.href);
      tell(t("export.copied"));
    } catch {
      tell(t("own.in_address"));
    }
  }

  function clear() {
    replace(empty(), t("own.cleared"));
  }

  /**
   * Something is taken away, and can be brought back.
   * @param {Draft} next
   * @param {string} words  that say what is gone
   */
  function replace(next, words) {
    const before = draft;
    change(next);
    const back = createButton(t("own.back"), t("own.back"), () => {
      change(before);
      title.focus();
    });
    said.replaceChildren(words, " ", back);
    back.focus();
  }

  /** @param {string} text */
  function tell(text) {
    said.textContent = text;
  }

  /** @param {string} text */
  function refuse(text) {
    error.textContent = text;
    error.hidden = !text;
    said.textContent = "";
  }
}
