"""The lab opens the file that `unrolled train` wrote, and says so of a file that is none."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_lab import lab
from unrolled.engine import Training, TrainingRun

__all__ = ["lab"]


@pytest.fixture
def network(tmp_path: Path) -> Path:
    run = TrainingRun(Training(length=4, hidden_size=5, cell="gru", steps=3))
    list(run.steps())
    run.checkpoint().save(tmp_path / "net.npz")
    return tmp_path / "net.npz"


def test_a_file_opens_as_the_network_that_it_holds(lab: Page, network: Path) -> None:
    lab.get_by_label("Open a trained network").set_input_files(network)
    expect(lab.locator("[data-part=trained]")).to_contain_text("GRU after 3 training steps")
    expect(lab.locator("[data-part=stage]")).to_be_visible()


@pytest.mark.pages
def test_a_file_that_is_no_network_is_told_beside_the_input(
    lab: Page, tmp_path: Path, complaints: list[str]
) -> None:
    (tmp_path / "notes.npz").write_text("nothing")
    lab.get_by_label("Open a trained network").set_input_files(tmp_path / "notes.npz")
    error = lab.locator("#network-error")
    expect(error).to_contain_text('"notes.npz" is not a trained network')
    complaints.clear()
