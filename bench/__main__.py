"""Print every figure, with medians."""

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")


def main() -> None:
    from bench import page, sweeps, traces

    traces.main()
    sweeps.main()
    page.main()


main()
