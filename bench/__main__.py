"""Print every figure, with medians."""

from bench import frameworks, growth, page, sweeps, traces

traces.main()
frameworks.main()
growth.main()
sweeps.main()
page.main()
