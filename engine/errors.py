"""Error messages for wrong experiments: each names the value and the remedy."""

from functools import partial
from typing import Any

MESSAGES = {
    "checkpoint": "{field} {value} is not a trained network: choose a .npz file that unrolled "
    "train wrote",
    "checkpoint_array": "{field} {value} is not a trained network, because its array {name} is "
    "invalid: choose a .npz file that unrolled train wrote",
    "no_optimizer": "{field} {value} cannot be trained on, because it does not hold the memory of "
    "its optimizer: choose a file that unrolled train wrote in this version",
    "other_words": "{field} {value} cannot be trained on, because its task {task} has other words "
    "in this version: use the version that wrote it",
    "steps_done": "{field} must be more than {count}, which this network has done already, got "
    "{value}",
    "trained": "{field} is {fixed} in this trained network and cannot be {value}: leave it out",
    "no_seeds": "{field} must be 1 for a trained network, got {value}: other seeds would give the "
    "same network",
    "hand_units": "{field} must be empty for more than {most} hidden units, and hidden_size is "
    "{value}: lower it, or empty the field",
    "hand_trained": "{field} must be empty for a trained network, got {value}",
    "hand_sweep": "{field} must be empty for a sweep, which draws the weights, got {value}",
    "hand_name": "{field} has {value}, which is no weight of this network: name one that it has, "
    "such as {example}",
    "hand_number": "{field} has {name} with {value}: give it a number from {low} to {high}",
    "hand_twice": "{field} has {value} twice: leave one out",
    "weights_pickle": "the file {value} is a pickle, whose reading can run code: write the "
    "weights with\n{example}",
    "weights_ending": "weights are read from {known}, got {value}: write them with\n{example}",
    "weights_size": "the file {value} has more than {limit} MB: write the recurrent module and "
    "its readout alone, in float32, with\n{example}",
    "weights_many": "the file {value} has {count} arrays and the most is {limit}: write the "
    "recurrent module and its readout alone",
    "weights_numbers": "the module {value} and what goes with it have {count} numbers and the "
    "most is {limit}: choose a smaller one",
    "weights_broken": "the file {value} is no whole {kind} file: write it again",
    "weights_kind": "the array {value} has numbers of type {kind}, and those that can be read "
    "are {known}: write it in one of them",
    "weights_finite": "the array {value} must hold finite numbers: train again with a smaller "
    "learning rate",
    "weights_missing": "the array {value} is missing: write it too",
    "weights_shape": "the array {value} must have the shape {wanted}, got {shape}: write the "
    "state_dict of one model",
    "weights_no_fit": "the weights of the module {value} do not fit each other: write the "
    "state_dict of one model",
    "weights_no_module": "the file {value} has no recurrent module, because no array is named "
    "weight_ih_l0: write the state_dict of a model that has one",
    "weights_several": "the file {value} has several recurrent modules, name one as module: "
    "{known}",
    "weights_no_such": "the file has no recurrent module {value}: name one as module: {known}",
    "weights_projected": "the module {value} has projections (weight_hr) of the shape {shape}, and "
    "those of an nn.LSTM with proj_size have another: write the state_dict of one model",
    "weights_no_cell": "the module {value} has weights of the shapes {shape}, which are those of "
    "no nn.RNN, nn.LSTM or nn.GRU: choose another module",
    "weights_package": "the file {value} is read with {package}, which is not installed: {install}",
    "weights_link": "{value} leads out of the file: write the weights into one file",
    "weights_function": "the layer {value} has {name} = {kind}, and what can be run here is "
    "{known}: choose another layer",
    "weights_no_embedding": "the array {value} must be an embedding of the shape (any, {count})",
    "weights_no_head": "the module {value} has no readout, because no linear layer has the shape "
    "(any, {count}): write one with it",
    "weights_heads": "several linear layers can be the readout of h, (any, {count}): name one as "
    "head: {known}",
    "weights_no_such_head": "the array {value} must be a readout of the shape (any, {count})",
    "weights_deep": "the module {value} is a deep network: load it with DeepNetwork.load",
    "data_first": "the numbers of {value} need a network: open the file of its weights first",
    "data_broken": "the file {value} holds no table of numbers: save it with numpy.save, or as CSV "
    "in UTF-8 with a row for each timestep",
    "data_empty": "{value} holds no numbers: give a row for each timestep",
    "data_kind": "the numbers of {value} have the type {kind}, which is not read: save them as "
    "float64",
    "data_shape": "the numbers of {value} have the shape {shape}: give one sequence, with a row "
    "for each timestep, (T, D)",
    "data_finite": "{where} has {value} in row {row}, column {column}, both counted from 1: "
    "replace it by a number, or leave out the row",
    "data_word": "{where} has {value} in row {row}, column {column}, which is no number: replace "
    "it, or leave out the row",
    "data_blank": "{where} has nothing in row {row}, column {column}: give a number there, or "
    "leave out the row",
    "data_ragged": "{value} has {count} columns in row {row}, and {known} in row {first}: give "
    "each row as many",
    "data_width": "the file {value} has {count} numbers a timestep and the network reads {known}: "
    "give a column for each of its inputs",
    "data_targets": "the targets {value} have the shape {shape}: make it {wanted}, or {last} "
    "for the last timestep alone; type classes as the target instead",
    "recording_broken": "the file {value} is no whole recording: record it again",
    "recording_empty": "the file {value} holds no step before its training diverged: record "
    "earlier ones",
    "recording_finite": "a state of {value} is no finite number: record earlier steps",
    "recording_step": "the recording {value} has no such step: choose one of {known}",
    "recording_module": "the recording {value} has no such module: choose one of {known}",
    "recording_no_loss": "no loss reads the outputs of sequence {value}: choose another one",
    "recording_states": "the loss reads {value} of a cell state or of a lower layer, which the lab "
    "does not draw: look at the window",
    "recording_initial": "several layers start from {value}, which is not zero, and the lab does "
    "not draw them so: look at the window",
    "own_words": "the vocabulary must name the {count} tokens that the network reads, each once, "
    "and names {value}: give one a line, in the order of their numbers",
    "own_labels": "{field} must be {count} names, one for each output of this network, got {value}",
    "own_number": "{field} must be a number, or {count} with spaces between them, got {value}",
    "own_architecture": "{field} must be one of {choices} for this network, got {value}",
    "own_fixed": "{field} is {fixed} in this network and cannot be {value}: leave it out",
    "unknown": "{field} is not a field of an experiment; the fields are {choices}",
    "choice": "{field} must be one of {choices}, got {value}",
    "integer": "{field} must be a whole number from {low} to {high}, got {value}",
    "number": "{field} must be a number from {low} to {high}, got {value}",
    "loss": "{field} must be a timestep that has a target, such as {last}, or last, or all, got "
    "{value}",
    "increasing": "{field} must be one number or more, each larger than the one before",
    "text": "{field} must be text, got {value}",
    "surrogate": "{field} holds half a character ({value}) at position {position}: "
    "delete it and type the whole character",
    "empty": "{field} is empty: type at least one character",
    "blank": "{field} has no words, only white space: type a word, or choose characters",
    "no_words": "{field} cannot be words here: {script} has no spaces between them, and {package}, "
    "which finds them, is not installed: {install}, or choose characters",
    "no_dictionary": "{field} cannot be words here: {script} has no spaces between them, and there "
    "is no dictionary for it here: choose characters",
    "no_package": "{field} of this text are found by {package}, which is not installed: {install}",
    "too_long": "{field} has {count} tokens and the most is {limit}: shorten it",
    "too_short": "{field} has one token; with no target the network reads all but the last token "
    "and predicts the rest: type a second one, or give a target",
    "tags": "target has {count} tags for {tokens} tokens: give one tag for each token, "
    "separated by spaces",
    "gated": "activation must be tanh in the cell {cell}, got {value}: it has activations "
    "of its own; choose tanh, or one of {cells}",
    "no_gates": "{field} sets the biases of gates, got {value}, and the {cell} cell has no gates: "
    "choose 0, or one of {cells}",
    "no_layer": "{field} must be one of the layers, from 1 to {high}, or 0 for the highest, got "
    "{value}; a minus is for layers of both directions",
    "no_layers": "{field} must be 1 here, got {value}: this is computed of one layer, which reads "
    "forward",
    "one_layer": "{field} must be 1 in the encoder-decoder, got {value}: choose 1, or another "
    "architecture",
    "one_by_hand": "{field} must be 1 with weights set by hand, got {value}: choose 1, or empty "
    "by_hand",
    "one_trained": "{field} must be 1 on a trained network, got {value}: leave it out",
    "no_encoder": "{field} must be none without an encoder, got {value}: it looks at its states; "
    "choose none, or the architecture encoder-decoder",
    "no_encoder_in_task": "{field} must be none in the task {task}, got {value}: it looks at the "
    "states of an encoder, which this task has not; choose none, or a task that has, as reverse",
    "no_states": "{field} must be none in the cell {cell}, got {value}: it looks at the states of "
    "a recurrent encoder; choose none, or one of {cells}",
    "no_script": "{field} {value} has no code here: choose one of {cells}",
    "no_time": "{field} must be 0 (off) or at least 2 timesteps, got {value}",
    "no_length": "the task {task} does not use {field}, got {value}: choose 0",
    "no_label": "{field} has {value}, which is none of the labels; they are {known}",
    "no_word": "{field} has {value}, which is not in the vocabulary of {count} tokens "
    "({known}): type one that it has",
    "no_word_here": "{field} has {value}, which is not in the vocabulary of {count} tokens "
    "({known}): type one that it has, or {example}, its token for unknown ones",
    "unknown_token": "{field} has {value}, which this task does not know; it knows {known}",
    "no_vector": "{field} has {value}, which is not a number of this task: type for example "
    "{example}",
    "no_target": "target is empty, and this task cannot compute it: type it, for example {example}",
    "few_lines": "{field} needs two lines or more such as cat => cats, got {count}: add some",
    "many_lines": "{field} has {count} lines and the most is {limit}: remove some",
    "line_characters": "line {line} of {field} has {count} characters and the most is {limit}: "
    "shorten it",
    "line_tokens": "line {line} of {field} has {count} tokens and the most is {limit}: shorten it",
    "no_arrow": "line {line} of {field} has no =>: write it as input => output",
    "no_input": "line {line} of {field} has nothing before =>: type an input there",
    "no_output": "line {line} of {field} has nothing after =>: type an output there",
    "one_output": "every line of {field} has the target {value}, so there is nothing to learn: "
    "add a line with another target",
    "ragged": "line {line} of {field} has {count} tags for {tokens} tokens: give one tag for each "
    "token, separated by spaces",
    "never_taught": "line {line} of {field} has the target {value}, which no line before the last "
    "{held_out} has, and the last {held_out} are not trained on: move it up, or add another line "
    "with that target",
    "many_classes": "{field} has {count} different tokens and the most is {limit}: shorten it",
    "long_text": "{field} has {count} characters and the most is {limit}: shorten it",
    "short_text": "{field} has {count} characters, and windows of length {length} need {least}: "
    "type more, or choose a smaller length",
    "one_character": "{field} has no other character than {value}, so there is nothing to learn: "
    "type more",
}


class ExperimentError(ValueError):
    """A field of an experiment has a wrong value.

    ``field`` names the field, ``code`` is a key of ``MESSAGES`` and ``details`` fill its blanks,
    so that a program can say the same thing in another language.
    """

    def __init__(self, field: str, code: str, **details: Any) -> None:
        self.field, self.code, self.details = field, code, details
        super().__init__(MESSAGES[code].format(field=field, **details))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the error with all its details."""
        return partial(type(self), **self.details), (self.field, self.code)
