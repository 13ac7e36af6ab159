/**
 * The page of the lab: address, keys, dialogs and settings.
 *
 * @typedef {import("../lab/state.js").Experiment} Experiment
 */
import {
  barsFrom,
  experimentFrom,
  followersFrom,
  pinsFrom,
  searchFor,
} from "../experiment/address.js";
import { learnCells } from "../experiment/cells.js";
import { addressOf } from "../experiment/settings-list.js";
import { showTrained, trainedFrom } from "../lab/checkpoint-banner.js";
import { createLab } from "../lab/lab.js";
import { carried, carry } from "../lab/session-restore.js";
import { BY_HAND } from "../lessons/navigation.js";
import { patiently } from "../net/module.js";
import { createOwnNetwork } from "../own/own-network.js";
import { createOpening, isFirstVisit } from "../playback/opening.js";
import { createBlackout } from "../presentation/blackout.js";
import { createProjector } from "../presentation/projector.js";
import { heldWords } from "../room/held-words.js";
import { ledLab } from "../room/led-lab.js";
import { createTeaching } from "../room/teaching.js";
import { roomIn } from "../room/way-in.js";
import { translator } from "../text/format.js";
import { dataOf, partsOf } from "../ui/dom.js";
import { createFirstHint } from "../ui/first-hint.js";
import { createHelpDialog } from "../ui/help-dialog.js";
import { onLeaving } from "../ui/language-switch.js";
import { createSettingsSheet } from "../ui/settings-sheet.js";
import { listen, playing } from "../ui/shortcuts.js";
import { contextOf } from "./context.js";

const part = partsOf(document);

const config = dataOf("config");
const t = heldWords(translator(config.catalog), () => part("experiment").hasAttribute("data-held"));
learnCells(config.facts);
let trained = await trainedFrom(config.checkpoint, location.search);
/** @type {Experiment} */
let defaults = trained?.experiment ?? config.defaults;

const code = roomIn(location.search);
const follower = code ? await followerIn(code) : null;
const led = ledLab(() => lab, config.defaults);
const teaching = code ? null : createTeaching(part("room"), part("room-button"), config, t, led);
const kept = code ? null : carried();
const first = !kept && !code && isFirstVisit(location.search);
const lab = createLab(
  part("experiment"),
  follower?.context ?? contextOf(config, t),
  experimentFrom(location.search, defaults),
  {
    settled: (state) => code || note(state),
    painted: () => teaching?.show(),
    address: (state) => addressOf(searchOf(state), location.origin + location.pathname),
    flows: !kept && !first && !code,
    reset: () => lab.ask({ type: "open", experiment: defaults }),
    forgotten,
  },
);
const screen = createBlackout(part("blank"), part("spotlight"));
const presenting = createProjector(part("present"), screen, t);
const help = createHelpDialog(part("help"), part("help-button"));
const own = createOwnNetwork(part("own"), part("network-file"), config, t, {
  opened: adopt,
  named: () => String(defaults.checkpoint ?? ""),
});
part("own-tokens").addEventListener("click", () => {
  if (trained && "vocabulary" in trained) own.ask(trained.vocabulary, trained.words);
});
const { step } = lab.playback;
const held = follower?.held ?? ((/** @type {import("../ui/shortcuts.js").Keys} */ keys) => keys);

addEventListener("popstate", () => {
  const named = new URLSearchParams(location.search).get("checkpoint") ?? undefined;
  if (named === defaults.checkpoint) open(null);
  else location.reload(); // another network
});
onLeaving(() => {
  lab.flush();
  carry(lab.state());
});
listen(
  { ...held(playing(lab)), ...presenting.keys, "?": help.open },
  presenting.is,
  { ...presenting.escape, ...held({ PageDown: () => step(1), PageUp: () => step(-1) }) },
);
showNetwork(trained);
createSettingsSheet(part("experiment"), part("more"), t);
const hint = createFirstHint(
  part("hint"),
  /** @type {any} */ (document.querySelector("[name=recurrent_scale][type=range]")),
);
const opening = createOpening(part("opening"), lab, config.defaults, { hint: hint.show });
part("opening-again").addEventListener("click", () => {
  part("help").close();
  opening.play();
});
if (follower) follower.join(lab);
else if (!first || lab.stage.still.matches) open(kept?.view ?? null);
if (location.hash === BY_HAND) openCard(part("by-hand"));
if (first) opening.play();
else if (!follower) hint.soon();

/** @param {HTMLElement} card  with its details closed */
function openCard(card) {
  /** @type {HTMLDetailsElement} */ (card.querySelector("details")).open = true;
  card.scrollIntoView();
}

/**
 * The experiment of the address.
 * @param {import("../lab/lab.js").ViewState | null} view  how the lab is to stand
 */
function open(view) {
  const { search } = location;
  const cells = defaults.checkpoint ? [] : followersFrom(search);
  lab.open(experimentFrom(search, defaults), pinsFrom(search, defaults), view, cells);
  lab.show(barsFrom(search));
}

/** @param {string} code  of the room that this lab follows */
async function followerIn(code) {
  const { createLabFollower } = await patiently(() => import("../room/lab-follower.js"));
  const form = part("experiment");
  part("room-button").hidden = true;
  const nodes = { form, held: form, bar: part("class-bar") };
  return createLabFollower(nodes, code, contextOf(config, t), config);
}

/** @param {import("../lab/checkpoint-banner.js").Trained | null} network */
function showNetwork(network) {
  const nodes = { note: part("trained"), form: part("experiment") };
  showTrained(nodes, network, location.search, t);
}

/**
 * Shows the network of a file.
 * @param {string} name  as the server calls it
 */
async function adopt(name) {
  const search = `?checkpoint=${encodeURIComponent(name)}`;
  trained = await trainedFrom(config.checkpoint, search);
  if (!trained) return;
  defaults = trained.experiment;
  history.pushState(null, "", location.pathname + search);
  showNetwork(trained);
  lab.open(defaults, []);
}

/** The server no longer has the trained network: the lab goes on with random weights. */
function forgotten() {
  const { checkpoint: _, ...experiment } = lab.state().experiment;
  showNetwork(null);
  defaults = config.defaults;
  lab.ask({ type: "open", experiment: { ...defaults, ...experiment } });
}

/** @param {import("../lab/state.js").State} state */
function note(state) {
  const search = searchOf(state);
  if (search !== location.search) history.pushState(null, "", location.pathname + search);
}

/** @param {import("../lab/state.js").State} state */
function searchOf({ experiment, pins, bars }) {
  const pinned = pins.filter((pin) => !pin.follows).map((pin) => pin.experiment);
  const cells = pins.filter((pin) => pin.follows).map((pin) => pin.experiment.cell);
  return searchFor(experiment, defaults, pinned, location.search, bars, cells);
}
