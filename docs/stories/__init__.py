"""Training experiments: a measurement and a figure each."""
