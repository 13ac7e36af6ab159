"""The commands of the shell that run the engine."""
