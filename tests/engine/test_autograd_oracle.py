"""The networks that every gradient is held on."""

import itertools

from tests.engine import autograd_oracle as oracle


def pairs(networks):
    return {pair for fields in networks for pair in itertools.combinations(fields.items(), 2)}


def test_any_two_values_that_match_meet_in_the_networks_that_are_tried():
    assert pairs(oracle.networks()) == pairs(oracle.every_network())
    assert 4 * len(oracle.networks()) == len(oracle.every_network())
