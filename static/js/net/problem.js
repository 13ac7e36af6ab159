/**
 * An error of the server: the field, a code with details, and a message.
 *
 * @typedef {{field: string | null, code: string, details: Record<string, unknown>, message: string}} Problem
 *
 * @param {import("./frame-types.d.ts").Error} header  of an error frame
 * @returns {Problem}
 */
export const problemOf = ({ field, code, details, message }) => ({ field, code, details, message });
