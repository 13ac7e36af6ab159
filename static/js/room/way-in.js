/** The address of the page where a class is. */
import { root } from "../net/base-url.js";

/** What stays in an address as long as one is in a room. */
const KEPT = ["lang", "view"];

/**
 * @param {string} code
 * @param {{page: string, step?: string}} where
 * @param {string} [before]  the query of the page that is left
 */
export function pageOf(code, { page, step }, before = location.search) {
  const search = new URLSearchParams({ room: code, ...(step && { step }) });
  for (const name of KEPT) {
    const value = new URLSearchParams(before).get(name);
    if (value) search.set(name, value);
  }
  return `${root()}${page}?${search}`;
}

/** The code of the room that an address is in. */
export const roomIn = (/** @type {string} */ search) => new URLSearchParams(search).get("room");
