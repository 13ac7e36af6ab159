/** A lesson of the teacher's own, sent to the room for those who follow. */
import { explain } from "../../text/problems.js";

/**
 * @param {string} rooms  their address
 * @param {import("../driving.js").Led} page
 * @param {import("../../text/format.js").Translate} t
 * @param {(words: string) => void} refuse
 */
export function createOwnLesson(rooms, page, t, refuse) {
  /** @type {object | null} that was sent */
  let sent = null;

  return {
    /** @param {{code: string, token: string}} room */
    async bring({ code, token }) {
      const file = page.own?.() ?? null;
      if (!file || file === sent) return;
      sent = file;
      const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
      const request = { method: "POST", body: JSON.stringify(file), headers };
      const answer = await fetch(`${rooms}/${code}/lesson`, request).catch(() => null);
      if (answer?.ok) return page.brought?.();
      const why = answer ? explain(await answer.json(), t) : t("status.offline");
      refuse(t("room.own_missing", { why }));
    },
    /** The room is another, and has none. */
    forget: () => sent = null,
  };
}
