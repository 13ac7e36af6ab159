/**
 * A lesson of one's own: states of the lab, recorded, put in order, and a few words to each.
 *
 * What is written stays in the browser: as a draft, as a file, or as a link.
 *
 * @typedef {import("./draft.js").Draft} Draft
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { searchFor } from "../experiment/address.js";
import { explain } from "../lab/controls.js";
import { answerTo, Refusal } from "../net/request.js";
import {
  added,
  askedIn,
  asking as asks,
  empty,
  moved,
  recorded,
  removed,
  replaced,
  showing,
  titled,
  written,
} from "./draft.js";
import { packed, unpacked } from "./link-codec.js";
import { askingForm, field } from "./question-form.js";

const DRAFT = "unrolled.lesson";
const LINK = "lesson=";
const FILE = "lesson.json";
const SHOWN = ["stage", "caption", "scale", "cell"];

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {any} config
 * @param {{lab: ReturnType<typeof import("../lab/lab.js").createLab>,
 *   show: (lesson: import("./navigation.js").Lesson) => void, edit: () => void}} on
 */
export function createEditor(node, t, config, { lab, show, edit }) {
  /** @template {HTMLElement} E @param {string} selector @returns {E} */
  const part = (selector) => /** @type {E} */ (node.querySelector(selector));
  const title = /** @type {HTMLInputElement} */ (part("#own-title"));
  const file = /** @type {HTMLInputElement} */ (part("#own-open"));
  const [list, said, error] = [part(".recorded"), part(".said"), part(".error")];
  const asking = new AbortController();
  let draft = remembered();

  title.addEventListener("input", () => change(titled(draft, title.value), false));
  part("#record").addEventListener("click", () => {
    const count = draft.lesson.steps.length + 1;
    change(added(draft, state(), t("own.step", { n: count })));
    list.lastElementChild?.querySelector("input")?.focus();
  });
  part("#own-show").addEventListener("click", present);
  part("#own-save").addEventListener("click", save);
  part("#own-link").addEventListener("click", copy);
  part("#own-clear").addEventListener("click", () => {
    const before = draft;
    change(empty());
    const back = button(t("own.back"), t("own.back"), () => {
      change(before);
      title.focus();
    });
    said.replaceChildren(t("own.cleared"), " ", back);
  });
  file.addEventListener("change", async () => {
    const chosen = file.files?.[0];
    file.value = "";
    if (!chosen) return;
    const text = await chosen.text();
    history.replaceState(null, "", location.pathname + searchFor({}, {}, [], location.search));
    load(text);
  });

  return {
    /** What the link holds, or the draft. */
    async open() {
      edit();
      lab.open(config.defaults, []);
      redraw();
      if (!location.hash.startsWith(`#${LINK}`)) return;
      try {
        await load(await unpacked(location.hash.slice(LINK.length + 1)));
      } catch {
        refuse(t("own.damaged"));
      }
    },
  };

  /** The lab as it stands, with what is on screen. */
  function state() {
    return recorded(lab.state(), config.defaults, SHOWN);
  }

  /**
   * @param {Draft} next
   * @param {boolean} [anew]  whether the list is another; not while its words are typed
   */
  function change(next, anew = true) {
    draft = next;
    remember(draft);
    refuse("");
    if (anew) redraw();
  }

  function redraw() {
    if (title.value !== draft.words.title) title.value = draft.words.title;
    list.replaceChildren(...draft.lesson.steps.map(row));
    for (const id of ["#own-show", "#own-save", "#own-link", "#own-clear"]) {
      /** @type {HTMLButtonElement} */ (part(id)).disabled = draft.lesson.steps.length === 0;
    }
  }

  /**
   * @param {import("./draft.js").Facts} step
   * @param {number} index
   */
  function row({ id }, index) {
    const item = document.createElement("li");
    const { title, text, notes } = draft.words.steps[id];
    const n = index + 1;
    /** @param {Partial<import("./draft.js").Words>} said */
    const say = (said) => change(written(draft, id, said), false);
    const name = field("input", title, t("own.step.title", { n }), "", (title) => say({ title }));
    const words = field(
      "textarea",
      text,
      t("own.step.text", { n }),
      t("own.step.hint"),
      (text) => say({ text }),
    );
    const note = field(
      "textarea",
      notes ?? "",
      t("own.note.of", { n }),
      t("own.note.hint"),
      (notes) => say({ notes }),
    );
    const asked = askedIn(draft, index);
    const question = asked
      ? [
        menu(
          "own.question",
          askingForm(asked, n, t, (said) => change(asks(draft, index, said), false)),
        ),
      ]
      : [];
    const buttons = document.createElement("div");
    buttons.append(
      button(t("own.step.again"), t("own.step.again.of", { n }), () => {
        change(replaced(draft, index, state()));
        tell(t("own.step.recorded", { n }));
      }),
      button("↑", t("own.step.up", { n }), () => move(index, -1)),
      button("↓", t("own.step.down", { n }), () => move(index, 1)),
      button("×", t("own.step.remove", { n }), () => {
        change(removed(draft, index));
        part("#record").focus();
      }),
    );
    item.append(name, words, menu("own.note", [note]), ...question, parts(index), buttons);
    return item;
  }

  /**
   * Which parts of the lab a step shows.
   * @param {number} index
   */
  function parts(index) {
    const { view } = draft.lesson.steps[index];
    const shown = new Set(/** @type {string[]} */ (view?.show ?? SHOWN));
    const boxes = /** @type {string[]} */ (config.parts).map((part) => {
      const label = document.createElement("label");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.checked = shown.has(part);
      box.addEventListener("change", () => {
        if (box.checked) shown.add(part);
        else shown.delete(part);
        change(showing(draft, index, [...shown]), false);
      });
      label.append(box, t(`part.${part}`));
      return label;
    });
    return menu("own.parts", boxes);
  }

  /**
   * What not every step needs, folded away.
   * @param {string} name
   * @param {HTMLElement[]} content
   */
  function menu(name, content) {
    const node = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = t(name);
    node.append(summary, ...content);
    return node;
  }

  /**
   * @param {number} index
   * @param {number} by
   */
  function move(index, by) {
    change(moved(draft, index, by));
    const to = Math.max(0, Math.min(index + by, draft.lesson.steps.length - 1));
    const buttons = list.children[to].querySelectorAll("button");
    buttons[by < 0 ? 1 : 2].focus();
  }

  /** The draft with a title, which a lesson needs. */
  function whole() {
    return draft.words.title.trim() ? draft : titled(draft, t("own.title"));
  }

  async function present() {
    const lesson = await checked(whole());
    if (!lesson) return;
    await address();
    show(lesson);
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
    const lesson = await checked(found);
    if (!lesson) return;
    draft = found;
    redraw();
    await present();
  }

  /**
   * @param {unknown} content
   * @returns {Promise<import("./navigation.js").Lesson | null>}
   */
  async function checked(content) {
    refuse("");
    try {
      return await answerTo(config.check, content, asking.signal);
    } catch (problem) {
      const refused = problem instanceof Refusal;
      refuse(
        refused ? t("own.refused", { problem: explain(problem.problem, t) }) : t("status.offline"),
      );
      return null;
    }
  }

  function save() {
    const blob = new Blob([JSON.stringify(whole(), null, 2)], { type: "application/json" });
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(blob);
    anchor.download = FILE;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
    tell(t("export.saved", { name: FILE }));
  }

  /** The address holds the lesson. */
  async function address() {
    const link = `#${LINK}${await packed(JSON.stringify(whole()))}`;
    history.replaceState(null, "", location.pathname + location.search + link);
  }

  async function copy() {
    await address();
    try {
      await navigator.clipboard.writeText(location.href);
      tell(t("export.copied"));
    } catch {
      tell(t("own.in_address"));
    }
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

/**
 * @param {string} text
 * @param {string} label
 * @param {() => void} press
 */
function button(text, label, press) {
  const node = document.createElement("button");
  node.type = "button";
  node.textContent = text;
  node.setAttribute("aria-label", label);
  node.title = label;
  node.addEventListener("click", press);
  return node;
}

/** @returns {Draft} */
function remembered() {
  try {
    const draft = JSON.parse(localStorage.getItem(DRAFT) ?? "");
    return Array.isArray(draft.lesson.steps) && draft.words.steps ? draft : empty();
  } catch {
    return empty();
  }
}

/** @param {Draft} draft */
function remember(draft) {
  try {
    localStorage.setItem(DRAFT, JSON.stringify(draft));
  } catch {
    // a browser may refuse to remember: the file and the link remain
  }
}
