"""The lab opens the file that `unrolled train` wrote, and says so of a file that is none."""

import re
from dataclasses import replace
from pathlib import Path
from string import ascii_lowercase

import numpy as np
import pytest
from playwright.sync_api import JSHandle, Page, expect
from safetensors.numpy import save

from tests.app.cli.test_opened import recorded
from tests.app.routes.test_networks import RECORDED, weights
from tests.browser.accessible import assert_accessible
from tests.browser.test_lab import lab, opened
from unrolled import engine
from unrolled.app.i18n.catalog import languages
from unrolled.app.settings import Settings
from unrolled.engine import Training, TrainingRun

__all__ = ["lab"]
NUMBER = re.compile(r"-?\d+\.\d\d")


@pytest.fixture
def network(tmp_path: Path) -> Path:
    run = TrainingRun(Training(length=4, hidden_size=5, cell="gru", steps=3))
    list(run.steps())
    run.checkpoint().save(tmp_path / "net.npz")
    return tmp_path / "net.npz"


def carried(page: Page, name: str, content: bytes) -> JSHandle:
    """Return what the mouse carries of a file."""
    return page.evaluate_handle(
        """([name, bytes]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([Uint8Array.from(bytes)], name));
          return transfer;
        }""",
        [name, [*content]],
    )


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)])
def test_where_a_file_is_opened_is_seen_at_once(
    page: Page, server: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    opened(page, server)
    expect(page.get_by_label("Open your own network")).to_be_in_viewport()


def test_a_file_opens_as_the_network_that_it_holds(lab: Page, network: Path) -> None:
    lab.get_by_label("Open your own network").set_input_files(network)
    expect(lab.locator("[data-part=trained]")).to_contain_text("GRU after 3 training steps")
    expect(lab.locator("[data-part=stage]")).to_be_visible()


@pytest.mark.pages
def test_on_a_phone_the_settings_close_over_the_network_that_was_opened(
    page: Page, server: str, network: Path
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, server)
    page.get_by_role("button", name="All settings").click()
    page.get_by_label("Open your own network").set_input_files(network)
    expect(page.locator("[data-part=trained]")).to_contain_text("GRU")
    expect(page.get_by_label("Open your own network")).to_be_hidden()
    expect(page.locator("[data-part=stage]")).to_be_in_viewport(ratio=0.5)


@pytest.mark.pages
def test_on_a_phone_a_network_is_told_in_four_lines(
    page: Page, server: str, tmp_path: Path
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, server)
    (tmp_path / "model.safetensors").write_bytes(save(weights(inputs=27, outputs=27)))
    page.locator("[data-part=network-file]").set_input_files(tmp_path / "model.safetensors")
    note = page.locator("[data-part=trained]")
    expect(note).to_contain_text("It reads 27 different tokens")
    expect(note.get_by_text("yours to change")).to_be_hidden()
    box = note.bounding_box()
    assert box and box["height"] < 4 * 27


@pytest.mark.pages
def test_a_file_that_is_no_network_is_told_beside_the_input(
    lab: Page, tmp_path: Path, complaints: list[str]
) -> None:
    (tmp_path / "notes.npz").write_text("nothing")
    lab.get_by_label("Open your own network").set_input_files(tmp_path / "notes.npz")
    error = lab.locator("#network-error")
    expect(error).to_contain_text("The file notes.npz is no whole npz file")
    complaints.clear()


def test_the_weights_of_ones_own_network_are_traced_and_read_its_words(
    lab: Page, tmp_path: Path
) -> None:
    arrays = weights(inputs=27, outputs=27)
    (tmp_path / "model.safetensors").write_bytes(save(arrays))
    lab.get_by_label("Open your own network").set_input_files(tmp_path / "model.safetensors")
    note = lab.locator("[data-part=trained]")
    expect(note).to_contain_text(
        "model.safetensors: LSTM, 4 hidden units. It reads 27 different tokens"
    )
    expect(lab.locator("[data-timestep='1']")).to_have_attribute("data-log10-gradient", NUMBER)
    note.get_by_role("button", name="Vocabulary").click()
    lab.get_by_role("textbox", name="Vocabulary").fill("\n".join([" ", *ascii_lowercase]))
    lab.get_by_role("button", name="Read with these tokens").click()
    expect(lab.get_by_role("textbox", name="Sequence")).to_have_value("the clouds are in the sky")
    expect(lab.locator("[data-part=stage]")).to_have_attribute("data-state", "done")
    expect(lab.locator("[data-timestep]")).to_have_count(24)


@pytest.mark.pages
def test_a_module_that_nothing_reads_is_traced_and_its_loss_is_told(
    lab: Page, tmp_path: Path
) -> None:
    arrays = {name: each for name, each in weights().items() if not name.startswith("head")}
    (tmp_path / "model.safetensors").write_bytes(save(arrays))
    lab.get_by_label("Open your own network").set_input_files(tmp_path / "model.safetensors")
    expect(lab.locator("[data-part=trained]")).to_contain_text(
        "its states. The file has no readout"
    )
    expect(lab.locator("[data-weight=W_hy]")).to_be_hidden()
    expect(lab.locator("[data-weight=W_hh]:visible")).to_have_count(1)
    expect(lab.locator("[data-timestep='1']")).to_have_attribute("data-log10-gradient", NUMBER)
    expect(lab.get_by_role("textbox", name="Target")).to_be_hidden()


def test_the_banner_names_the_readout_and_the_embedding_and_another_choice_can_be_made(
    lab: Page, tmp_path: Path
) -> None:
    table = {"words.weight": np.random.default_rng(1).normal(size=(9, 5))}
    (tmp_path / "model.safetensors").write_bytes(save(weights(outputs=3) | table))
    chosen, note = lab.get_by_label("Open your own network"), lab.locator("[data-part=trained]")
    chosen.set_input_files(tmp_path / "model.safetensors")
    expect(note).to_contain_text("It reads 9 different tokens (rows of words), or a file of 5")
    expect(note).to_contain_text("outputs: 3, from the layer head.")
    note.get_by_role("button", name="Readout").click()
    dialog = lab.get_by_role("dialog", name="model.safetensors")
    dialog.locator("[name=head]").select_option("")
    dialog.get_by_label("Embedding").select_option("")
    assert_accessible(lab)
    dialog.get_by_role("button", name="Show its gradient").click()
    expect(note).to_contain_text("It reads 5 different tokens (one-hot)")
    expect(note).to_contain_text("so the loss is ½||h||²")


@pytest.mark.pages
def test_while_numbers_are_read_the_vocabulary_says_what_it_would_do(
    lab: Page, tmp_path: Path
) -> None:
    (tmp_path / "model.safetensors").write_bytes(save(weights()))
    np.save(tmp_path / "x.npy", np.ones((7, 5)))
    chosen, note = lab.get_by_label("Open your own network"), lab.locator("[data-part=trained]")
    chosen.set_input_files(tmp_path / "model.safetensors")
    expect(note).to_contain_text("model.safetensors: LSTM")
    chosen.set_input_files(tmp_path / "x.npy")
    expect(note).to_contain_text("It reads x.npy: 7 timesteps of 5 numbers")
    note.get_by_role("button", name="Vocabulary").click()
    expect(lab.locator("[data-part=own-count]")).to_contain_text("It reads x.npy, which needs no")
    lab.get_by_role("textbox", name="Vocabulary").fill("a\nb\nc\nd\ne")
    lab.get_by_role("button", name="Read with these tokens").click()
    expect(note).to_contain_text("It reads 5 different tokens")


@pytest.mark.pages
def test_a_button_takes_the_numbers_away_and_brings_the_text_back(
    lab: Page, tmp_path: Path
) -> None:
    (tmp_path / "model.safetensors").write_bytes(save(weights()))
    np.save(tmp_path / "x.npy", np.ones((7, 5)))
    chosen, note = lab.get_by_label("Open your own network"), lab.locator("[data-part=trained]")
    text = lab.get_by_role("textbox", name="Sequence")
    back = note.get_by_role("button", name="Read a text instead")
    chosen.set_input_files(tmp_path / "model.safetensors")
    expect(note).to_contain_text("model.safetensors: LSTM")
    expect(back).to_be_hidden()
    text.fill("3 1 4 1")
    expect(lab.locator("[data-timestep]")).to_have_count(3)  # the last is the target
    chosen.set_input_files(tmp_path / "x.npy")
    expect(note).to_contain_text("It reads x.npy: 7 timesteps of 5 numbers")
    expect(text).to_be_hidden()
    back.click()
    expect(note).to_contain_text("It reads 5 different tokens")
    expect(back).to_be_hidden()
    expect(text).to_have_value("3 1 4 1")
    expect(lab.locator("[data-timestep]")).to_have_count(3)  # the last is the target


@pytest.mark.parametrize("language", languages())
def test_on_a_projector_a_network_is_named_in_one_line(
    page: Page, server: str, tmp_path: Path, complaints: list[str], language: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    opened(page, server, view="projector", lang=language)
    name = f"{'sentiment-of-every-review-' * 3}gru.safetensors"
    arrays = weights("gru", layers=2, ways=2, inputs=27, outputs=27)
    (tmp_path / name).write_bytes(save(arrays))
    page.locator("[data-part=network-file]").set_input_files(tmp_path / name)
    page.locator("[data-part=own-show]").click()
    note = page.locator("[data-part=trained]")
    expect(note).to_contain_text("GRU")
    box, line = note.bounding_box(), page.locator("[data-part=own-tokens]").bounding_box()
    assert box and line
    assert box["height"] <= line["height"] + 8
    assert line["x"] + line["width"] <= box["x"] + box["width"]


@pytest.mark.pages
def test_a_vocabulary_takes_the_place_of_numbers_that_are_read(
    lab: Page, tmp_path: Path, complaints: list[str]
) -> None:
    (tmp_path / "model.safetensors").write_bytes(save(weights()))
    np.save(tmp_path / "x.npy", np.ones((7, 5)))
    (tmp_path / "few.txt").write_text("a\nb\nc")
    (tmp_path / "words.txt").write_text("a\nb\nc\nd\ne")
    chosen, note = lab.get_by_label("Open your own network"), lab.locator("[data-part=trained]")
    chosen.set_input_files(tmp_path / "model.safetensors")
    expect(note).to_contain_text("model.safetensors: LSTM")
    chosen.set_input_files(tmp_path / "x.npy")
    expect(note).to_contain_text("It reads x.npy: 7 timesteps of 5 numbers")
    chosen.set_input_files(tmp_path / "few.txt")
    expect(lab.locator("#network-error")).to_contain_text("3")
    expect(lab.locator("[data-part=own-count]")).to_contain_text("The 5 tokens that the network")
    lab.get_by_role("button", name="Close").click()
    chosen.set_input_files(tmp_path / "words.txt")
    expect(note).to_contain_text("It reads 5 different tokens")
    expect(lab.get_by_role("textbox", name="Sequence")).to_have_value(re.compile("^abcde"))
    complaints.clear()


@pytest.mark.pages
@pytest.mark.parametrize(
    ("typed", "kept", "problem"),
    [("cafe", "cafe", ""), ("0 1 2", "abc", ""), ("a dog", "a dog", 'has " "')],
)
def test_a_text_that_was_typed_is_read_by_a_vocabulary_that_comes_after_it(
    lab: Page, tmp_path: Path, typed: str, kept: str, problem: str
) -> None:
    (tmp_path / "model.safetensors").write_bytes(save(weights(inputs=26, outputs=26)))
    (tmp_path / "words.txt").write_text("\n".join(ascii_lowercase))
    chosen, text = lab.get_by_label("Open your own network"), lab.get_by_role("textbox")
    chosen.set_input_files(tmp_path / "model.safetensors")
    expect(lab.locator("[data-part=trained]")).to_contain_text("model.safetensors: LSTM")
    text.and_(lab.get_by_label("Sequence")).fill(typed)
    chosen.set_input_files(tmp_path / "words.txt")
    expect(lab.get_by_role("radio", name="Characters")).to_be_checked()
    expect(text.and_(lab.get_by_label("Sequence"))).to_have_value(kept)
    expect(lab.locator("[data-field=sequence] .error")).to_contain_text(problem)
    expect(lab.locator("[data-timestep]")).to_have_count(23 if problem else len(kept) - 1)


@pytest.mark.pages
def test_a_recording_is_shown_as_its_window_and_any_step_opens(lab: Page, tmp_path: Path) -> None:
    moments = engine.Recording.load(RECORDED).moments
    recording = engine.Recording(moments=[replace(each, states={}) for each in moments])
    recording.save(tmp_path / "training.npz")
    lab.get_by_label("Open your own network").set_input_files(tmp_path / "training.npz")
    dialog = lab.get_by_role("dialog", name="training.npz")
    expect(dialog.locator("figure canvas")).to_have_count(3)
    expect(dialog).to_contain_text("times the gradient at the loss")
    assert_accessible(lab)
    step = dialog.get_by_role("slider", name="Recorded step")
    step.press("Home")
    expect(step).to_have_attribute("aria-valuetext", "step 1")
    dialog.get_by_role("button", name="Open this moment in the lab").click()
    expect(lab.locator("[data-part=trained]")).to_contain_text("It reads training.npz #1:")
    expect(lab.locator(".stage .loss")).to_have_text("gradient as it was in training")
    expect(lab.locator(".timestep .output:not(:empty)")).to_have_count(0)
    expect(lab.locator("[data-timestep='1']")).to_have_attribute("data-log10-gradient", NUMBER)


@pytest.mark.pages
def test_a_recording_has_its_highest_layer_above_and_a_key_of_its_colours(
    lab: Page, tmp_path: Path
) -> None:
    path = recorded(tmp_path / "training.npz")
    lab.get_by_label("Open your own network").set_input_files(path)
    dialog = lab.get_by_role("dialog", name="training.npz")
    expect(dialog.locator("figcaption b")).to_have_count(4)
    names = dialog.locator("figcaption b").all_text_contents()
    assert [each.split(" · ")[1] for each in names] == ["l1_reverse", "l1", "l0_reverse", "l0"]
    expect(dialog.get_by_text("Gradient that arrives")).to_be_visible()
    inked = (
        "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, 1).data.some(Boolean)"
    )
    assert dialog.locator("[data-part=own-legend]").evaluate(inked)
    apart = "no gradient more than 0 timesteps back: the loss does not depend on those states"
    expect(dialog.locator("figcaption").first).to_contain_text(apart)
    assert_accessible(lab)


@pytest.mark.pages
def test_of_a_large_file_the_chosen_module_alone_is_sent(lab: Page, tmp_path: Path) -> None:
    arrays = weights(inputs=27, outputs=27) | {"other.weight": np.zeros((3, 2**22))}
    assert arrays["other.weight"].nbytes > Settings().network_file_bytes
    (tmp_path / "model.safetensors").write_bytes(save(arrays))
    lab.get_by_label("Open your own network").set_input_files(tmp_path / "model.safetensors")
    note = lab.locator("[data-part=trained]")
    expect(note).to_contain_text(
        "model.safetensors: LSTM, 4 hidden units. It reads 27 different tokens"
    )
    note.get_by_role("button", name="Readout").click()
    dialog = lab.get_by_role("dialog", name="model.safetensors")
    dialog.locator("[name=head]").select_option("")
    dialog.get_by_role("button", name="Show its gradient").click()
    expect(note).to_contain_text("so the loss is ½||h||²")
    note.get_by_role("button", name="Readout").click()
    expect(dialog.locator("[name=head] option")).to_have_text(["head", "none"])


@pytest.mark.pages
def test_a_file_is_dropped_anywhere_and_one_of_its_modules_chosen(
    lab: Page, tmp_path: Path, complaints: list[str]
) -> None:
    arrays = weights(prefix="one.") | weights("gru", layers=2, ways=2, prefix="two.")
    dropped = carried(lab, "model.safetensors", save(arrays))
    board = lab.locator("main")
    board.dispatch_event("dragover", {"dataTransfer": dropped})
    expect(lab.locator("body")).to_have_attribute("data-dropping", "")
    board.dispatch_event("drop", {"dataTransfer": dropped})
    dialog = lab.get_by_role("dialog", name="model.safetensors")
    expect(dialog.get_by_role("radio")).to_have_count(2)
    expect(dialog).to_contain_text("2 layers of 4 hidden units, both directions, read by two.head")
    dialog.get_by_role("radio", name="two.rnn").check()
    dialog.get_by_label("The readout reads").select_option("output")
    assert_accessible(lab)
    (tmp_path / "model.pt").write_text("")
    lab.get_by_label("Open your own network").set_input_files(tmp_path / "model.pt")
    other = lab.get_by_role("dialog", name="model.pt")
    expect(other).to_contain_text("a pickle, whose reading can run code")
    expect(other.get_by_role("radio")).to_have_count(0)
    complaints.clear()
    board.dispatch_event("drop", {"dataTransfer": dropped})
    dialog.get_by_role("radio", name="two.rnn").check()
    dialog.get_by_label("The readout reads").select_option("output")
    dialog.get_by_role("button", name="Show its gradient").click()
    expect(lab.locator("[data-part=trained]")).to_contain_text("GRU, 2 layers of 4 hidden units")
    (tmp_path / "words.json").write_text('{"a": 0, "b": 1, "c": 2, "d": 3, "e": 4}')
    lab.get_by_label("Open your own network").set_input_files(tmp_path / "words.json")
    expect(lab.get_by_role("textbox", name="Sequence")).to_have_value(re.compile("^abcdeabcde"))
    lab.evaluate("history.back()")  # the page is loaded again, for the network without words
    expect(lab.get_by_role("textbox", name="Sequence")).to_have_value(re.compile("^0 1 2"))
    lab.evaluate("history.back()")
    expect(lab.locator("[data-part=trained]")).to_be_hidden()
