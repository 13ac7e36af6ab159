/**
 * The page of training in a room: its settings, the networks that its teacher trains, and the moment
 * that the teacher looks at are those of the class. They are trained once, and watched by all others.
 *
 * @typedef {import("../../train/training-config.js").Plan} Plan
 * @typedef {import("../../train/state.js").State} State
 * @typedef {import("../../train/views.js").Moment} Moment
 *
 * @typedef {object} Planned
 * @property {() => State} state
 * @property {(plan: Plan) => void} adopt
 * @property {() => Moment | null} moment
 * @property {(moment: Moment | null) => void} look
 */
import { runs } from "../../train/status.js";
import { planFrom, searchOf } from "../../train/training-config.js";

const PAGE = "train";
const MOMENT = "moment";

/**
 * Messages of a teacher's training page to the room, and its place.
 * @param {Planned} page
 * @param {import("../../train/training-config.js").Offer} config
 * @returns {import("../driving.js").Led}
 */
export const ledPlan = ({ state, adopt, moment }, config) => ({
  shown() {
    const { plan, networks } = state();
    const names = networks.flatMap(({ history }) => history?.run ?? []);
    const keys = networks.flatMap(({ cell, key }) => key ? [[cell, key]] : []);
    const at = moment();
    return {
      page: PAGE,
      step: "",
      address: {
        ...Object.fromEntries(new URLSearchParams(searchOf(plan, config, ""))),
        ...(names.length && { networks: names.join(" ") }),
      },
      playhead: null,
      playing: runs(state()),
      parts: [],
      ...(keys.length && { keys: Object.fromEntries(keys) }),
      point: at ? [MOMENT, at.cell, at.step, at.distance].join(" ") : "",
    };
  },
  strip: () => null,
  go: ({ address }) => address && adopt(planIn(address, config)),
});

/**
 * A student's page of training.
 * @param {Planned} page
 * @param {ReturnType<typeof import("../../train/watched-runs.js").createWatchedRuns>} watched
 * @param {import("../../train/training-config.js").Offer} config
 * @param {import("../../text/format.js").Translate} t
 * @returns {import("../follower.js").Place}
 */
export const followedPlan = (page, watched, config, t) => ({
  page: () => PAGE,
  show({ address, playing, point }) {
    page.adopt(planIn(address, config));
    watched.stand(playing);
    page.look(momentIn(point));
  },
  follow: watched.follow,
  hear: watched.hear,
  way() {},
  at: ({ address }) => t(`task.${planIn(address, config).task}`),
  where: () => ledPlan(page, config).shown(),
  leave() {},
});

/**
 * @param {string} point
 * @returns {Moment | null}
 */
function momentIn(point) {
  const [kind, cell, step, distance] = point.split(" ");
  return kind === MOMENT ? { cell, step: Number(step), distance: Number(distance) } : null;
}

/**
 * @param {import("../room-state.js").Address} address
 * @param {import("../../train/training-config.js").Offer} config
 */
function planIn(address, config) {
  const entries = Object.entries(address).map(([field, value]) => [field, String(value)]);
  return planFrom(`?${new URLSearchParams(entries)}`, config);
}
