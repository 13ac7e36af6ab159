import itertools

from tests.browser.combinations import combined


def test_every_combination_is_there_and_each_value_among_the_few() -> None:
    for lengths in itertools.product([1, 2, 3, 5, 8], repeat=3):
        kinds = {name: range(length) for name, length in zip("abc", lengths, strict=True)}
        found = combined(**kinds).args[1]
        everything = itertools.product(*kinds.values())
        assert sorted(each.values for each in found) == sorted(everything)
        few = [each.values for each in found if not each.marks]
        assert len(few) == max(lengths)
        for place, kind in enumerate(kinds.values()):
            assert {values[place] for values in few} == set(kind), lengths


def test_two_short_kinds_are_not_always_in_step() -> None:
    found = combined(a=range(8), b="xy", c="pq").args[1]
    few = [each.values for each in found if not each.marks]
    assert {values[1:] for values in few} == set(itertools.product("xy", "pq"))


def test_no_more_than_is_said_are_usual() -> None:
    found = combined(1, a=range(3), b="xy").args[1]
    assert [each.values for each in found if not each.marks] == [(0, "x")]
    assert len(found) == 6


def test_the_names_of_a_mapping_are_in_the_report() -> None:
    found = combined(words={"long": "z" * 40}, width=[390]).args[1]
    assert [(each.id, each.values) for each in found] == [("long-390", ("z" * 40, 390))]
