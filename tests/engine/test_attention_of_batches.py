"""Attention in a batch: padding, the sum over its examples, and a batch of one."""

from dataclasses import replace

import numpy as np
import pytest

from unrolled import engine
from unrolled.engine.attention.attended import Attention
from unrolled.engine.numerics.arrays import MANY

SCORES = ("dot", "additive")
WORDS = "abcd"
ENCODED = (5, 2, 3)
"""Timesteps of the encoder of each example."""


def network_of(cell="rnn", attention="additive"):
    """Weights that make all states large, and biases, so that padding has a state too."""
    config = engine.NetworkConfig(cell=cell, hidden_size=4, seed=3, recurrent_scale=1.4)
    network = engine.Network.random(config, 5, 5, encoder=True, attention=attention)
    rng = np.random.default_rng(1)
    state = {
        name: array + 0.3 * rng.normal(size=array.shape)
        for name, array in network.state_dict().items()
    }
    return engine.Network.from_state_dict(state, cell=cell)


def arrays_of(encoded, decoded=3, B=None):
    """Return (T, B) classes and targets: the padding is before the tokens of each encoder."""
    rng, B = np.random.default_rng(2), B or len(encoded)
    m, lengths = max(encoded), np.resize(encoded, B)
    x = rng.integers(5, size=(m + decoded, B))
    x[:m][np.arange(m)[:, None] < m - lengths] = -1
    targets = np.full(x.shape, -1)
    targets[m:] = rng.integers(5, size=(decoded, B))
    targets[m + 1 :, 0] = -1  # an answer that ends sooner
    return x, targets, m


def runs_alone(network, batch):
    """Return a trace of each example without its padding, begun from the state that it left."""
    x, problem, m = batch.problem.inputs, batch.problem, batch.problem.encoded
    states = dict(zip(network.cell.states, batch.tape().states_prev, strict=True))
    found = []
    for b in range(x.shape[1]):
        n = int((x[:m, b] < 0).sum())
        one = engine.Problem.from_arrays(x[n:, b], problem.targets[n:, b], encoder=m - n)
        one = one.starting_from(*(state[n, b] for state in states.values()))
        found.append(engine.trace_of(engine.Run(network, one)))
    return found


def run_of(network, problem, **fields):
    run = engine.Run(network, problem, **fields)
    run.finish(walk_back=True, between=lambda: None)
    return run


@pytest.mark.parametrize("attention", SCORES)
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_an_example_of_a_padded_batch_is_the_one_without_padding(cell, attention):
    """It begins from the state that the padding left, and the padding has no weight."""
    network = network_of(cell, attention)
    x, targets, m = arrays_of(ENCODED)
    run = run_of(network, engine.Problem.from_arrays(x, targets, encoder=m), loss="all")
    records = [*engine.Run(network, run.problem).forward()]
    losses = {(t - 1, b): loss for t, _, loss, b in map(_told, run.losses())}
    for b, trace in enumerate(runs_alone(network, run)):
        n, T = m - ENCODED[b], len(x)
        for s in trace.reached_losses.tolist():
            assert losses[n + s, b] == pytest.approx(trace.losses[s], rel=1e-12)
            seen = records[n + s].attention[b]
            assert not seen[:n].any()
            assert seen[n:] == pytest.approx(trace.attention[s], rel=1e-12)
        assert run.d_state[n:, 0, b] == pytest.approx(trace.hidden_gradient, rel=1e-10, abs=1e-14)
        assert len(trace.tokens) == T - n


def _told(step):
    return step.timestep, step.target, step.loss, step.example


@pytest.mark.parametrize("attention", SCORES)
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_gradient_of_a_batch_is_the_sum_of_its_examples(cell, attention):
    network = network_of(cell, attention)
    x, targets, m = arrays_of((4, 4, 4))
    run = run_of(network, engine.Problem.from_arrays(x, targets, encoder=m))
    found = run.weight_gradients().gradients
    traces = runs_alone(network, run)
    assert set(found) == set(network.state_dict())
    for name, d in found.items():
        expected = sum(trace.weight_gradients[name] for trace in traces)
        assert d == pytest.approx(expected, rel=1e-10, abs=1e-13), name
    for b, trace in enumerate(traces):
        last = trace.log10_gradient_matrix[trace.reached_losses[-1]]
        s = trace.reached_losses[-1] + 1
        assert run.log10_chosen[:s, 0, b] == pytest.approx(last[:s], abs=1e-10)


@pytest.mark.parametrize("attention", SCORES)
def test_a_sequence_is_a_batch_of_one(attention):
    network, (x, targets, m) = network_of(attention=attention), arrays_of((6, 6))
    one = engine.Problem.from_arrays(x[:, 1], targets[:, 1], encoder=m)
    trace = engine.trace_of(engine.Run(network, one))
    run = run_of(network, engine.Problem.from_arrays(x[:, 1:], targets[:, 1:], encoder=m))
    for name, d in run.weight_gradients().gradients.items():
        assert d == pytest.approx(trace.weight_gradients[name], rel=1e-11, abs=1e-14)
    assert run.d_state[:, 0, 0] == pytest.approx(trace.hidden_gradient, rel=1e-11, abs=1e-14)


@pytest.mark.parametrize("attention", SCORES)
def test_many_examples_side_by_side_in_memory_have_the_gradient_of_few(attention):
    network, (x, targets, m) = network_of(attention=attention), arrays_of(ENCODED, B=MANY + 1)

    def gradients(some):
        problem = engine.Problem.from_arrays(x[:, some], targets[:, some], encoder=m)
        return run_of(network, problem).weight_gradients().gradients

    halves = [gradients(some) for some in (slice(MANY // 2), slice(MANY // 2, None))]
    for name, d in gradients(slice(None)).items():
        expected = sum(each[name] for each in halves)
        assert d == pytest.approx(expected, rel=1e-9, abs=1e-12), name


def test_padding_changes_nothing_however_large_its_states():
    attention = Attention.random("dot", 3, 0)
    rng = np.random.default_rng(0)
    h, encoder = rng.normal(size=(2, 4, 3)), rng.normal(size=(2, 5, 3))
    padding = np.array([[True, True, False, False, False], [False] * 5])
    before = attention.of(h, encoder, padding)
    encoder[0, :2] = 100
    after = attention.of(h, encoder, padding)
    assert (before.q == after.q).all()
    assert before.q[0] == pytest.approx(attention.of(h[0], encoder[0, 2:]).q, rel=1e-14)


def test_before_the_walk_a_batch_has_no_gradient():
    network, (x, targets, m) = network_of(), arrays_of(ENCODED)
    run = engine.Run(network, engine.Problem.from_arrays(x, targets, encoder=m))
    for _ in run.forward():
        pass
    gradients = run.weight_gradients().gradients
    assert {name: each.shape for name, each in gradients.items()} == {
        name: each.shape for name, each in network.state_dict().items()
    }
    assert not any(each.any() for each in gradients.values())


@pytest.mark.parametrize("vectors", [False, True])
def test_padding_is_what_comes_before_the_first_input_of_an_encoder(vectors):
    x = np.array([[-1, 0, -1], [1, -1, -1], [2, 1, -1], [0, 0, 0]])
    problem = engine.Problem.from_arrays(x, np.where(x == 0, 0, -1), encoder=3)
    if vectors:
        problem = replace(problem, inputs=np.full(x.shape, -1), vectors=np.eye(4)[x][..., :3])
    assert problem.padding.tolist() == [[True, False, False], [False] * 3, [False] * 3]
    assert engine.Problem.from_arrays(x[:, 0], x[:, 0], encoder=3).padding is None
    assert engine.Problem.from_arrays(x, x).padding is None
