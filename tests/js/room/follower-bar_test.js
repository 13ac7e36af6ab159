import { createFollowerBar } from "../../../static/js/room/follower-bar.js";
import { equal } from "../assert.js";

const page = globalThis.document;

/** A part of the bar. */
const part = () => /** @type {any} */ ({
  textContent: "",
  hidden: false,
  addEventListener() {},
  focus() {},
  setAttribute() {},
});

/** A bar, its words, and the milliseconds that pass in it: none by themselves. */
function barOn() {
  const real = { set: globalThis.setTimeout, clear: globalThis.clearTimeout };
  /** @type {Map<number, {at: number, ring: () => void}>} */
  const timers = new Map();
  let [now, last] = [0, 0];
  globalThis.setTimeout = /** @type {any} */ ((/** @type {any} */ ring, wait = 0) => {
    timers.set(++last, { at: now + wait, ring });
    return last;
  });
  globalThis.clearTimeout = /** @type {any} */ ((/** @type {number} */ id) => timers.delete(id));
  const words = part();
  const bar = /** @type {any} */ ({
    ...part(),
    dataset: {},
    querySelector: (/** @type {string} */ name) => name === "p" ? words : part(),
  });
  globalThis.document = /** @type {any} */ ({ documentElement: { dataset: {} } });
  const href = "http://127.0.0.1/?room=KXRBTM";
  Object.defineProperty(globalThis, "location", { value: { href }, configurable: true });
  const t = /** @type {any} */ ((/** @type {string} */ key) => key);
  const on = { back() {}, offer: () => true, take() {} };
  return {
    bar: createFollowerBar(bar, "KXRBTM", t, on),
    said: () => words.textContent,
    /** @param {number} milliseconds */
    pass(milliseconds) {
      now += milliseconds;
      for (const [id, { at, ring }] of [...timers]) {
        if (at <= now && timers.delete(id)) ring();
      }
    },
    [Symbol.dispose]() {
      [globalThis.setTimeout, globalThis.clearTimeout] = [real.set, real.clear];
      globalThis.document = page;
    },
  };
}

const place = /** @type {any} */ ({ page: () => "", at: () => "the lab" });
const room = (/** @type {object} */ changes) => /** @type {any} */ ({
  page: "",
  step: "",
  driver: 1,
  trying: false,
  ...changes,
});

Deno.test("a student is told for ten seconds that another device leads", () => {
  using on = barOn();
  on.bar.tell(room({}), true, place);
  equal(on.said(), "room.following");
  on.bar.tell(room({ driver: 2 }), true, place);
  equal(on.said(), "room.lead.moved");
  on.pass(9_999);
  on.bar.tell(room({ driver: 2 }), true, place); // the teacher drags on
  equal(on.said(), "room.lead.moved");
  on.pass(1);
  equal(on.said(), "room.following");
});

Deno.test("a second hand-over has other words, and ten seconds of its own", () => {
  using on = barOn();
  on.bar.tell(room({}), true, place);
  on.bar.tell(room({ driver: 2 }), true, place);
  on.pass(6_000);
  on.bar.tell(room({ driver: 1 }), true, place);
  equal(on.said(), "room.lead.moved.again");
  on.pass(9_000);
  equal(on.said(), "room.lead.moved.again");
  on.pass(1_000);
  equal(on.said(), "room.following");
});

Deno.test("the next step takes the place of the news at once, and a teacher keeps it", () => {
  using on = barOn();
  on.bar.tell(room({}), true, place);
  on.bar.tell(room({ driver: 2 }), true, place);
  on.bar.tell(room({ driver: 2, page: "lessons/a", step: "b" }), true, place);
  equal(on.said(), "room.following.at");
  on.pass(10_000);
  equal(on.said(), "room.following.at");
  using other = barOn();
  other.bar.teach();
  other.bar.tell(room({ driver: 2 }), true, place);
  other.pass(60_000);
  equal(other.said(), "room.lead.other");
});
