"""A network while it is trained: runs, their commands, and the networks they leave."""
