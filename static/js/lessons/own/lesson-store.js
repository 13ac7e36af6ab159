/**
 * Where a lesson of one's own is kept: in this browser as a draft, in a file, and in a link. The server
 * checks what comes from outside.
 *
 * @typedef {import("./draft.js").Draft} Draft
 * @typedef {import("../navigation.js").Lesson} Lesson
 */
import { searchFor } from "../../experiment/address.js";
import { answerTo } from "../../net/request.js";
import { download } from "../../ui/dom.js";
import { recallJSON, remember } from "../../ui/storage.js";
import { empty } from "./draft.js";
import { packed, unpacked } from "./link-codec.js";

const DRAFT = "unrolled.lesson";
const LINK = "lesson=";
const FILE = "lesson.json";

/** @returns {Draft} */
export function recallDraft() {
  const draft = recallJSON(DRAFT);
  return Array.isArray(draft?.lesson?.steps) && draft.words?.steps ? draft : empty();
}

/** @param {Draft} draft */
export const rememberDraft = (draft) => remember(DRAFT, JSON.stringify(draft));

/**
 * The lesson that a draft is, once the server finds nothing wrong in it.
 * @param {string} url
 * @param {unknown} draft
 * @returns {Promise<Lesson>}
 */
export const checked = (url, draft) => answerTo(url, draft, new AbortController().signal);

/**
 * @param {Draft} draft
 * @returns {string} the name of the file
 */
export function saveFile(draft) {
  download(new Blob([JSON.stringify(draft, null, 2)], { type: "application/json" }), FILE);
  return FILE;
}

/**
 * The address holds the lesson.
 * @param {Draft} draft
 */
export async function putInAddress(draft) {
  const link = `#${LINK}${await packed(JSON.stringify(draft))}`;
  history.replaceState(null, "", location.pathname + location.search + link);
}

/** The address holds no lesson. */
export const clearAddress = () =>
  history.replaceState(null, "", location.pathname + searchFor({}, {}, [], location.search));

/** Whether the address holds a lesson. */
export const holdsLesson = () => location.hash.startsWith(`#${LINK}`);

/** The text of the lesson that the address holds; null where it holds none. */
export const textInAddress = () =>
  holdsLesson() ? unpacked(location.hash.slice(LINK.length + 1)) : null;
