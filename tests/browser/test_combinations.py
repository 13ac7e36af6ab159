import itertools

from tests.browser.combinations import combined


def test_every_combination_is_there() -> None:
    found = combined(a=range(3), b="xy", c=[1]).args[1]
    assert [each.values for each in found] == list(itertools.product(range(3), "xy", [1]))


def test_the_names_of_a_mapping_are_in_the_report() -> None:
    found = combined(words={"long": "z" * 40}, width=[390]).args[1]
    assert [(each.id, each.values) for each in found] == [("long-390", ("z" * 40, 390))]
