"""Training pages: their commands, and the way to the process that has their run."""
