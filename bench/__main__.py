"""Print every figure, with medians."""

from bench import frameworks, growth, page, traces

traces.main()
frameworks.main()
growth.main()
page.main()
