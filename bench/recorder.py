"""The cost of ``unrolled.record`` in a training in PyTorch: one step in 50 is recorded.

Needs PyTorch; run it as ``python -m bench.recorder``.
"""

from statistics import median
from time import perf_counter

import unrolled

T, BATCH, INPUTS, HIDDEN, LAYERS, EVERY, ROUNDS = 100, 32, 64, 256, 2, 50, 7


def main() -> None:
    import torch

    torch.manual_seed(0)
    rnn = torch.nn.LSTM(INPUTS, HIDDEN, LAYERS, batch_first=True)
    model = torch.nn.ModuleDict({"rnn": rnn, "head": torch.nn.Linear(HIDDEN, INPUTS)})
    model.forward = lambda x: model["head"](model["rnn"](x)[0])
    optimizer = torch.optim.Adam(model.parameters())
    x = torch.randn(BATCH, T, INPUTS)

    def seconds(steps: int) -> list[float]:
        """Return the seconds of some steps, each."""
        found = []
        for _ in range(steps):
            start = perf_counter()
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(model(x), x).backward()
            optimizer.step()
            found.append(perf_counter() - start)
        return found

    seconds(3)
    ratios, copies = [], []
    for _ in range(ROUNDS):
        plain = seconds(EVERY // 5)
        with unrolled.record(model, every=EVERY) as recording:
            start = perf_counter()
            recorded = seconds(EVERY // 5)
        closing = perf_counter() - start - sum(recorded)
        usual = median(plain)
        copies.append(recorded[0] + closing - usual)
        others = (EVERY - 1) * median(recorded[1:])
        ratios.append((recorded[0] + closing + others) / (EVERY * usual))
    print(f"nn.LSTM {LAYERS} x {HIDDEN}, T = {T}, batch {BATCH}, every {EVERY}th step recorded:")
    print(f"  a step takes {usual * 1000:.0f} ms, and {median(copies) * 1000:.0f} ms more recorded")
    print(f"  the training takes {median(ratios):.3f} of its time without")
    start = perf_counter()
    recording.norms()
    print(f"  the engine computes a moment of 8 sequences in {perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
