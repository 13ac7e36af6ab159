/** The addresses of the page where a class is. */
import { root } from "../net/base-url.js";

/** Fields that stay in an address as long as the page is in a room. */
const KEPT = ["lang", "view"];
/** Lists, which a room has as one text, and an address has one by one. */
const LISTS = { pins: "pin", follow: "follow" };

/** The code of the room that an address is in. */
export const roomIn = (/** @type {string} */ search) => new URLSearchParams(search).get("room");

/**
 * The page of those who follow.
 * @param {string} code
 * @param {{page: string, step?: string}} where
 * @param {string} [before]  the query of the page that is left
 */
export const pageOf = (code, { page, step }, before = location.search) =>
  at(page, new URLSearchParams({ room: code, ...(step && { step }) }), before);

/**
 * The page of the one who leads, as the class has it.
 * @param {import("./room-state.js").Where} where
 * @param {string} [before]
 */
export function ledPageOf({ page, step, address }, before = location.search) {
  const search = new URLSearchParams(step && { step });
  for (const [field, value] of Object.entries(address)) {
    const list = LISTS[/** @type {keyof LISTS} */ (field)];
    if (!list) search.set(field, String(value));
    else for (const each of String(value).split(" ")) search.append(list, each);
  }
  return at(page, search, before);
}

/**
 * @param {string} page
 * @param {URLSearchParams} search
 * @param {string} before
 */
function at(page, search, before) {
  for (const name of KEPT) {
    const value = new URLSearchParams(before).get(name);
    if (value) search.set(name, value);
  }
  return `${root()}${page}${search.size ? `?${search}` : ""}`;
}
