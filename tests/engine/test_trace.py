"""One whole run: what a trace holds."""

import doctest
from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest

from tests.engine import autograd_oracle as oracle
from unrolled import engine


@pytest.fixture(params=oracle.networks(), ids=oracle.name_of)
def trace(request):
    return engine.trace("the sky", hidden_size=3, **request.param)


def test_the_example_of_the_package_is_true():
    assert doctest.testmod(engine, raise_on_error=True).attempted == 3


def test_every_name_the_package_promises_exists():
    assert all(hasattr(engine, name) for name in engine.__all__)


def test_every_attribute_has_its_shape(trace):
    T, H, V = len(trace.tokens), 3, len(trace.vocabulary)
    shapes = {
        "inputs": (T, V), "targets": (T,), "hidden": (T, H), "probabilities": (T, V),
        "losses": (T,), "hidden_gradient": (T, H), "log10_gradient_norm": (T,),
        "log10_gradient_matrix": (T, T),
    }  # fmt: skip
    with_cell_state = {
        "cell_state": (T, H), "cell_gradient": (T, H), "log10_cell_gradient_norm": (T,),
    }  # fmt: skip
    if "c" in trace.network.cell.states:
        shapes |= with_cell_state
    else:
        assert all(getattr(trace, name) is None for name in with_cell_state)
    assert {name: getattr(trace, name).shape for name in shapes} == shapes
    assert all(getattr(trace, name).dtype == np.float64 for name in shapes if name != "targets")
    weights = trace.network.state_dict()
    assert {n: g.shape for n, g in trace.weight_gradients.items()} == {
        n: w.shape for n, w in weights.items()
    }
    assert trace.diverged_at is None


def test_gates_go_by_the_names_of_their_equations(trace):
    lstm, gru = ["i", "f", "g", "o"], ["r", "z", "n"]
    expected = {"lstm": lstm, "ln-lstm": lstm, "ln-gru": gru, "gru": gru, "gru-2014": gru}
    expected |= {"mgu": ["f", "n"], "mingru": ["z", "n"], "minlstm": ["i", "f", "n"]}
    assert list(trace.gates) == expected.get(trace.experiment.cell, [])
    for name, gate in trace.gates.items():
        assert gate.shape == trace.hidden.shape
        assert name in trace.network.cell.candidates or ((gate > 0) & (gate <= 1)).all()


def test_inputs_are_one_hot_and_name_the_token_read(trace):
    assert (trace.inputs.sum(axis=1) <= 1).all()
    for x, token in zip(trace.inputs, trace.tokens, strict=True):
        assert not x.any() or trace.vocabulary[int(x.argmax())] == token


def test_losses_exist_where_there_is_a_target_and_nowhere_else(trace):
    has_loss = trace.targets >= 0
    assert np.isfinite(trace.losses[has_loss]).all()
    assert np.isnan(trace.losses[~has_loss]).all()
    assert trace.probabilities[has_loss].sum(axis=1) == pytest.approx(1)
    assert np.isnan(trace.probabilities[~has_loss]).all()
    p = trace.probabilities[has_loss, trace.targets[has_loss]]
    possible = p > 0  # a linear network may be surer of another token than float64 can say
    assert trace.losses[has_loss][possible] == pytest.approx(-np.log(p[possible]), rel=1e-12)


def test_the_norms_are_those_of_the_gradients(trace):
    norms = np.linalg.norm(trace.hidden_gradient, axis=1)
    assert 10**trace.log10_gradient_norm == pytest.approx(norms, rel=1e-12)
    if trace.cell_gradient is not None:
        norms = np.linalg.norm(trace.cell_gradient, axis=1)
        assert 10**trace.log10_cell_gradient_norm == pytest.approx(norms, rel=1e-12)


def test_with_one_loss_the_total_norm_is_the_matrixs_only_row(trace):
    if (trace.targets >= 0).sum() == 1:
        np.testing.assert_allclose(
            trace.log10_gradient_matrix[-1], trace.log10_gradient_norm, rtol=0, atol=1e-13
        )


def test_a_trace_cannot_be_changed(trace):
    for field in fields(trace):
        with pytest.raises(FrozenInstanceError):
            setattr(trace, field.name, None)
        value = getattr(trace, field.name)
        for array in value.values() if isinstance(value, dict) else [value]:
            if isinstance(array, np.ndarray):
                with pytest.raises(ValueError, match="read-only"):
                    array[...] = 0


def test_the_step_values_of_a_trace_are_read_only(trace):
    for array in (*trace.moments, *trace.tape.states_prev):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_a_trace_holds_the_records_of_the_generators(trace):
    run = engine.Run.of(trace.experiment)
    for step in run.forward():
        t = step.timestep - 1
        np.testing.assert_array_equal(step.hidden, trace.hidden[t])
        assert (step.probabilities is None) == (trace.targets[t] < 0)
        if step.probabilities is not None:
            np.testing.assert_array_equal(step.probabilities, trace.probabilities[t])
        if step.cell_state is not None:
            np.testing.assert_array_equal(step.cell_state, trace.cell_state[t])
        for name, gate in step.gates.items():
            np.testing.assert_array_equal(gate, trace.gates[name][t])
    losses = list(run.losses())
    for loss in losses:
        assert loss.loss == trace.losses[loss.timestep - 1]
        assert loss.target == trace.targets[loss.timestep - 1]
    backward = list(run.backward())
    for back in backward:
        t = back.timestep - 1
        assert back.hidden_gradient.shape == (3,)
        np.testing.assert_array_equal(back.hidden_gradient, trace.hidden_gradient[t])
        assert back.log10_gradient_norm == trace.log10_gradient_norm[t]
        if back.cell_gradient is not None:
            np.testing.assert_array_equal(back.cell_gradient, trace.cell_gradient[t])
            assert back.log10_cell_gradient_norm == trace.log10_cell_gradient_norm[t]
    timesteps = [loss.timestep for loss in losses]
    matrix = np.full_like(trace.log10_gradient_matrix, -np.inf)
    for back in backward:
        met = timesteps[::-1][: len(back.log10_loss_gradient_norms)]
        matrix[np.array(met) - 1, back.timestep - 1] = back.log10_loss_gradient_norms
    np.testing.assert_array_equal(matrix, trace.log10_gradient_matrix)
    for name, gradient in run.weight_gradients().gradients.items():
        np.testing.assert_array_equal(gradient, trace.weight_gradients[name])


def test_the_same_experiment_gives_the_same_trace_to_the_last_bit(trace):
    again = engine.trace_of(trace.experiment)
    np.testing.assert_array_equal(again.hidden, trace.hidden)
    np.testing.assert_array_equal(again.log10_gradient_matrix, trace.log10_gradient_matrix)


def test_typing_one_more_character_leaves_the_states_so_far_as_they_were():
    shorter, longer = engine.trace("the clouds ar"), engine.trace("the clouds are")
    np.testing.assert_array_equal(longer.hidden[:-1], shorter.hidden)


def test_the_default_trace_reads_all_characters_but_the_last():
    trace = engine.trace()
    assert "".join(trace.tokens) == "the clouds are in the sk"
    assert trace.vocabulary[trace.targets[-1]] == "y"


def test_a_wrong_field_is_refused():
    with pytest.raises(engine.ExperimentError, match="colour"):
        engine.trace("abc", colour="red")  # type: ignore[call-arg]


@pytest.mark.parametrize("architecture", engine.ARCHITECTURES)
def test_any_script_can_be_a_sequence(architecture):
    family = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
    for text in ("云在天上", family + "ab", "नमस्ते", "e\N{COMBINING ACUTE ACCENT}x\r\n"):
        trace = engine.trace(text, architecture=architecture)
        assert np.isfinite(trace.log10_gradient_norm).all()
    assert engine.trace("我爱自然语言处理", tokens="words").tokens == ("我", "爱", "自然语言")


def test_without_the_walk_back_the_forward_pass_is_the_same_and_nothing_flows(trace):
    forward = engine.trace_of(trace.experiment, walk_back=False)
    np.testing.assert_array_equal(forward.hidden, trace.hidden)
    np.testing.assert_array_equal(forward.losses, trace.losses)
    assert not forward.hidden_gradient.any()
    assert (forward.log10_gradient_norm == -np.inf).all()
