"""Recall, copying, adding, parity and sine: their targets, and their baselines."""

import numpy as np
import pytest

from unrolled.engine import ExperimentError
from unrolled.engine.tasks import task
from unrolled.engine.tasks.synthetic import BLANK, COPIED, COPY_LETTERS, LETTERS

EXAMPLES = 20_000


def drawn(found, examples=EXAMPLES):
    return found.draw(np.random.default_rng(2), examples)


def names(found, classes):
    return np.array(found.vocabulary)[classes]


def cross_entropy(p, targets):
    """Mean loss of (T, B, V) probabilities where there is a target."""
    t, b = np.nonzero(targets >= 0)
    return -np.log(p[t, b, targets[t, b]]).mean()


def squared_error(y, targets):
    return 0.5 * np.nanmean((y - targets) ** 2)


def test_the_only_target_of_recall_is_the_first_letter_at_the_end():
    batch = drawn(task("recall", 12))
    assert (batch.targets[-1] == batch.x[0]).all()
    assert (batch.targets[:-1] == -1).all()
    assert (batch.x[0] < len(LETTERS)).all() and (batch.x[1:] >= len(LETTERS)).all()


def test_recalls_baseline_is_the_loss_of_any_letter_alike():
    found = task("recall", 12)
    batch = drawn(found)
    p = np.where(np.arange(found.outputs) < len(LETTERS), 1 / len(LETTERS), 0)
    with np.errstate(divide="ignore"):
        loss = cross_entropy(np.broadcast_to(p, (*batch.x.shape, found.outputs)), batch.targets)
    assert loss == pytest.approx(found.baseline, rel=1e-12)
    assert np.bincount(batch.x[0]) == pytest.approx(EXAMPLES / len(LETTERS), rel=0.1)


def test_the_targets_of_copying_are_blanks_until_the_signal_and_then_the_letters():
    found = task("copying", 7)
    batch = drawn(found, 50)
    read, targets = names(found, batch.x), names(found, batch.targets)
    assert len(read) == 7 + 2 * COPIED
    assert (targets[-COPIED:] == read[:COPIED]).all()
    assert (targets[:-COPIED] == BLANK).all()
    assert (read[-COPIED - 1] == ">").all() and (read == ">").sum() == 50


def test_copyings_baseline_is_the_loss_of_blanks_and_then_any_letter_alike():
    found = task("copying", 7)
    batch = drawn(found, 500)
    p = np.zeros((*batch.x.shape, found.outputs))
    p[:-COPIED, :, found.vocabulary.index(BLANK)] = 1
    p[-COPIED:, :, : len(COPY_LETTERS)] = 1 / len(COPY_LETTERS)
    assert cross_entropy(p, batch.targets) == pytest.approx(found.baseline, rel=1e-12)
    assert found.baseline == pytest.approx(3 * np.log(4) / (7 + 6), rel=1e-12)


def test_adding_marks_a_number_in_each_half_and_its_target_is_their_sum():
    batch = drawn(task("adding", 11))
    values, marks = batch.x[..., 0], batch.x[..., 1]
    assert (marks[:5].sum(axis=0) == 1).all() and (marks[5:].sum(axis=0) == 1).all()
    assert batch.targets[-1, :, 0] == pytest.approx((values * marks).sum(axis=0), rel=1e-12)
    assert np.isnan(batch.targets[:-1]).all()
    assert marks[:5].any(axis=1).all() and marks[5:].any(axis=1).all()


def test_addings_baseline_is_the_loss_of_saying_one():
    found = task("adding", 11)
    assert squared_error(1, drawn(found).targets) == pytest.approx(found.baseline, rel=0.03)


def test_the_mark_of_a_number_can_be_seen():
    found = task("adding", 2)
    assert found.reads(found.parse("0.5 0.25^"), 0) == ("0.50", "0.25^")


def test_the_target_of_parity_is_whether_the_ones_are_odd():
    batch = drawn(task("parity", 9))
    ones = (batch.x == 1).sum(axis=0)
    assert (batch.targets[-1] == ones % 2).all()
    assert (batch.targets[:-1] == -1).all()


def test_paritys_baseline_is_a_coin():
    found = task("parity", 9)
    assert drawn(found).targets[-1].mean() == pytest.approx(0.5, abs=0.02)
    assert found.baseline == pytest.approx(-np.log(0.5), rel=1e-12)


def test_the_targets_of_sine_are_the_next_values():
    batch = drawn(task("sine", 9), 50)
    assert (batch.targets[:-1] == batch.x[1:]).all()
    a, b, c = batch.x[:-2], batch.x[1:-1], batch.x[2:]
    frequency = ((a + c)[0] / (2 * b[0]))[None]
    assert a + c == pytest.approx(np.broadcast_to(2 * frequency * b, b.shape), abs=1e-6)


def test_sines_baseline_is_the_loss_of_the_best_line_through_the_last_value():
    found = task("sine", 30)
    batch = drawn(found, 3000)
    x, y = batch.x.ravel(), batch.targets.ravel()
    slope = x @ y / (x @ x)
    assert squared_error(slope * x, y) == pytest.approx(found.baseline, rel=0.05)


@pytest.mark.parametrize(
    ("name", "sequence", "targets"),
    [
        ("recall", "Cxyzzy", "C"),
        ("copying", "AB--->--", "------AB"),
        ("copying", "AB>---", "---AB-"),
        ("adding", "0.10^ 0.90 0.30^", "0.40"),
        ("adding", "1 2 3", "0.00"),
        ("parity", "1101", "1"),
        ("parity", "0", "0"),
        ("sine", "0.1 0.2 0.3", "0.20 0.30"),
    ],
)
def test_a_typed_sequence_has_the_target_of_the_task(name, sequence, targets):
    found = task(name)
    batch = found.parse(sequence)
    separator = "" if found.vocabulary else " "
    assert separator.join(filter(None, found.targets(batch, 0))) == targets


def test_a_target_that_is_typed_is_taken():
    found = task("recall")
    assert found.targets(found.parse("Axy", "B"), 0) == ("", "", "B")


@pytest.mark.parametrize("sequence", ["ABC-->", "ABC---"])
def test_a_copy_that_has_no_room_asks_for_its_target(sequence):
    with pytest.raises(ExperimentError, match="type it, for example --------") as error:
        task("copying").parse(sequence)
    assert error.value.field == "target"


@pytest.mark.parametrize("token", ["x", "^", "1e999", "nan", "0.1^^", "1,5"])
def test_a_token_that_is_no_number_is_named_beside_an_example(token):
    with pytest.raises(ExperimentError, match=r"0\.82\^") as error:
        task("adding").parse(f"0.5^ {token} 0.5^")
    assert error.value.details["value"] == token


def test_a_target_that_is_no_number_is_an_error_of_the_target():
    with pytest.raises(ExperimentError) as error:
        task("adding").parse("0.5^ 0.5^", "one")
    assert error.value.field == "target"
