"""Backpropagation through time: the pass forward, the losses, the walk back."""
