"""Weights by hand: the matrices of a small network in numbers, and one weight of them."""
