/**
 * A student's lab in a room: it stands as the teacher's does, in the student's own language and size.
 * Where students may try, who touches a control plays alone, and comes back with one press.
 *
 * @typedef {import("../net/frame-types.d.ts").RoomState} RoomState
 * @typedef {import("../ui/shortcuts.js").Keys} Keys
 */
import { clamp } from "../lab/state.js";
import { positionOf } from "../playback/playhead.js";
import { keepSeat, leaveSeat, seatIn } from "./kept.js";
import { createFollowerBar } from "./follower-bar.js";
import { createHandrail } from "./handrail.js";
import { createRoomChannel, socketOf } from "./room-channel.js";
import { applied, barsOf, standOf, withStrip } from "./room-state.js";
import { createSharedRuns } from "./shared-runs.js";

/**
 * @param {{form: HTMLElement, bar: HTMLElement}} nodes
 * @param {string} code
 * @param {import("../lab/views.js").Context} context
 * @param {{rooms: string, defaults: import("../lab/state.js").Experiment}} config
 * @param {string} href  of the page
 */
export function createFollower({ form, bar }, code, context, config, href) {
  const runs = createSharedRuns(context.engine);
  const said = createFollowerBar(bar, code, context.t, back);
  const hands = createHandrail(form, mayTouch);
  /** @type {import("../lab/lab.js").Lab} */
  let lab;
  /** @type {RoomState | null} */
  let room = null;
  let follows = true;
  /** The address whose run the lab shows, or waits for. */
  let opened = "";
  /** @type {import("../run/run.js").Run | null} what stood when the thumb began to move */
  let still = null;

  return {
    context: { ...context, engine: runs.engine },
    /** @param {import("../lab/lab.js").Lab} its */
    join(its) {
      lab = its;
      hands.hold(true);
      createRoomChannel(socketOf(config.rooms, code, href), seatIn(code), { frame: receive, lost });
    },
    /**
     * Keys that do nothing where the controls are still.
     * @param {Keys} keys
     * @returns {Keys}
     */
    held: (keys) =>
      Object.fromEntries(
        Object.entries(keys).map(([key, act]) => [key, () => mayTouch() && act()]),
      ),
  };

  /** @param {import("../net/frames.js").Frame<any>} frame */
  function receive(frame) {
    const { header, arrays } = frame;
    if (header.type === "welcome") {
      keepSeat(code, { join: header.token });
      runs.way("socket");
      opened = "";
      become(header.room);
    } else if (header.type === "moved" && room) {
      become(applied(room, header.changes, arrays.strip));
    } else if (header.type === "error" && !room) refused(header);
    else if (header.type === "error" && header.id === null) return;
    else if (header.type === "error" && header.code === "room_gone") over();
    else if (header.type !== "recorded") runs.hear(frame);
  }

  /** @param {RoomState} next */
  function become(next) {
    room = next;
    if (room.over) return over();
    if (!follows && !room.trying) return back();
    hands.hold(follows && !room.trying);
    said.tell(room, follows);
    if (follows) draw(room);
  }

  /** @param {RoomState} shown */
  function draw(shown) {
    const { strip } = shown;
    const experiment = { ...config.defaults, .../** @type {any} */ (shown.address) };
    const key = JSON.stringify(experiment);
    form.toggleAttribute("data-moving", strip !== null);
    if (strip) {
      still ??= lab.state().run;
      const run = still && withStrip(still, strip);
      opened = "";
      lab.dispatch({ type: "put", parts: { experiment, ...(run && { run }), ...standing(shown) } });
    } else if (key !== opened) {
      opened = key;
      rest();
      lab.open(experiment, [], standOf(shown));
    } else if (lab.state().scene) {
      const id = Number(lab.state().scene?.id);
      lab.dispatch({ type: "stand", scene: { ...standOf(shown), id } });
    } else lab.dispatch({ type: "put", parts: standing(shown) });
    lab.show(barsOf(shown));
  }

  /** The bars are again those of the run. */
  function rest() {
    form.removeAttribute("data-moving");
    if (still) lab.dispatch({ type: "put", parts: { run: still } });
    still = null;
  }

  /** @param {RoomState} shown */
  function standing(shown) {
    const { place, play: _, ...stand } = standOf(shown);
    const { run } = lab.state();
    const { backward } = stand;
    const position = run ? clamp(positionOf(place, run.T), { run, backward }) : 0;
    return { ...stand, position, lens: null, playing: false };
  }

  /** Whether a student may touch a control; who does plays alone from there on. */
  function mayTouch() {
    if (!follows) return true;
    if (!room?.trying) return false;
    alone();
    said.tell(room, false);
    return true;
  }

  function alone() {
    follows = false;
    rest();
    runs.follow(false);
    hands.hold(false);
  }

  function back() {
    if (!room) return;
    follows = true;
    opened = "";
    lab.playback.giveWay();
    runs.follow(true);
    become(room);
  }

  function lost() {
    runs.way("lost");
    said.lost();
  }

  function over() {
    leaveSeat();
    alone();
    said.over();
  }

  /** @param {import("../net/frame-types.d.ts").Error} why */
  function refused(why) {
    leaveSeat();
    alone();
    said.refused(why);
  }
}
