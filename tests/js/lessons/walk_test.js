import { initial } from "../../../static/js/lessons/state.js";
import { createWalk } from "../../../static/js/lessons/walk.js";
import { equal } from "../assert.js";

const END = { position: "end", chart: "norm", show: ["stage"] };

/** @type {any} */
const LESSON = {
  steps: [
    { id: "one", experiment: { recurrent_scale: 1 }, pins: [], view: END, question: null },
    {
      id: "two",
      experiment: { recurrent_scale: 2 },
      pins: [],
      view: END,
      question: { right: "b", answer: null, choices: [{}, {}, {}] },
    },
    {
      id: "three",
      experiment: { recurrent_scale: 3 },
      after: { recurrent_scale: 4 },
      pins: [],
      view: { ...END, play: true },
      question: { right: "b", answer: null, choices: [{}, {}, {}] },
    },
  ],
};

/** A walk at the first step of the lesson, and what it has told the page. */
function begun() {
  /** @type {any[]} */
  const told = [];
  /** @type {string[]} */
  const order = [];
  let search = "";
  let beats = 2;
  let screens = 0;
  let presents = false;
  let kept = {};
  const tell = (/** @type {string} */ name) => (/** @type {any[]} */ ...args) => {
    told.push([name, ...args]);
  };
  const address = {
    search: () => search,
    push(/** @type {string} */ next) {
      told.push(["push", next]);
      search = next;
    },
    replace: (/** @type {string} */ next) => search = next,
  };
  /** @param {1 | -1} by */
  const scroll = (by) => {
    const is = by > 0 ? screens > 0 : screens < 0;
    if (is) screens -= by;
    return is;
  };
  /** @type {ReturnType<typeof createWalk>} */
  const walk = createWalk(
    initial(LESSON, 0),
    {
      lab: {
        open(experiment, _, view) {
          told.push(["open", experiment.recurrent_scale, view?.place]);
          order.push("lab");
        },
        arrive: (place) => told.push(["arrive", place]),
        playback: /** @type {any} */ ({ beat: () => beats-- > 0 }),
      },
      training: { render: () => {} },
      transformation: { start: tell("start") },
      view: {
        render: () => order.push("words"),
        wait: (is) => told.push(["wait", is]),
        focus: tell("focus"),
        scroll,
      },
      question: { render: () => {}, reveal: () => walk.answer([]) },
      live: { open: () => order.push("claims") },
      screen: { light: () => {} },
      room: { say: (message) => told.push([message.type, "id" in message && message.id]) },
    },
    address,
    {
      move: tell("move"),
      presents: () => presents,
      press: tell("press"),
      keep: ({ said, seen }) => kept = { said, seen },
    },
  );
  walk.begin();
  return {
    walk,
    told: () => told.splice(0),
    order: () => order.splice(0),
    address,
    kept: () => kept,
    hide: (/** @type {number} */ n) => screens = n,
    present: () => presents = true,
  };
}

Deno.test("a lesson begins at its step, and sends both to the teacher's window", () => {
  equal(begun().told(), [["lesson", "one"], ["open", 1, "end"], ["at", "one"]]);
});

Deno.test("the engine is asked before the words are written, for what they claim", () => {
  const { walk, order } = begun();
  equal(order(), ["claims", "lab", "words"]);
  walk.go(1);
  equal(order(), ["claims", "lab", "words"]);
});

Deno.test("a step with a question stays at the start until the class has answered", () => {
  const { walk, told } = begun();
  told();
  walk.go(1);
  equal(told(), [["push", "?step=two"], ["open", 2, "start"], ["at", "two"], ["focus"]]);
  walk.answer(["a"]);
  equal(told(), []);
  walk.answer(["b"]);
  equal(told(), [["wait", false], ["arrive", "end"]]);
});

Deno.test("a step that asks for a change shows it after the answer, then its beats, then the next step", () => {
  const { walk, told } = begun();
  walk.go(2);
  told();
  walk.answer(["b"]);
  equal(told(), [["wait", false], ["start", { recurrent_scale: 4 }]]);
  for (const _ of "12") walk.onward();
  equal(told(), []);
  walk.onward();
  equal(told(), [["move", 1]]);
});

Deno.test("the way on leads by the answer of a question, the way back does not", () => {
  const { walk, told } = begun();
  walk.go(1);
  told();
  walk.back();
  equal(told(), [["move", -1]]);
  walk.onward();
  equal(told(), [["wait", false], ["arrive", "end"]]);
  walk.onward();
  equal(told(), [["move", 1]]);
});

Deno.test("a step that is restored asks again, with its own experiment", () => {
  const { walk, told, address } = begun();
  walk.go(1);
  walk.answer(["a"]);
  walk.note({ recurrent_scale: 3 });
  equal(address.search(), "?recurrent_scale=3&step=two");
  told();
  walk.restore();
  equal(told(), [["open", 2, "start"], ["at", "two"]]);
  equal(address.search(), "?step=two");
});

Deno.test("the teacher's window leads the class, and receives its position", () => {
  const { walk, told } = begun();
  walk.hear({ type: "at", id: "two" });
  equal(walk.state().at, 1);
  told();
  walk.hear({ type: "at", id: "two" });
  equal(told(), []);
  walk.hear({ type: "hello" });
  equal(told(), [["lesson", "two"]]);
});

Deno.test("a lesson in the editor is shown as its class sees it", () => {
  const { walk, told } = begun();
  walk.edit();
  walk.go(1);
  equal(walk.state().lesson, null);
  told();
  walk.present(LESSON);
  equal(told(), [["lesson", "one"], ["open", 1, "end"], ["at", "one"]]);
});

Deno.test("answers and steps seen are kept until they are cleared", () => {
  const { walk, kept } = begun();
  walk.go(1);
  walk.answer(["a"]);
  equal(kept(), { said: { two: ["a"] }, seen: ["one", "two"] });
  walk.recall({ said: {}, seen: [] });
  equal(kept(), { said: {}, seen: ["two"] });
});

Deno.test("the teacher's window may lead on, into another lesson too", () => {
  const { walk, told } = begun();
  told();
  walk.hear({ type: "move", by: 1 });
  equal(told(), [["move", 1]]);
});

Deno.test("words that are not seen are scrolled to before a step is left, on and back", () => {
  const { walk, told, hide } = begun();
  walk.go(1);
  walk.answer(["b"]);
  hide(1);
  told();
  walk.onward();
  equal(told(), []);
  walk.onward();
  equal(told(), [["move", 1]]);
  hide(-1);
  walk.back();
  equal(told(), []);
  walk.back();
  equal(told(), [["move", -1]]);
});

Deno.test("before a class the buttons of the way do what the clicker does", () => {
  const { walk, told, hide, present } = begun();
  walk.go(2);
  told();
  walk.turn(1);
  equal(told(), [["move", 1]]);
  present();
  walk.turn(1);
  equal(told(), [["wait", false], ["start", { recurrent_scale: 4 }]]);
  hide(1);
  for (const _ of ["words", "beat", "beat"]) walk.turn(1);
  equal(told(), []);
  walk.turn(1);
  walk.turn(-1);
  equal(told(), [["move", 1], ["move", -1]]);
});
