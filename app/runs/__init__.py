"""Runs of an experiment: as frames, as JSON, and as the numbers of one timestep."""
