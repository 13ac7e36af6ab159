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
import { createCheckpointBanner, networkOf, trainedFrom } from "../lab/checkpoint-banner.js";
import { createLab } from "../lab/lab.js";
import { carried, carry } from "../lab/session-restore.js";
import { BY_HAND } from "../lessons/navigation.js";
import { patiently } from "../net/module.js";
import { createOwnNetwork } from "../own/own-network.js";
import { reread, typedIn } from "../own/typed-text.js";
import { createOpening, isFirstVisit } from "../playback/opening.js";
import { createBlackout } from "../presentation/blackout.js";
import { createProjector } from "../presentation/projector.js";
import { heldWords } from "../room/held-words.js";
import { ledLab } from "../room/led-lab.js";
import { createTeaching } from "../room/teaching.js";
import { roomIn } from "../room/way-in.js";
import { translator } from "../text/format.js";
import { onAppearance } from "../ui/appearance.js";
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
const banner = createCheckpointBanner(
  {
    note: part("trained"),
    form: part("experiment"),
    readout: /** @type {HTMLElement} */ (part("weights").querySelector("[data-weight=W_hy]")),
  },
  t,
  (file) => own.holds(file),
);
let trained = await trainedFrom(config.checkpoint, named());
/** @type {Experiment} */
let defaults = trained?.experiment ?? config.defaults;
/** The network that the banner is about: the lab's, also where another screen has chosen it. */
let told = networkOf(defaults);
/**
 * The text that was typed for the networks before this one.
 * @type {import("../own/typed-text.js").Typed}
 */
let earlier = {};

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
    painted({ experiment }) {
      teaching?.show();
      tell(networkOf(experiment));
    },
    address: (state) => addressOf(searchOf(state), location.origin + location.pathname),
    flows: !kept && !first && !code,
    reset: () => lab.ask({ type: "open", experiment: defaults }),
    forgotten,
  },
);
const screen = createBlackout(part("blank"), part("spotlight"));
const presenting = createProjector(part("present"), screen, t);
const nameLines = () => lab.dispatch({ type: "put", parts: { named: presenting.is() } });
nameLines(); // on a projector nothing else says which is which
onAppearance(nameLines);
const help = createHelpDialog(part("help"), part("help-button"));
const own = createOwnNetwork(part("own"), part("network-file"), config, t, {
  may: () => follower?.may() ?? true,
  opened: adopt,
  named: () => networkOf(defaults),
  typed: () => ({ ...earlier, ...typedIn(lab.state().experiment, defaults) }),
  reads: () =>
    trained && "vocabulary" in trained ? trained : { vocabulary: [], words: 0, data: null },
});
part("own-text").addEventListener("click", own.text);
part("own-tokens").addEventListener("click", own.ask);
part("own-again").addEventListener("click", own.again);
const { step } = lab.playback;
const held = follower?.held ?? ((/** @type {import("../ui/shortcuts.js").Keys} */ keys) => keys);

addEventListener("popstate", () => {
  if (named() === networkOf(defaults)) open(null);
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
if (trained) banner.show(trained, false);
else if (named()) banner.gone();
const settings = createSettingsSheet(part("experiment"), part("more"), t);
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

/** The network that the address names. */
function named() {
  return new URLSearchParams(location.search).get("checkpoint") ?? "";
}

/**
 * Says what network the lab has, where the class or a colleague has brought another.
 * @param {string} name  as the server calls it; empty where its weights are random
 */
async function tell(name) {
  if (name === told) return;
  told = name;
  const found = await trainedFrom(config.checkpoint, name).catch(() => null);
  if (name !== told) return; // it has another by now
  trained = found;
  defaults = trained?.experiment ?? config.defaults;
  if (trained) banner.show(trained, Boolean(code));
  else banner.hide();
}

/**
 * Shows the network of a file, or the one that is open with other words. A text that it cannot read
 * stays where it was typed, and what is wrong with it is said there.
 * @param {string} name  as the server calls it
 * @param {import("../own/typed-text.js").Read} [read]
 */
async function adopt(name, read) {
  const { experiment } = lab.state();
  const typed = typedIn(experiment, defaults);
  earlier = { ...earlier, ...typed };
  trained = await trainedFrom(config.checkpoint, name);
  if (!trained) return;
  told = name;
  defaults = trained.experiment;
  banner.show(trained, false);
  const classes = "words" in trained && trained.outputs === trained.words;
  lab.open(read ? reread(experiment, defaults, read, classes) : defaults, []);
  if (!code) note(lab.state());
  if (typed.sequence && read?.sequence === null) {
    lab.ask({ type: "edit", field: "sequence", value: typed.sequence });
  }
  settings.close();
  scrollTo(0, 0);
}

/** The server no longer has the trained network: the lab goes on with random weights. */
function forgotten() {
  const { checkpoint: _, ...experiment } = lab.state().experiment;
  banner.gone();
  told = "";
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
