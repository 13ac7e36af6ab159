"""Training runs, their commands, and their checkpoints."""
