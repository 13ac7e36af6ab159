// Written by `python -m docs.frames` out of the server's classes: change those.

/** The first frame of a run: what it is, before anything is computed. */
export interface Begin {
  type: "begin";
  /** That of the request which it answers; null where a request had none. */
  id: number | null;
  /** Every setting of the experiment; with `checkpoint` where it runs on a trained network. */
  experiment: Record<string, unknown>;
  /** What makes the run again: the settings, the training behind the network, the versions. */
  made_by: Record<string, unknown>;
  /** (T,) What is read at each timestep; of the decoder, what it has written before. */
  tokens: string[];
  /** (T,) The numbers that are read at each timestep, with the names of their columns if they have any; empty where tokens are read. */
  named: string[];
  /** (V,) The tokens that an output may be, in the order of the probabilities. */
  vocabulary: string[];
  /** (T,) The index in the vocabulary of each timestep's target; -1 where it has none. */
  targets: number[];
  /** T. */
  timesteps: number;
  /** H. */
  hidden_size: number;
  /** The names of the cell's gates, in the order of its equations; none of an RNN. */
  gates: string[];
  /** Those of them that are what may be written, in -1..1. */
  candidates: string[];
  /** The gate along which the last state is kept; null of a cell without one. */
  carry: string | null;
  /** Whether the state is kept where that gate is closed, not where it is open. */
  closed: boolean;
  /** The names of the states that are handed on: `h`, and `c` of an LSTM. */
  states: string[];
  /** Whether a state is handed on; false without memory. */
  recurrent: boolean;
  /** Whether the targets are numbers, and not tokens. */
  numbers: boolean;
  /** How many of the first timesteps are an encoder's, with weights of its own; 0 for none. */
  encoder: number;
  /** How many layers there are on top of one another. */
  layers: number;
  /** 2 where each layer has a second cell, which reads from the end. */
  directions: number;
  /** The layer whose states and gradients the frames hold, from 1. */
  layer: number;
  /** Whether they are of its second cell, which reads from the end. */
  reverse: boolean;
}

/** The states of n timesteps, ``from`` to ``to``. */
export interface Forward {
  type: "forward";
  /** That of the request which it answers; null where a request had none. */
  id: number | null;
  /** The first timestep of the frame, counted from 1. */
  from: number;
  /** Its last timestep; `to` - `from` + 1 is n. */
  to: number;
  /** (m,) The timesteps among them that have an output. */
  outputs: number[];
  arrays: {
    /** (n, H) h_t. */
    hidden: Float32Array;
    /** (n, H) c_t, of an LSTM. */
    cell_state?: Float32Array;
    /** (m, V) The softmax of each output; absent where no timestep of the frame has one. */
    probabilities?: Float32Array;
    /** (m, D) What each output says where the targets are numbers; absent of tokens. */
    predicted?: Float64Array;
    /** (m, encoder) How much each output looks at each of the encoder's states; absent without attention. */
    attention?: Float32Array;
    /** (n, H) The value of each gate, under `gate_` and its name. */
    [name: `gate_${string}`]: Float32Array;
    /** (n, L, H) h_t of each layer and direction, as in `backward`; absent of one layer, and where they are too many to be drawn. */
    level_hidden?: Float32Array;
  };
}

/** The losses of a run, once the forward pass has ended. */
export interface Loss {
  type: "loss";
  /** That of the request which it answers; null where a request had none. */
  id: number | null;
  /** (n,) Where a loss was reached, counted from 1. */
  timesteps: number[];
  /** (n,) The index in the vocabulary of each target. */
  targets: number[];
  arrays: {
    /** (n) The cross-entropy -ln p of each target, in nats; of numbers half the squared error. */
    loss: Float64Array;
  };
}

/** The gradients of n timesteps, ``from`` to ``to``; later timesteps came in frames before. */
export interface Backward {
  type: "backward";
  /** That of the request which it answers; null where a request had none. */
  id: number | null;
  /** The first timestep of the frame, counted from 1. */
  from: number;
  /** Its last timestep. */
  to: number;
  arrays: {
    /** (n) log10 of ‖∂L/∂h_t‖, L being the sum of all losses; -inf where no path leads there. */
    log10_gradient_norm: Float64Array;
    /** (n) log10 of ‖∂L_s/∂h_t‖ as a share of ‖∂L_s/∂h_s‖, L_s being the loss that is chosen. */
    log10_share: Float64Array;
    /** (n) The same of the cell state, of an LSTM. */
    log10_cell_share?: Float64Array;
    /** (n, L) `log10_share` of each layer, from the inputs up, and of each direction, the one that reads forward first; absent of one layer. */
    log10_level_shares?: Float64Array;
    /** (n, L) Likewise, the part of it that comes down from the layer above, or from the loss; the rest comes back from the next timestep. */
    log10_level_entering?: Float64Array;
  };
}

/** The last frame of a run: what the whole of it says. */
export interface End {
  type: "end";
  /** That of the request which it answers; null where a request had none. */
  id: number | null;
  /** Null where it cannot be told. */
  rate: Speed | null;
  /** The timestep of the loss that is chosen, or `all`; null where none was reached. */
  loss: number | string | null;
  /** Of the share at t = 1: `vanishing` below 1/10, `arriving` from 1/10 to 10, `exploding` above 10, or `none` where nothing arrives. */
  verdict: string;
  /** log10 of the factor a timestep that the mean-field theory expects, of an RNN. */
  theory: number | null;
  /** The timestep at which the state overflowed; nothing later was computed. */
  diverged_at: number | null;
  /** Of the chosen loss. */
  arrives: Arrivals;
  /** Null where nothing is to be clipped. */
  clip: Clip | null;
  /** What the run says to the claims of the request, by name; null where it made none. */
  claims: Record<string, Claimed> | null;
  /** The weights of the run, as `POST api/weights` answers them, but for `made_by`; without the one to look at where that is gone. Null where they were not asked for, and of a run with more than 4 hidden units, 64 words or 100 timesteps, several layers, or a trained network. */
  weights: Record<string, unknown> | null;
  /** Seconds that the engine computed. */
  engine_seconds: number;
  /** (S,) The timesteps of the losses that the matrix has rows for: all, or every k-th of more than 400, the chosen loss among them. */
  matrix_losses: number[];
  /** (T',) The timesteps that it has columns for: all, or every k-th of more than 400, from 1. */
  matrix_timesteps: number[];
  /** (L,) log10 of the norm that is 100 % of each layer's share, in the order of `log10_level_shares`; null where nothing is sent, and in all of one layer. */
  log10_level_sent: (number | null)[] | null;
  arrays: {
    /** (T) (T,) log10 of ‖∂L/∂x_t‖, L being the sum of all losses; -inf where no path leads there. */
    log10_input_gradient_norm: Float64Array;
    /** (S, T') log10 of ‖∂L_s/∂h_t‖ as a share of ‖∂L_s/∂h_s‖, a row a loss. */
    log10_share_matrix: Float32Array;
  };
}

/** A request that was refused, or failed: the last frame of its answer. */
export interface Error {
  type: "error";
  /** That of the request which it answers; null where a request had none. */
  id: number | null;
  /** The setting to change, if there is one. */
  field: string | null;
  /** What is wrong, for a program; each code has one sentence. */
  code: string;
  /** What the sentence says in numbers: the value, the range, the limit. */
  details: Record<string, unknown>;
  /** The sentence, in English. */
  message: string;
}

/** The run waits for a place to train in: sent again and again until one is free. */
export interface Waiting {
  type: "waiting";
  /** That of the request which it answers; null where a request had none. */
  id: number | null;
  /** How many runs come first. */
  before: number;
}

/** The first frame of a training run, and of one that a page has found again. */
export interface TrainingBegin {
  type: "begin";
  /** That of the request which it answers; null where a request had none. */
  id: number | null;
  /** The steps whose networks are kept, 0 for the untrained one; each is named `<run>-<step>`. */
  checkpoints: number[];
  /** The name of the run, in the names of its networks, which may be handed on. */
  run: string;
  /** The key of the run, by which its page finds it again; it is not to be handed on. */
  key: string;
  /** Whether it waits for `resume` or `step` already: only of a run that is found. */
  paused: boolean;
  /** Every setting of the training. */
  training: Record<string, unknown>;
  /** Of `unrolled` and NumPy: with these, and the changes on the way, it can be done again. */
  versions: Record<string, unknown>;
  /** `many-to-one`, `many-to-many` or `encoder-decoder`: where the task has targets. */
  architecture: string;
  /** T, of every example. */
  timesteps: number;
  /** The size of an input. */
  inputs: number;
  /** The size of an output: the number of classes, or 1 for a number. */
  outputs: number;
  /** Whether the targets are numbers. */
  numbers: boolean;
  /** Whether vectors are read, and not tokens. */
  vectors: boolean;
  /** What is read: `characters` or `words`. */
  tokens: string;
  /** The loss of a network that remembers nothing, in the loss's units. */
  baseline: number;
  /** Where the task comes from. */
  source: string;
  /** Three examples whose answers are shown. */
  probes: Probe[];
  /** Whether the probes are never trained on. */
  held_out: boolean;
}

/** The steps ``from`` to ``to`` of a run, or every k-th of them. */
export interface Steps {
  type: "steps";
  /** That of the request which it answers; null where a request had none. */
  id: number | null;
  /** The steps whose networks are kept, 0 for the untrained one; each is named `<run>-<step>`. */
  checkpoints: number[];
  /** The first training step of the frame, counted from 1. */
  from: number;
  /** The newest step that the run has taken. */
  to: number;
  /** k: the frame has the steps `from`, `from` + k, ... */
  every: number;
  /** Of the newest step, one for each probe. */
  answers: Answers[];
  /** Seconds that the engine has trained. */
  seconds: number;
  arrays: {
    /** (n) The mean loss of each minibatch: cross-entropy in nats, or half the squared error. */
    loss: Float64Array;
    /** (n) The mean of the losses of the last 25 steps up to each. */
    mean_loss: Float64Array;
    /** (n) The share of right answers in each minibatch, 0 to 1; NaN where the targets are numbers. */
    accuracy: Float32Array;
    /** (n) log10 of the norm of all weights' gradients together, before clipping. */
    log10_gradient_norm: Float64Array;
    /** (n, T) log10 of ‖∂L/∂h_t‖ of the last loss, by the distance 0 to T - 1 from it. */
    log10_norm_by_distance: Float32Array;
  };
}

/** The run has come to wait: the answer to ``pause``, and what follows a single step. */
export interface Paused {
  type: "paused";
  /** That of the request which it answers; null where a request had none. */
  id: number | null;
  /** The steps whose networks are kept, 0 for the untrained one; each is named `<run>-<step>`. */
  checkpoints: number[];
  /** Steps taken. */
  step: number;
}

/** The last frame of a training run. */
export interface TrainingEnd {
  type: "end";
  /** That of the request which it answers; null where a request had none. */
  id: number | null;
  /** The steps whose networks are kept, 0 for the untrained one; each is named `<run>-<step>`. */
  checkpoints: number[];
  /** `finished`, `stopped` or `diverged`. */
  result: string;
  /** Steps taken. */
  step: number;
  /** What became infinite, where it diverged. */
  diverged: string | null;
  /** Seconds that the engine has trained. */
  seconds: number;
  /** Of those seconds. */
  steps_per_second: number;
}

/** The answer to ``join``: the whole room in one frame. */
export interface Welcome {
  type: "welcome";
  /** That of the request which it answers; null where a request had none. */
  id: number | null;
  /** The number of the state; each later one has a larger one. */
  seq: number;
  /** The whole state. */
  room: RoomState;
  /** The number of the teacher that joined; 0 of a student. */
  teacher: number;
  /** What to join with when the connection was lost: who joins with it is the same student, with one vote. */
  token: string;
  /** This student's answer to the question that is asked, in this round; null without one. */
  answer: number[] | null;
  /** Seconds until the room ends. */
  seconds: number;
}

/** The changes since the last state that was sent on this connection. Its ``id`` is null. */
export interface Moved {
  type: "moved";
  /** That of the request which it answers; null where a request had none. */
  id: number | null;
  /** The number of the state that these changes lead to; numbers in between may be missing. */
  seq: number;
  /** Entries of the room's state that take the place of the old ones. Of `address` it has only the settings that differ, null for one that is gone. */
  changes: Record<string, unknown>;
  arrays: {
    /** (k) log10 of the share at each timestep, -inf where nothing arrives, while a thumb moves; without it the state is at rest. */
    strip?: Float32Array;
  };
}

/** The list of people present, for the teachers, whenever it changes. Its ``id`` is null. */
export interface Attendance {
  type: "attendance";
  /** That of the request which it answers; null where a request had none. */
  id: number | null;
  /** How many students are connected. */
  students: number;
  /** How many have answered the question in this round. */
  answers: number;
  /** What students want to show, the newest of each, the oldest first. */
  offers: Offer[];
}

/** An answer, or an offer, is kept: it need not be sent again. */
export interface Recorded {
  type: "recorded";
  /** That of the request which it answers; null where a request had none. */
  id: number | null;
  /** The number of the state in which it came. */
  seq: number;
}

/** The answer to ``take``: from here on this device leads. */
export interface Handed {
  type: "handed";
  /** That of the request which it answers; null where a request had none. */
  id: number | null;
  /** What it joins with from here on: where another device had the same token, a new one. */
  token: string;
  /** By the cell of each network that the class watches, the key of its training run. */
  keys: Record<string, string>;
}

/** The answer to ``invite``. */
export interface Invited {
  type: "invited";
  /** That of the request which it answers; null where a request had none. */
  id: number | null;
  /** What another teacher joins with. */
  token: string;
}

/** The rate at which a gradient changes. */
export interface Speed {
  /** log10 of the factor a timestep back. */
  log10_factor: number;
  /** The factor itself: below 1 the gradient shrinks on its way back. */
  factor: number;
  /** Timesteps in which it halves, or doubles. */
  half_life: number | null;
}

/** The part of the chosen loss's gradient that arrives, by the states and by the cell state. */
export interface Arrivals {
  /** The first timestep that its gradient reaches, or the last one of a cell that reads from the end; null where it reaches none. */
  reaches: number | null;
  /** log10 of its share at t = 1, or at T of a cell that reads from the end; null where nothing arrives. */
  first: number | null;
  /** log10 of its gradient's norm where it is sent from. */
  own: number | null;
  /** Null but in a cell with a cell state. */
  cell: CellArrival | null;
}

/** The effect of clipping on the gradient of all weights together. */
export interface Clip {
  /** log10 of its norm; null where it is 0. */
  log10_norm: number | null;
  /** log10 of what clipping multiplies it by; 0 where it is short enough. */
  log10_factor: number;
}

/** The answer of a run to a claim of the words beside it. */
export interface Claimed {
  /** Its number, as the words write it; null where the run has none. */
  text: string | null;
  /** Whether it lies within the claim's bounds; null where the run has no such number. */
  holds: boolean | null;
  /** The states that it compares, if it is of such a pair, and they are short. */
  pair: StatePair | null;
}

/** An example whose predictions are shown during training. */
export interface Probe {
  /** (T,) What is read at each timestep. */
  reads: string[];
  /** (T,) What is to be answered; empty where nothing is. */
  targets: string[];
}

/** The network's answers to a probe, where there is a target. */
export interface Answers {
  /** (m,) Where it answers, counted from 0. */
  timesteps: number[];
  /** (m,) Its likeliest answers. */
  predictions: string[];
  /** (m,) Whether each is the target. */
  right: boolean[];
  /** (m,) The probability of each target; null of a number. */
  probability: (number | null)[];
}

/** The state of the lab that a room shows. */
export interface RoomState {
  /** The page where the class is: empty for the lab, `train`, or `lessons/gates`. */
  page: string;
  /** The settings in that page's address, as its query has them; none that keeps its default. */
  address: Record<string, string | number | boolean>;
  /** The step of the lesson; empty where there is none. */
  step: string;
  /** Where the playhead stands, from 0 to 2·T + 1; null where the page has none. */
  playhead: number | null;
  /** Whether it runs. */
  playing: boolean;
  /** The names of the parts of the page that are unfolded. */
  parts: string[];
  /** What the teacher points at, such as `unit 3 7`; empty for nothing. */
  point: string;
  /** While a thumb moves, log10 of the share at each timestep, null where nothing arrives; null once it rests. Of more than 64 timesteps it has every k-th, from the first on. */
  strip: (number | null)[] | null;
  /** The keys that the leading page is to press. */
  pressed: Pressed;
  /** Whether the students try for themselves. */
  trying: boolean;
  /** The number of the teacher who leads. */
  driver: number;
  /** How many teachers have a token. */
  teachers: number;
  /** How many questions were asked. */
  asked: number;
  /** What is asked; null for nothing. */
  question: Question | null;
  /** The rounds of the question, side by side; none until the teacher shows them. */
  shown: Shown[];
  /** The engine's answer to the question, once it is shown: the index of the choice, a number, or the numbers of a curve. */
  truth: number[] | null;
  /** Whether the students were asked for a name. */
  names: boolean;
  /** When the room was opened: milliseconds since 1970. */
  opened: number;
  /** When it ends, likewise. */
  ends: number;
  /** Whether it has ended. */
  over: boolean;
}

/** A run or a text that a student wants to show to the class. */
export interface Offer {
  /** The student's name; empty where none was asked for. */
  name: string;
  /** As in the state of a room. */
  page: string;
  /** As in the state of a room. */
  address: Record<string, string | number | boolean>;
  /** As in the state of a room. */
  step: string;
  /** As in the state of a room. */
  playhead: number | null;
}

/** The part of the chosen loss's gradient that arrives along the cell state. */
export interface CellArrival {
  /** The first timestep that its gradient reaches, or the last one of a cell that reads from the end; null where it reaches none. */
  reaches: number | null;
  /** log10 of its share at t = 1, or at T of a cell that reads from the end; null where nothing arrives. */
  first: number | null;
  /** log10 of its gradient's norm where it is sent from. */
  own: number | null;
  /** As in `end`, of the cell state's own share. */
  verdict: string;
}

/** A hidden state of the run, and that of the same network after another token. */
export interface StatePair {
  /** The token that the run has read, and the other one. */
  tokens: string[];
  /** (2, H) The two states. */
  states: number[][];
}

/** The keys of a teacher's other devices. */
export interface Pressed {
  /** How many were pressed. */
  count: number;
  /** The last of them, at most 8. */
  keys: string[];
}

/** A question to the class. */
export interface Question {
  /** Its number in the room, from 1. */
  number: number;
  /** The round of votes, from 1: a class may vote again after it has discussed. */
  round: number;
  /** Whether answers are taken. */
  open: boolean;
  /** `choice`, `number` or `curve`. */
  kind: string;
  /** The question; empty where it is a lesson's, which every page has in its own language. */
  words: string;
  /** The step of a lesson that asks it, such as `gates/forget`; empty where it is none's. */
  step: string;
  /** What the teacher's page computes as the answer; empty where it computes nothing. */
  about: string;
  /** What can be chosen; empty texts of a lesson's question, and an empty list without choices. */
  choices: string[];
  /** The least number that may be answered. */
  low: number;
  /** The largest. */
  high: number;
  /** How many numbers an answer has: 1, or of a curve as many as it has points. */
  size: number;
}

/** The answers of one round, as they are shown to all. */
export interface Shown {
  /** The round. */
  round: number;
  /** How many answered. */
  answers: number;
  /** How many chose each choice, or a number in each of 20 equal parts of low..high; empty of a curve. */
  counts: number[];
  /** Of numbers and curves the lower quartile, the median and the upper quartile of each point; empty of choices, and without an answer. */
  quartiles: number[][];
  /** Some of the curves, as many as have 2,400 points in all rounds; empty of others. */
  curves: number[][];
}

export type RunFrame = Begin | Forward | Loss | Backward | End | Error;

export type TrainingFrame = Waiting | TrainingBegin | Steps | Paused | TrainingEnd | Error;

export type RoomFrame =
  | Welcome
  | Moved
  | Attendance
  | Recorded
  | Handed
  | Invited
  | Error
  | Begin
  | Forward
  | Loss
  | Backward
  | End;
