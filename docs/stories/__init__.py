"""The stories of training: what is measured, and a figure of it."""
