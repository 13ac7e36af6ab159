"""The lab opens the file that `unrolled train` wrote, and says so of a file that is none."""

import re
from pathlib import Path
from string import ascii_lowercase

import pytest
from playwright.sync_api import Page, expect
from safetensors.numpy import save

from tests.app.routes.test_networks import weights
from tests.browser.test_lab import lab
from unrolled.engine import Training, TrainingRun

__all__ = ["lab"]
NUMBER = re.compile(r"-?\d+\.\d\d")


@pytest.fixture
def network(tmp_path: Path) -> Path:
    run = TrainingRun(Training(length=4, hidden_size=5, cell="gru", steps=3))
    list(run.steps())
    run.checkpoint().save(tmp_path / "net.npz")
    return tmp_path / "net.npz"


def test_a_file_opens_as_the_network_that_it_holds(lab: Page, network: Path) -> None:
    lab.get_by_label("Open your own network").set_input_files(network)
    expect(lab.locator("[data-part=trained]")).to_contain_text("GRU after 3 training steps")
    expect(lab.locator("[data-part=stage]")).to_be_visible()


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
    expect(note).to_contain_text("model.safetensors: LSTM, 4 hidden units. It reads 27 tokens")
    expect(lab.locator("[data-timestep='1']")).to_have_attribute("data-log10-gradient", NUMBER)
    note.get_by_role("button", name="Vocabulary").click()
    lab.get_by_role("textbox", name="Vocabulary").fill("\n".join([" ", *ascii_lowercase]))
    lab.get_by_role("button", name="Read with these tokens").click()
    expect(lab.get_by_role("textbox", name="Sequence")).to_have_value("the clouds are in the sky")
    expect(lab.locator("[data-part=stage]")).to_have_attribute("data-state", "done")
    expect(lab.locator("[data-timestep]")).to_have_count(24)
