/**
 * The room that a teacher has opened: its code, who is there, what students may do, and its end.
 *
 * @typedef {import("../text/format.js").Translate} Translate
 * @typedef {{code: string, token: string}} Opened
 */
import { createQr } from "../lessons/qr.js";
import { questionIn } from "../lessons/state.js";
import { explain } from "../text/problems.js";
import { finder, partsOf } from "../ui/dom.js";
import { forget, remember } from "../ui/storage.js";
import { createDriving } from "./driving.js";
import { createAsking } from "./question/asking.js";
import { createReport } from "./question/report.js";
import { KEPT } from "./kept.js";
import { createRoomChannel, linkToRoom } from "./room-channel.js";

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} button  that opens the dialog
 * @param {{rooms: string, qr: string, addresses: string,
 *   lesson?: import("../lessons/state.js").Lesson}} config
 * @param {Translate} t
 * @param {import("./driving.js").Led} page
 */
export function createTeacher(dialog, button, config, t, page) {
  const part = finder(dialog);
  const [code, count, error] = [part(".code"), part(".count"), part(".error")];
  const trying = /** @type {HTMLInputElement} */ (part("[name=trying]"));
  const names = /** @type {HTMLInputElement} */ (part("[name=names]"));
  const end = /** @type {HTMLButtonElement} */ (part("[value=end]"));
  /** @type {Opened | null} */
  let room = null;
  /** @type {import("./room-channel.js").RoomChannel | null} */
  let channel = null;
  const driving = createDriving((message) => channel?.say(message) ?? false, page);
  const onPage = partsOf(document);
  const asking = createAsking(
    { card: onPage("class-question"), ask: onPage("ask") },
    t,
    (message) => channel?.say(message) ?? false,
    page,
    questionIn(config.lesson),
  );
  const qr = createQr(dialog, config, t, () => `/join?code=${room?.code}`);

  createReport(part(".report"), config.rooms, t, () => room);
  part("[value=question]").addEventListener("click", () => {
    dialog.close();
    asking.open();
  });
  trying.addEventListener("change", () => channel?.say({ do: "drive", trying: trying.checked }));
  part("[value=open]").addEventListener("click", async () => {
    error.hidden = true;
    if (await open()) qr.show();
  });
  end.addEventListener("click", () => {
    channel?.say({ do: "end" });
    dialog.close();
  });

  return {
    /** The page may stand in another way. */
    show: driving.soon,
    begin,
    /** Show the code of the room, or what there is to choose before it is opened. */
    present() {
      if (room) return qr.show();
      error.hidden = true;
      dialog.showModal();
    },
  };

  async function open() {
    const body = JSON.stringify({ names: names.checked });
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(config.rooms, { method: "POST", body, headers }).catch(() => null);
    if (answer?.ok) {
      begin(await answer.json());
      return true;
    }
    error.textContent = answer ? explain(await answer.json(), t) : t("status.offline");
    error.hidden = false;
    return false;
  }

  /** @param {Opened} opened */
  function begin(opened) {
    room = { code: opened.code, token: opened.token };
    remember(KEPT, JSON.stringify(room), "tab");
    code.textContent = room.code;
    dialog.toggleAttribute("data-open", true);
    told(0);
    const link = linkToRoom(config.rooms, room.code, location.href);
    channel = createRoomChannel(link, { join: room.token }, { frame: receive, lost });
  }

  /** @param {import("../net/frames.js").Frame<any>} frame */
  function receive(frame) {
    const { header } = frame;
    asking.hear(frame);
    if (header.type === "welcome") {
      trying.checked = header.room.trying;
      driving.again();
    } else if (header.type === "attendance") told(header.students);
    else if (header.type === "moved" && header.changes.over) over();
    else if (header.type === "error" && header.code === "room_gone") over();
  }

  /** @param {number} students */
  function told(students) {
    count.textContent = t("room.students", { count: students });
    button.textContent = t("room.button.open", { count: students });
  }

  function lost() {
    count.textContent = t("room.lost");
  }

  function over() {
    forget(KEPT, "tab");
    driving.stop();
    asking.over();
    channel?.close();
    room = channel = null;
    button.textContent = t("room.button");
    dialog.toggleAttribute("data-open", false);
    dialog.close();
  }
}
