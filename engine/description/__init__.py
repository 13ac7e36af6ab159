"""Descriptions of the engine's own: for a type checker, a notebook, `help`, and in files."""
