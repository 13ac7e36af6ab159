"""Error codes of the server, each with a sentence that names value, range and remedy."""

from typing import Any

from unrolled.engine import ExperimentError

MESSAGES = {
    "json": "the message is not valid JSON at line {line}, column {column} ({value}): correct it "
    "there",
    "json_ends": "the message is not valid JSON, because it ends too early: complete it, for "
    "example with a closing brace",
    "json_deep": "the message has too many nested brackets: nest fewer",
    "json_digits": "the message holds a whole number of more than {limit} digits: shorten it",
    "utf8": "the message is not valid UTF-8 at byte {byte}: save or send it as UTF-8",
    "binary": "the message is binary: send JSON as text",
    "object": "the message must be a JSON object, got {value}",
    "key_missing": "the message needs {field}: add it",
    "key_unknown": "{field} is not a field of this message: leave it out; it may have {choices}",
    "key_whole": "{field} must be a whole number, got {value}",
    "key_object": "{field} must be an object of names and values, got {value}",
    "key_text": "{field} must be text, got {value}",
    "key_flag": "{field} must be true or false, got {value}",
    "key_choice": "{field} must be one of {choices}, got {value}",
    "key_numbers": "{field} must be a list of numbers, got {value}",
    "key_number": "{field} must be a number, got {value}",
    "key_texts": "{field} must be a list of texts, got {value}",
    "file_too_big": "the file {value} has more than {limit} MB: of weights, write the recurrent "
    "module and its readout alone; of a recording, record fewer steps or sequences, or show it "
    "with {example}",
    "too_big": "the request has more than {limit} bytes: shorten it",
    "answer_too_big": "the answer would hold {count} numbers and the most is {limit}: lower "
    "hidden_size or shorten the sequence (the stream has no such limit)",
    "step_too_big": "the run has {count} hidden units in all its timesteps and the most that can "
    "be shown in numbers is {limit}: lower hidden_size or shorten the sequence",
    "weights_too_many": "the network reads or says {count} different tokens and the most whose "
    "weights are shown is {limit}: shorten the sequence",
    "weight_gone": "weight names {value}, a word that is not read: name one that is",
    "timestep": "timestep must be a whole number from 1 to {last}, got {value}",
    "overflowed": "timestep {value} has no numbers, because the state overflowed at t = "
    "{diverged_at}: choose an earlier timestep or lower recurrent_scale",
    "analysis_too_big": "this analysis takes T × n³ = {work} steps for a state of n numbers, and "
    "the most is {limit}: lower hidden_size or shorten the sequence",
    "no_memory": "{field} must be one of {cells} for this analysis: without memory there are no "
    "recurrent weights; choose one of them",
    "overflow": "{field} is so large that the state overflows at t = {t}, before a loss is "
    "reached: lower it",
    "sweep_too_big": "{networks} networks of this size take {work} steps of work and the most is "
    "{limit}: ask for fewer scales or seeds, lower hidden_size or shorten the sequence",
    "lesson_missing": "{where}: {name} is missing: add it",
    "lesson_unknown": "{where}: {name} is not a field here: use one of {choices}",
    "lesson_choice": "{where}: {name} must be one of {choices}, got {value}",
    "lesson_text": "{where}: {name} must be text, got {value}",
    "lesson_flag": "{where}: {name} must be true or false, got {value}",
    "lesson_number": "{where}: {name} must be a number from {low} to {high}, got {value}",
    "lesson_whole": "{where}: {name} must be a whole number from {low} to {high}, got {value}",
    "lesson_list": "{where}: {name} must be a list, got {value}",
    "lesson_table": "{where}: {name} must be a table of names and values, got {value}",
    "lesson_no_table": "{where} must be a table of names and values, got {value}",
    "lesson_toml": "{where}: this is not valid TOML at line {line}, column {column} ({value}): "
    "correct it there",
    "lesson_toml_ends": "{where}: this is not valid TOML, because it ends too early: complete it, "
    "for example with a closing quote",
    "lesson_utf8": "{where}: this is not valid UTF-8 at byte {byte}: save the file as UTF-8",
    "lesson_absent": "{where}: the file is missing: create it",
    "lesson_experiment": "{where}: {name} cannot be run: {problem}",
    "lesson_training": "{where}: {name} is only for the lessons that come with the lab: leave it "
    "out",
    "lesson_steps": "{where}: a lesson must have 1 to {most} steps, got {count}: add or "
    "remove some",
    "lesson_pins": "{where}: {name} holds at most {most} runs, got {count}: remove some",
    "lesson_choices": "{where}: a question must have 2 to {most} choices, got {count}: "
    "add or remove some",
    "lesson_id": "{where}: {name} may hold letters, digits and hyphens only, got {value}",
    "lesson_twice": "{where}: {name} {value} is used twice: choose another",
    "lesson_decided": "{where}: the bounds of {count} choices hold; make it one",
    "lesson_formula": "{where}: the formula {value} is not valid from {rest} on: this is unknown, "
    "or not allowed here",
    "lesson_formula_ends": "{where}: the formula {value} ends too early: complete it, for example "
    "with a closing brace",
    "lesson_formula_long": "{where}: the formula {value} has {count} characters and the most is "
    "{most}: shorten it",
    "lesson_formula_marks": "{where}: the formula {value} has {count} commands and groups and the "
    "most is {most}: split it in two",
    "lesson_claims": "{where}: there are {count} and the most is {most}: leave some out",
    "lesson_like": "{where}: {name} must be a number such as 0.68, 20% or 1/300, got {value}",
    "lesson_follows": "{where}: {name} must speak of the run itself: leave out pin and with",
    "lesson_claim": "{where}: the text marks an unknown claim, {value}: use one of {choices}",
    "lesson_mark": "{where}: the claim {value} must be marked once, as [words](claim:{value}), and "
    "is marked {count} times",
    "lesson_measure": "{where}: {name} asks for {value}, which this run does not have: ask for "
    "another quantity, or run another cell or sequence",
    "lesson_infinite": "{where}: {name} asks for {value}, which is infinite in this run: ask for "
    "another quantity, or lower the scale of the weights",
    "qr_local": "this lab is served on {host}, which no other device can reach: start it with "
    "--host 0.0.0.0 or HOST=0.0.0.0",
    "qr_offline": "this machine is in no network that a phone could join: connect it to one",
    "qr_contained": "this lab runs in a container and cannot know the address of the machine: set "
    "UNROLLED_PUBLIC_ADDRESS to the one that phones can open",
    "qr_elsewhere": "base must be the address of this lab in your browser, got {value}",
    "qr_host": "host must be one of {choices}, got {value}",
    "qr_path": "path must be the address of a page of this lab, such as /lessons, got {value}",
    "qr_long": "the address has {count} characters and a phone can scan at most {limit}: shorten "
    "the lesson, or share its file",
    "lesson_too_big": "the questions of this lesson need runs of {count} numbers in all and the "
    "most is {limit}: ask for fewer runs, lower hidden_size or shorten the sequence",
    "half": "the file holds half a character ({value}): remove it, or write the whole one",
    "lesson_file": "this file is not a lesson: it needs the tables lesson and words",
    "training_gone": "this training is no longer on the server: start it again",
    "training_elsewhere": "this training continues in another window: watch it there, or "
    "start a new one",
    "no_run": "there is no training run with the id {value}: start one",
    "fixed": "{field} cannot change while a run trains: change learning_rate, clip_norm or "
    "clip_value, or start a new run",
    "training_too_big": "one training step of this size takes {work} steps of work and the most is "
    "{limit}: lower hidden_size, batch_size or length",
    "trainings_full": "the running trainings use all {limit} MiB of their memory: lower "
    "hidden_size, batch_size or length, or try again when one has ended",
    "forgotten": "the network {value} is not, or no longer, on this server: train it again, or "
    "open its file again",
    "writes_nothing": "the task {task} has no next character for a network to write: train one on "
    "the task text",
    "not_own": "{field} {value} is no network of a file of weights: open such a file first",
    "room_gone": "there is no room with this code: look at the code again; a room also ends with "
    "its lesson",
    "room_code": "a code must be six letters, none of them a vowel, got {value}",
    "room_tries": "too many wrong codes came from this network: wait a minute, and try again",
    "rooms_full": "this server has {limit} rooms, the most at once: try again when one has ended",
    "rooms_away": "the rooms cannot be reached for a moment: try again",
    "room_full": "this room has {limit} students, the most at once: use the lab without the room",
    "room_join": "join the room before you send anything else: send join",
    "room_token": "this token is not for this room: open or join the room again",
    "room_teacher": "only a teacher may do this: join with a teacher's token",
    "room_driver": "another teacher leads the room: take the lead first",
    "room_student": "only a student may do this: join without a teacher's token",
    "room_hasty": "the most is {limit} messages a second: send fewer",
    "room_name": "the name must be 1 to {limit} letters, digits and spaces, got {value}",
    "room_text": "{field} must be text of at most {limit} whole characters, got {value}",
    "room_form": "{field} cannot be {value} in a room: send it as the page has it",
    "room_number": "{field} must be a number from {low} to {high}, got {value}",
    "room_count": "{field} must be a list of {low} to {high} entries, got {count}",
    "room_question": "no question with this number and round takes answers: it was closed, or "
    "another one was asked",
    "room_big": "the room would show more than {limit} bytes: shorten the sequence",
    "room_lesson": "this class follows no lesson of the teacher's own: look where the class is",
    "room_run_big": "this run has more than {limit} bytes, the most that a room sends to all: run "
    "it yourself",
    "host": "this lab is not served as {host}: open it at its address, or add the name to "
    "UNROLLED_HOSTS",
    "foreign": "pages of other sites may not send this request: open the lab itself",
    "no_page": "there is nothing at {path}: /docs lists what there is",
    "no_method": "{path} does not take {method}: /docs lists what it takes",
    "parameter": "{field} must be one of {choices}, got {value}",
    "parameter_missing": "{field} is missing from the address: add it",
    "busy": "the server is busy with {limit} runs, the most at once: try again in a moment",
    "internal": "the server failed to compute this; the error is in its log",
}


class MessageError(ValueError):
    """An invalid message; like ``ExperimentError``, with a code and a sentence.

    ``number`` is the message's id, if it could be read; ``field`` is the one to change, if any.
    """

    def __init__(
        self, code: str, number: int | None = None, field: str | None = None, **details: Any
    ) -> None:
        self.code, self.number, self.field, self.details = code, number, field, details
        super().__init__(MESSAGES[code].format(field=field, **details))


def described(error: ExperimentError | MessageError) -> dict[str, Any]:
    """Return an error as the page and the API write it; nested errors likewise."""
    return {
        "field": error.field,
        "code": error.code,
        "details": {
            name: described(value) if isinstance(value, ExperimentError) else value
            for name, value in error.details.items()
        },
        "message": str(error),
    }
