"""A recording's file, and its gradient window; PyTorch recorded it (tests/reference)."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from unrolled.engine import Recording
from unrolled.engine.recording.gradients import gradients_of

RECORDED = Path(__file__).parents[2] / "reference" / "recordings" / "packed-lstm.npz"


@pytest.fixture(scope="module")
def arrays():
    with np.load(RECORDED) as file:
        return {name: file[name] for name in file.files}


def test_the_window_is_the_median_over_the_sequences():
    recording = Recording.load(RECORDED)
    assert recording.modules == ("rnn",)
    assert repr(recording) == "Recording(rnn, 2 moments)"
    window = recording.norms()
    assert window.levels == ("l0", "l0_reverse", "l1", "l1_reverse")
    assert window.steps.tolist() == [1, 2]
    assert window.hidden.shape == window.cell.shape == (2, 4, 6)
    assert np.isfinite(window.hidden_all).all()
    assert (window.difference < 1e-14).all()
    with pytest.raises(ValueError, match="name one of the modules 'rnn'"):
        recording.norms("other")


def test_the_distance_of_a_way_that_ends_at_the_first_timestep_is_from_there():
    moment = Recording.load(RECORDED).moments[0]
    shape = (moment.module.levels, len(moment.lengths), moment.module.hidden_size)
    read = {"d_h_n": np.ones(shape), "d_c_n": np.zeros(shape)}  # as torch.cat([h[-2], h[-1]])
    alone = replace(
        moment, d_output=np.zeros_like(moment.d_output), states={**moment.states, **read}
    )
    found = gradients_of(alone)
    for b, length in enumerate(moment.lengths.tolist()):
        by_distance, in_order = (
            found.log10_last[:, 0, :length, b],
            found.log10_norms[:, 0, :length, b],
        )
        np.testing.assert_array_equal(by_distance[::2], in_order[::2, ::-1])
        np.testing.assert_array_equal(by_distance[1::2], in_order[1::2])


def test_a_file_of_many_moments_is_thinned():
    recording = Recording.load(RECORDED)
    (moment, _), many = recording.moments, Recording()
    for step in range(1, 66):
        many.add(replace(moment, step=step))
    assert [each.step for each in many.moments] == [*range(1, 66, 2)]


def test_a_step_that_is_not_finite_ends_what_is_kept(tmp_path):
    recording = Recording.load(RECORDED)
    (moment, _) = recording.moments
    recording.add(replace(moment, step=3, d_output=np.full_like(moment.d_output, np.inf)))
    recording.save(tmp_path / "training.npz")
    loaded = Recording.load(tmp_path / "training.npz")
    assert (len(loaded.moments), loaded.diverged_at) == (2, 3)


@pytest.mark.parametrize(
    ("name", "damaged", "said"),
    [
        ("0/x", np.zeros((6, 3, 7)), "x must have the shape"),
        ("0/x", np.full((6, 3, 2), np.nan), "0/x"),
        ("0/x", np.array([[["a"] * 2] * 3] * 6), "no floats"),
        ("0/lengths", np.array([1, 2, 9]), "lengths must be whole numbers from 1 to 6"),
        ("0/lengths", np.array([1.0, 2.0, 3.0]), "lengths must be whole numbers from 1 to 6"),
        ("0/weights/weight_ih_l0", np.zeros((3, 3)), "weight_ih_l0 must have the shape"),
        ("0/states/h_0", np.zeros((1, 3, 3)), "h_0 must have the shape"),
        ("0/unheard", np.zeros(3), "unheard"),
        ("recording", np.array("{"), "no whole recording"),
        ("recording", np.array(json.dumps({"moments": [{"step": 1}]})), "no whole recording"),
    ],
)
def test_a_file_that_was_not_recorded_is_refused(arrays, tmp_path, name, damaged, said):
    np.savez(tmp_path / "training.npz", **{**arrays, name: damaged})
    with pytest.raises(ValueError, match=r"training\.npz is no whole recording") as refusal:
        Recording.load(tmp_path / "training.npz")
    assert said in str(refusal.value)


def test_a_small_file_that_claims_to_be_a_huge_one_is_refused(tmp_path):
    head = io.BytesIO()
    huge = {"descr": "<f8", "fortran_order": False, "shape": (2**40, 1, 1)}
    np.lib.format.write_array_header_1_0(head, huge)
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w") as file:
        file.writestr("0/x.npy", head.getvalue())
    with pytest.raises(ValueError, match="bytes of arrays and the most is"):
        Recording.load(tmp_path / "bomb.npz")
    (tmp_path / "cut.npz").write_bytes(RECORDED.read_bytes()[:5000])
    with pytest.raises(ValueError, match="is no whole recording"):
        Recording.load(tmp_path / "cut.npz")
