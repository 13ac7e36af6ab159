"""Experiments of several layers and both directions, every cell, against autograd."""

import itertools

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.autograd_oracle import DRAWN, FUNCTIONS, STEPS, every_network, relative_error
from unrolled import engine
from unrolled.engine import CELLS, Experiment, ExperimentError

LAYERED = ("many-to-one", "many-to-many", "one-to-many")
SHAPES = [(2, 1), (1, 2), (3, 1), (2, 2), (4, 2)]
TRIED = [
    {"cell": cell, "layers": layers, "directions": directions, "architecture": architecture}
    for cell, (layers, directions), architecture in zip(
        CELLS,
        itertools.cycle(SHAPES),
        itertools.cycle(LAYERED),
        strict=False,
    )
]


def suffix_of(level):
    return f"_l{level.layer - 1}{'_reverse' * level.reverse}"


def forward(trace, p):
    """The loss at each timestep that has one; ``shift`` is added to the states of each level."""
    fields, T = trace.described, len(trace.losses)
    step, f = STEPS[fields.cell], FUNCTIONS[fields.activation]
    words = len(trace.problem.input_vocabulary)
    reads, of_layer = [*np.eye(words + 1)[trace.problem.inputs, :-1]], []
    for number, level in enumerate(trace.levels):
        own = {
            name.replace(suffix_of(level), "_l0"): value
            for name, value in p.items()
            if name.endswith(suffix_of(level))
        }
        own |= {"shift_h": p["shift"][number, 0], "shift_c": p["shift"][number, 1]}
        h = c = np.zeros(fields.hidden_size)
        states = [None] * T
        for t in reversed(range(T)) if level.reverse else range(T):
            h, c = step(f, own, reads[t], h, c, t)
            states[t] = h
        of_layer.append(states)
        if len(of_layer) == fields.directions:
            reads, of_layer = [anp.concatenate(each) for each in zip(*of_layer, strict=True)], []
    H, losses = fields.hidden_size, []
    for t, target in enumerate(trace.problem.targets):
        if target >= 0:
            h = reads[t]
            if fields.architecture == "many-to-one" and fields.directions > 1:
                h = anp.concatenate([reads[-1][:H], reads[0][H:]])
            y = anp.dot(p["head.weight"], h) + p["head.bias"]
            y = y - y[target]
            most = anp.max(y)
            losses.append(most + anp.log(anp.sum(anp.exp(y - most))))
    return losses


@pytest.fixture(params=TRIED, ids=lambda each: "-".join(map(str, each.values())))
def trace(request):
    return engine.trace("abcab", hidden_size=3, seed=1, recurrent_scale=1.3, **request.param)


def parameters(trace):
    T, H = len(trace.losses), trace.described.hidden_size
    return {**trace.network.state_dict(), "shift": np.zeros((len(trace.levels), 2, T, H))}


def test_every_gradient_of_every_layer_and_direction_agrees_with_autograd(trace):
    expected = autograd.grad(lambda p: sum(forward(trace, p)))(parameters(trace))
    for name, gradient in trace.weight_gradients.items():
        assert relative_error(gradient, expected[name]) < 1e-10, name
    for level, (d_h, d_c) in zip(trace.levels, expected["shift"], strict=True):
        assert relative_error(level.hidden_gradient, d_h) < 1e-10
        if level.cell_gradient is not None:
            assert relative_error(level.cell_gradient, d_c) < 1e-10


NETWORKS = [each for each in every_network() if each["architecture"] in LAYERED]
ANY = st.fixed_dictionaries(
    {
        "sequence": st.text("abc d", min_size=2, max_size=5),
        "network": st.sampled_from(NETWORKS),
        "shape": st.sampled_from([*itertools.product((1, 2, 3, 4), (1, 2))][1:]),
        "hidden_size": st.integers(2, 4),
        **DRAWN,
    }
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(ANY)
def test_any_network_of_layers_agrees_with_autograd(fields):
    network, (layers, directions) = fields.pop("network"), fields.pop("shape")
    trace = engine.trace(**fields, **network, layers=layers, directions=directions)
    expected = autograd.grad(lambda p: sum(forward(trace, p)))(parameters(trace))
    shift = expected.pop("shift")
    pairs = {name: (trace.weight_gradients[name], d) for name, d in expected.items()}
    for level, (d_h, d_c) in zip(trace.levels, shift, strict=True):
        pairs[f"h{suffix_of(level)}"] = level.hidden_gradient, d_h
        if level.cell_gradient is not None:
            pairs[f"c{suffix_of(level)}"] = level.cell_gradient, d_c
    for name, (found, wanted) in pairs.items():
        # Cancellation between losses and levels limits a gradient that is small beside its parts.
        scale = max(np.abs(wanted).max(), 1e-4)
        assert np.abs(found - wanted).max() < 1e-10 * scale, name


def test_the_share_of_every_loss_agrees_with_autograd(trace):
    def losses(shift):
        return anp.array(forward(trace, {**parameters(trace), "shift": shift}))

    jacobian = autograd.jacobian(losses)(parameters(trace)["shift"])[:, :, 0]
    norms = np.linalg.norm(jacobian, axis=-1)
    ends = [trace.read_at[int(level.reverse)] for level in trace.levels]
    for n, s in enumerate(trace.reached_losses):
        for level, share in enumerate(10 ** trace.log10_shares(int(s) + 1)):
            expected = norms[n, level] / norms[n, level, ends[level][n]]
            np.testing.assert_allclose(share, expected, rtol=1e-9, atol=1e-12)


def test_the_first_layer_is_the_one_that_an_experiment_of_one_layer_has():
    fields = {"cell": "gru", "hidden_size": 4, "seed": 3}
    one, three = Experiment(**fields).network(), Experiment(**fields, layers=3).deep_network()
    for own, below in zip(one.layers[0].weights, three.layers[0][0].weights, strict=True):
        np.testing.assert_array_equal(own, below)
    by_hand = Experiment("ab", hidden_size=2, by_hand="W_hh_1_2 0.5")
    (level,) = engine.deep_trace_of(by_hand).levels
    (alone,) = engine.trace_of(by_hand).levels
    assert (alone.layer, alone.reverse) == (level.layer, level.reverse) == (1, False)
    np.testing.assert_allclose(level.hidden_gradient, alone.hidden_gradient, rtol=1e-12)


def test_one_layer_that_reads_forward_takes_the_path_of_one_layer_bit_for_bit():
    fields = {"cell": "lstm", "architecture": "many-to-many", "hidden_size": 4}
    asked, plain = Experiment(**fields, layers=1, directions=1, layer=1), Experiment(**fields)
    alone, one = (engine.trace_of(each) for each in (plain, asked))
    assert isinstance(engine.trace(**fields, layers=1, directions=1), engine.Trace)
    for name in ("hidden", "hidden_gradient", "log10_loss_gradient_norms", "losses"):
        np.testing.assert_array_equal(getattr(one, name), getattr(alone, name))


def test_made_by_makes_the_run_again():
    fields = {"layers": 2, "directions": 2, "loss": "all", "clip_norm": 0.1, "truncate": 3}
    trace = engine.deep_trace_of(Experiment("the sky", **fields))
    again = engine.deep_trace_of(engine.experiment_of(trace.made_by()))
    assert again.described == trace.described
    for one, other in zip(trace.levels, again.levels, strict=True):
        np.testing.assert_array_equal(one.hidden_gradient, other.hidden_gradient)
    told = trace.to_dict()
    assert [(each["layer"], each["reverse"]) for each in told["levels"]] == [
        *((1, False), (1, True), (2, False), (2, True)),
    ]
    assert [each["verdict"] for each in told["levels"]] == [*trace.verdicts]


@pytest.mark.parametrize("field", ["layers", "directions"])
def test_a_trace_of_one_layer_refuses_more_by_name(field):
    deep = Experiment(**{field: 2})
    with pytest.raises(ExperimentError, match=f"{field} must be 1 here, got 2") as caught:
        engine.trace_of(deep)
    assert caught.value.field == field
    with pytest.raises(ExperimentError, match=f"{field} must be 1 in the encoder-decoder"):
        Experiment(**{field: 2}, architecture="encoder-decoder")
    with pytest.raises(ExperimentError, match=f"{field} must be 1 with weights set by hand"):
        Experiment(**{field: 2}, hidden_size=2, by_hand="W_hh_1_2 0.5")


def test_a_run_ends_between_two_layers_when_it_is_asked_to():
    seen = []

    def leave():
        seen.append(None)
        if len(seen) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        engine.deep_trace_of(Experiment(layers=4), leave)
    assert len(seen) == 3
