"""Print every figure, with medians."""

from bench import frameworks, growth, page, sweeps, tasks, traces, training

traces.main()
frameworks.main()
growth.main()
sweeps.main()
training.main()
tasks.main()
page.main()
