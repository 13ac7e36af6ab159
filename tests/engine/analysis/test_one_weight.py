"""One weight: its gradient by timestep, and the central difference beside it."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from tests.engine import autograd_oracle as oracle
from unrolled.engine import CELLS, Experiment, trace_of
from unrolled.engine.analysis.one_weight import one_weight


def every_weight(trace):
    for array, values in trace.network.state_dict().items():
        for index in np.ndindex(values.shape):
            yield array, index


@pytest.mark.parametrize("cell", CELLS)
def test_the_timesteps_add_up_to_the_gradient_and_the_central_difference_agrees(cell):
    architecture = "encoder-decoder" if cell in ("gru", "mgu") else "many-to-many"
    trace = trace_of(Experiment("abab", cell=cell, hidden_size=2, architecture=architecture))
    mixed = trace.network.cell.mixed(2)
    for array, index in every_weight(trace):
        if array.endswith("weight_hh_l0") and not mixed[index]:
            continue
        found = one_weight(trace, array, index)
        own = trace.weight_gradients[array][index]
        assert found.value == trace.network.state_dict()[array][index]
        assert found.gradient == pytest.approx(own, rel=1e-12, abs=1e-15)
        assert found.difference == pytest.approx(own, rel=1e-7, abs=1e-8), (array, index)


def test_a_timestep_at_which_a_weight_is_not_used_adds_nothing():
    trace = trace_of(Experiment(hidden_size=2, architecture="many-to-many", tokens="words",
                                sequence="a b a b"))  # fmt: skip
    a = one_weight(trace, "weight_ih_l0", (0, trace.vocabulary.index("a"))).timesteps
    assert a[1] == 0 and a[0] != 0 and a[2] != 0
    assert one_weight(trace, "weight_hh_l0", (0, 1)).timesteps[0] == 0  # h_0 is zero


def test_clipping_leaves_both_alone_and_truncation_the_difference():
    fields = {"sequence": "abcabcabc", "hidden_size": 2, "recurrent_scale": 2.0}
    plain, clipped, cut = (
        one_weight(trace_of(Experiment(**fields, **more)), "weight_hh_l0", (0, 0))
        for more in ({}, {"clip_norm": 1e-3}, {"truncate": 1})
    )
    assert clipped.gradient == plain.gradient
    assert cut.difference == plain.difference
    assert np.count_nonzero(cut.timesteps) == 1


def test_where_the_state_overflows_there_is_no_difference():
    trace = trace_of(Experiment("a" * 2000, hidden_size=1, activation="identity",
                                recurrent_scale=10.0))  # fmt: skip
    assert trace.diverged_at
    found = one_weight(trace, "weight_hh_l0", (0, 0))
    assert np.isnan(found.difference) and found.gradient == 0


@pytest.mark.parametrize(("cell", "attention"), [("lstm", "dot"), ("rnn", "additive")])
def test_with_attention_every_weight_has_its_timesteps_and_its_difference(cell, attention):
    fields = {"architecture": "encoder-decoder", "attention": attention, "target": "ba"}
    trace = trace_of(Experiment("abb", cell=cell, hidden_size=2, **fields))
    exact = oracle.gradients(trace)
    for array, index in every_weight(trace):
        found, own = one_weight(trace, array, index), exact[array][index]
        assert found.gradient == pytest.approx(own, rel=1e-10, abs=1e-14), (array, index)
        assert found.difference == pytest.approx(own, rel=1e-7, abs=1e-8), (array, index)


@pytest.mark.parametrize(
    ("array", "index", "timesteps"),
    [
        ("attention.weight", (0, 3), [3, 4]),
        ("attention.W_a.weight", (0, 1), [3, 4]),
        ("attention.U_a.weight", (0, 1), [0, 1, 2]),
        ("attention.v_a.weight", (0, 1), [3, 4]),
        ("head.weight", (0, 1), [3, 4]),
    ],
)
def test_a_weight_of_attention_is_used_where_its_vector_is(array, index, timesteps):
    fields = {"architecture": "encoder-decoder", "attention": "additive", "target": "ba"}
    trace = trace_of(Experiment("abb", hidden_size=2, **fields))
    assert np.flatnonzero(one_weight(trace, array, index).timesteps).tolist() == timesteps


def test_the_part_of_a_timestep_is_what_autograd_has_for_its_own_copy_of_the_weight():
    """Each loss of another target: the parts of W_q are those of its loss alone."""
    fields = {"architecture": "encoder-decoder", "attention": "additive", "target": "ba"}
    trace = trace_of(Experiment("abb", hidden_size=2, **fields))
    p = oracle.parameters(trace)
    losses = autograd.jacobian(
        lambda W: anp.array(oracle.forward(trace, {**p, "attention.weight": W}).losses)
    )(p["attention.weight"])
    for index in np.ndindex(2, 4):
        found = one_weight(trace, "attention.weight", index).timesteps[3:]
        assert found == pytest.approx(losses[:, *index], rel=1e-10, abs=1e-14)
