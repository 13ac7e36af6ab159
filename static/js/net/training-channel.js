/**
 * A network's channel to the engine: one training run at a time, the latest.
 *
 * A run waits on the server for a page that has lost it, and is found again by its key. Over HTTP it
 * trains for a moment at each message, and the next one goes on with it.
 *
 * @typedef {import("./frames.js").Frame<import("./frames.js").TrainingHeader>} Frame
 * @typedef {import("./connection.js").Way} Way
 * @typedef {(message: object) => boolean} Say
 */
/**
 * @param {import("./server.js").Connect} connect
 * @param {number} most  bytes of a message that the server takes
 * @param {{frame: (frame: Frame) => void, way: (way: Way, unreachable: boolean) => void}} on
 *   `frame`: the header of a beginning says whether the run was `found` again
 */
export function createTrainingChannel(connect, most, on) {
  /** @type {import("./connection.js").Connection | null} */
  let link = null;
  /** @type {object[]} what is to be said once there is a way */
  let waiting = [];
  let id = 0;
  /** The key of the run, once the server has sent it. */
  let key = "";
  /** @type {object | null} what began it, until then */
  let first = null;
  let goes = false;
  let posts = false;
  let walking = false;
  /** Whether what was posted has not begun: every place was taken. */
  let held = false;
  /** @type {Say | null} of a socket that takes over from HTTP, once what was posted is answered */
  let heir = null;

  return {
    /**
     * A new run, in the place of the one there was.
     * @param {object} training
     * @param {boolean} single  whether it waits after its first step
     */
    begin(training, single) {
      id++;
      key = "";
      goes = !single;
      waiting = [];
      first = { train: training, ...(single ? { do: "step" } : {}) };
      if (tooBig(first)) first = null;
      else if (link) send(first);
      else open();
    },
    /**
     * The run of a key, as it is.
     * @param {string} wanted
     */
    find(wanted) {
      id++;
      key = wanted;
      if (link) send({ find: key });
      else open();
    },
    /**
     * Something for the run to do.
     * @param {"pause" | "resume" | "step" | "stop" | "change"} what
     * @param {object} [fields]
     */
    tell(what, fields = {}) {
      if (what !== "change") goes = what === "resume";
      if (link) send({ do: what, ...fields });
    },
    close,
  };

  function close() {
    link?.close();
    link = null;
    posts = false;
    waiting = [];
  }

  /** @param {object} message */
  function send(message) {
    waiting.push(message);
    if (posts) walk();
    else if (link?.opened()) flush(link.say);
  }

  /**
   * Whether a message is too long: the server would end the connection without a word.
   * @param {object} message
   */
  function tooBig(message) {
    if (new TextEncoder().encode(JSON.stringify({ id, ...message })).length <= most) return false;
    const problem = { field: "examples", code: "too_big", details: { limit: most }, message: "" };
    on.frame({ header: { id, type: "error", ...problem }, arrays: {} });
    return true;
  }

  function open() {
    link = connect({
      open(say, over) {
        posts = over === "http";
        heir = !posts && walking ? say : null;
        if (walking) return;
        ask();
        if (posts) walk();
        else flush(say);
      },
      frame: receive,
      way(way, unreachable) {
        if (way !== "http") posts = false;
        on.way(way, unreachable);
      },
    });
  }

  /** A new way begins with the run that there is, or is to be. */
  function ask() {
    if (key) id++;
    const run = key ? { find: key } : first;
    if (run) waiting = [run, ...waiting.filter((each) => each !== first && !("find" in each))];
  }

  /** @param {Say} say */
  function flush(say) {
    for (const message of waiting.splice(0)) say({ id, ...message });
  }

  /**
   * One message after the other, each again until there is a place for it, and as long as the run goes
   * on, that it is to.
   */
  async function walk() {
    if (walking) return;
    walking = true;
    while (posts && link) {
      const message = waiting.shift() ?? (goes && key ? { do: "resume" } : null);
      if (!message) break;
      const named = "do" in message && !("train" in message) ? { key } : {};
      const run = id;
      if (!await link.post({ id, ...named, ...message })) break;
      // `resume` is said again by itself, unless something else is to be done meanwhile.
      if (held && id === run && !("do" in message && message.do === "resume")) {
        waiting.unshift(message);
      }
      held = false;
    }
    walking = false;
    if (!heir) return;
    ask();
    flush(heir);
    heir = null;
  }

  /** @param {Frame} frame */
  function receive(frame) {
    const { header } = frame;
    if (header.id !== id) return;
    held = header.type === "waiting";
    if (header.type === "paused") return;
    if (header.type === "begin") {
      key = header.key;
      header.found = first === null;
      if (header.found) goes = !header.paused;
      first = null;
    }
    if (header.type === "end") goes = false;
    if (header.type === "error" && header.code !== "fixed") {
      goes = false;
      first = null;
    }
    on.frame(frame);
  }
}
