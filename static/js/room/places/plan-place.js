/**
 * The page of training in a room: its settings are the class's. Each network is trained where it was
 * started.
 *
 * @typedef {import("../../train/training-config.js").Plan} Plan
 *
 * @typedef {object} Planned
 * @property {() => Plan} plan
 * @property {(plan: Plan) => void} adopt
 */
import { planFrom, searchOf } from "../../train/training-config.js";

const PAGE = "train";

/**
 * Messages of a teacher's training page to the room, and its place.
 * @param {Planned} page
 * @param {import("../../train/training-config.js").Offer} config
 * @returns {import("../driving.js").Led}
 */
export const ledPlan = ({ plan, adopt }, config) => ({
  shown: () => ({
    page: PAGE,
    step: "",
    address: Object.fromEntries(new URLSearchParams(searchOf(plan(), config, ""))),
    playhead: null,
    playing: false,
    parts: [],
    point: "",
  }),
  strip: () => null,
  go: ({ address }) => address && adopt(planIn(address, config)),
});

/**
 * A student's page of training.
 * @param {Planned} page
 * @param {import("../../train/training-config.js").Offer} config
 * @param {import("../../text/format.js").Translate} t
 * @returns {import("../follower.js").Place}
 */
export const followedPlan = (page, config, t) => ({
  page: () => PAGE,
  show: ({ address }) => page.adopt(planIn(address, config)),
  follow() {},
  hear() {},
  way() {},
  at: ({ address }) => t(`task.${planIn(address, config).task}`),
  where: () => ledPlan(page, config).shown(),
  leave() {},
});

/**
 * @param {import("../room-state.js").Address} address
 * @param {import("../../train/training-config.js").Offer} config
 */
function planIn(address, config) {
  const entries = Object.entries(address).map(([field, value]) => [field, String(value)]);
  return planFrom(`?${new URLSearchParams(entries)}`, config);
}
