"""Print every figure, with medians."""

from bench import frameworks, growth, page, sweeps, traces, training

traces.main()
frameworks.main()
growth.main()
sweeps.main()
training.main()
page.main()
