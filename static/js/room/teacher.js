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
import { createDriving } from "./driving.js";
import { createAsking } from "./question/asking.js";
import { createReport } from "./question/report.js";
import { keepLed, leaveRoom } from "./kept.js";
import { createOffers } from "./offers.js";
import { createOwnLesson } from "./places/own-lesson.js";
import { createRoomChannel, linkToRoom } from "./room-channel.js";
import { ledPageOf, pageOf } from "./way-in.js";

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} button  that opens the dialog
 * @param {{rooms: string, qr: string, addresses: string,
 *   defaults: import("../lab/state.js").Experiment,
 *   lesson?: import("../lessons/state.js").Lesson}} config
 * @param {Translate} t
 * @param {import("./driving.js").Led} page
 */
export function createTeacher(dialog, button, config, t, page) {
  const part = finder(dialog);
  const [code, count, error] = [part(".code"), part(".attendance"), part(".error")];
  const trying = /** @type {HTMLInputElement} */ (part("[name=trying]"));
  const names = /** @type {HTMLInputElement} */ (part("[name=names]"));
  /** @type {Opened | null} */
  let room = null;
  let teacher = 0;
  /** Whether another teacher is to be invited once there is a connection. */
  let invites = false;
  let students = 0;
  /** The keys of the teacher's other devices that were pressed before. */
  let pressed = 0;
  /** @type {import("./room-channel.js").RoomChannel | null} */
  let channel = null;
  const driving = createDriving(
    (message) => channel?.say(message) ?? false,
    page,
    () => asking.gone(),
  );
  const onPage = partsOf(document);
  const asking = createAsking(
    { card: onPage("class-question"), ask: onPage("ask") },
    t,
    (message) => channel?.say(message) ?? false,
    page,
    questionIn(config.lesson),
  );
  /** The token of the code that is shown: a teacher's, or none. */
  let lead = "";
  const qr = createQr(
    dialog,
    config,
    t,
    () => `/join?code=${room?.code}${lead && `#lead=${lead}`}`,
    (address) => lead ? address : address.split("?")[0],
  );
  const offers = createOffers(part(".offers"), t, config.defaults, (offer) => {
    dialog.close();
    go(offer);
  });

  const lesson = createOwnLesson(config.rooms, page, t, (words) => {
    error.textContent = words;
    error.hidden = false;
    if (!dialog.open) dialog.showModal();
  });
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
  part("[value=end]").addEventListener("click", () => {
    ending(true);
    part("[value=stay]").focus();
  });
  part("[value=stay]").addEventListener("click", () => {
    ending(false);
    part("[value=end]").focus();
  });
  part("[value=end-all]").addEventListener("click", () => {
    channel?.say({ do: "end" });
    dialog.close();
  });
  dialog.addEventListener("close", () => ending(false));

  part("[value=own]").addEventListener("click", () => present(room?.token));
  part("[value=colleague]").addEventListener("click", invite);
  part("[value=students]").addEventListener("click", () => present());

  return {
    /** The page may stand in another way. */
    show,
    begin,
    /** Show the code of the room, or what there is to choose before it is opened. */
    present() {
      if (room) return present();
      error.hidden = true;
      dialog.showModal();
    },
  };

  function invite() {
    invites = !channel?.say({ do: "invite" });
  }

  async function show() {
    if (room && channel) await lesson.bring(room);
    driving.soon();
  }

  /**
   * Show the code for students, or for one who leads.
   * @param {string} [token]
   */
  function present(token = "") {
    lead = token;
    dialog.toggleAttribute("data-lead", lead !== "");
    qr.show();
    told();
  }

  /**
   * To where a student is, or a teacher's other device.
   * @param {Partial<import("./room-state.js").Where>} where
   */
  function go(where) {
    const here = page.shown();
    const to = { ...here, ...where };
    if (to.page === here.page) page.go(where);
    else location.assign(ledPageOf(where.address ? to : { ...to, address: {} }));
  }

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
    keepLed(room);
    code.textContent = room.code;
    dialog.toggleAttribute("data-open", true);
    told(0);
    lesson.forget();
    show();
    const link = linkToRoom(config.rooms, room.code, location.href);
    const lost = () => count.textContent = t("room.lost");
    channel = createRoomChannel(link, { join: room.token }, { frame: receive, lost });
  }

  /** @param {import("../net/frames.js").Frame<any>} frame */
  function receive(frame) {
    const { header } = frame;
    asking.hear(frame);
    if (header.type === "welcome") {
      teacher = header.teacher;
      pressed = header.room.pressed.count;
      if (header.room.driver !== teacher) return follow(header.room);
      trying.checked = header.room.trying;
      driving.again();
      if (invites) invite();
    } else if (header.type === "attendance") {
      offers.render(header.offers);
      told(header.students);
    } else if (header.type === "moved") moved(header.changes);
    else if (header.type === "invited") present(header.token);
    else if (header.type === "error" && header.code === "room_gone") over();
  }

  /** @param {Partial<import("../net/frame-types.d.ts").RoomState>} changes  by another teacher */
  function moved({ over: ends, driver, page: slug, step, trying: is, pressed: keys }) {
    if (ends) return over();
    if (keys) press(keys);
    if (driver && driver !== teacher) return follow({ page: slug ?? page.shown().page, step });
    if (is !== undefined) trying.checked = is;
    if (step !== undefined || slug !== undefined) {
      go({ ...(slug !== undefined && { page: slug }), ...(step !== undefined && { step }) });
    }
  }

  /** @param {import("../net/frame-types.d.ts").RoomState["pressed"]} of  the teacher's other devices */
  function press({ count, keys }) {
    const fresh = Math.min(count - pressed, keys.length);
    pressed = count;
    for (const key of fresh > 0 ? keys.slice(-fresh) : []) asking.press(key) || page.press?.(key);
  }

  /** @param {boolean} is  whether the end of the room is asked for, and to be confirmed */
  function ending(is) {
    part(".ending").hidden = !is;
    part("[value=end]").hidden = is;
  }

  /**
   * Another teacher leads.
   * @param {{page: string, step?: string}} where
   */
  function follow(where) {
    driving.stop();
    channel?.close();
    if (room) location.replace(pageOf(room.code, where));
  }

  /** @param {number} [there] */
  function told(there = students) {
    students = there;
    part(".ending p").textContent = t("room.ending", { count: students });
    count.textContent = t("room.students", { count: students });
    const fresh = offers.fresh(dialog.open);
    const words = fresh ? "room.button.offers" : "room.button.open";
    button.textContent = t(words, { count: students, offers: fresh });
  }

  function over() {
    if (room) leaveRoom(room.code);
    driving.stop();
    asking.over();
    channel?.close();
    room = channel = null;
    onPage("lead-news").hidden = true;
    button.textContent = t("room.button");
    dialog.toggleAttribute("data-open", false);
    dialog.close();
  }
}
