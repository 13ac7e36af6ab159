"""Labels of their own as outputs: a class of the whole sequence, and a tag of each token."""

import numpy as np
import pytest

import unrolled
from unrolled.engine import Experiment, ExperimentError
from unrolled.engine.architectures import labels_of

CLASSIC = {"tokens": "words", "target": "正面", "labels": "正面 / 负面"}


def test_the_outputs_are_the_labels_and_the_inputs_the_words() -> None:
    trace = unrolled.trace("这部电影太棒了", **CLASSIC)
    assert trace.vocabulary == ("正面", "负面")
    assert trace.input_vocabulary == trace.tokens == ("这部", "电影", "太棒了")
    assert trace.inputs.tolist() == np.eye(3).tolist()
    assert trace.probabilities[-1].sum() == pytest.approx(1)


def test_each_token_has_a_tag_of_the_labels() -> None:
    trace = unrolled.trace(
        "猫追老鼠",
        tokens="words",
        architecture="many-to-many",
        target="名词 动词 名词",
        labels="名词 动词",
    )
    assert trace.targets.tolist() == [0, 1, 0]
    assert trace.probabilities.shape == (3, 2)


def test_without_labels_the_outputs_are_the_words_as_before() -> None:
    assert unrolled.trace("hello").vocabulary == ("h", "e", "l", "o")


@pytest.mark.parametrize("architecture", ["one-to-many", "encoder-decoder"])
def test_an_architecture_that_speaks_has_words_alone(architecture: str) -> None:
    spoken = Experiment("abc", architecture=architecture, labels="x y")
    assert (
        spoken.problem().vocabulary
        == Experiment("abc", architecture=architecture).problem().vocabulary
    )


def test_the_words_keep_their_weights_whatever_the_labels() -> None:
    words, labels = (
        Experiment("I love it", tokens="words", target="good", labels=each).network()
        for each in ("", "good, bad")
    )
    assert (words.layers[0].weights.W_xh[:, :3] == labels.layers[0].weights.W_xh).all()


def test_a_target_that_is_no_label_is_refused_with_the_labels_there_are() -> None:
    with pytest.raises(ExperimentError, match=r'target has "x".* they are "good" "bad"'):
        Experiment("abc", target="x", labels="good, bad")


def test_labels_stand_between_slashes_commas_or_spaces() -> None:
    for text in ("正面 / 负面", "正面，负面", "正面、 负面", "正面 负面 正面"):
        assert labels_of(text) == ("正面", "负面")
    assert labels_of("very good / bad") == ("very good", "bad")
    assert labels_of(" ") == ()


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", "feedforward"])
def test_the_gradient_of_an_output_of_labels_is_that_of_central_differences(cell: str) -> None:
    run = unrolled.Run.of(Experiment("a b a c", cell=cell, **{**CLASSIC, "tokens": "words"}))
    trace, ends = unrolled.trace_of(run), []
    state, step = trace.network.state_dict(), 1e-6
    direction = {
        name: np.cos(np.arange(each.size)).reshape(each.shape) for name, each in state.items()
    }
    for sign in (1, -1):
        moved = {name: each + sign * step * direction[name] for name, each in state.items()}
        network = unrolled.Network.from_state_dict(moved, cell=cell)
        ends.append(np.nansum(unrolled.trace_of(unrolled.Run(network, trace.problem)).losses))
    slope = sum((trace.weight_gradients[name] * direction[name]).sum() for name in state)
    assert slope == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-6)
