"""Values: equal by their fields, hashable, shown without what is hidden, and dataclasses for all."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, field, fields, replace

import pytest

from tui.frozen import frozen


@frozen
class Point:
    x: int
    y: int = 0


@frozen
class Named(Point):
    name: str = ""


@frozen
class Row:
    id: str
    token: str = field(default="", repr=False)
    raw: Mapping[str, str] = field(default_factory=dict, hash=False)
    note: str = field(default="", compare=False)


@frozen
class Made:
    name: str
    many: list[int] = field(default_factory=list)
    _: KW_ONLY
    last: str
    letters: int = field(init=False)

    def __post_init__(self) -> None:
        self.letters = len(self.name)  # type: ignore[misc] # it is not made yet


@frozen
class Nothing: ...


@frozen
class Folded:
    text: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Folded) and self.text.lower() == other.text.lower()


def test_values_are_equal_by_their_fields_and_only_to_their_own_class() -> None:
    assert Point(1, 2) == Point(1, 2)
    assert Point(1, 2) != Point(1, 3)
    assert Point(1) != Named(1)
    assert Nothing() == Nothing()


def test_a_field_that_is_not_compared_makes_no_difference() -> None:
    assert Row("1", note="new") == Row("1", note="old")
    assert Row("1", raw={"a": "b"}) != Row("1")


def test_equal_values_are_one_in_a_set_also_with_a_field_that_has_no_hash() -> None:
    assert len({Row("1", raw={}), Row("1", raw={}), Row("2")}) == 2
    assert len({Nothing(), Nothing()}) == 1


def test_a_class_keeps_its_own_methods() -> None:
    assert Folded("A") == Folded("a")
    assert Folded("A") != Folded("b")


def test_a_hidden_field_is_not_shown() -> None:
    assert repr(Row("1", token="secret")) == "Row(id='1', raw={}, note='')"
    assert repr(Named(1, 2, "p")) == "Named(x=1, y=2, name='p')"


def test_they_are_dataclasses() -> None:
    assert replace(Named(1), name="p") == Named(1, 0, "p")
    assert [one.name for one in fields(Named)] == ["x", "y", "name"]
    match Named(1, 2, "p"):
        case Named(x, y, name):
            assert (x, y, name) == (1, 2, "p")


def test_a_value_is_made_of_fields_that_stand_for_themselves_or_are_made() -> None:
    first, second = Made("a", last="z"), Made("b", [1], last="y")
    assert (first.name, first.many, first.last, first.letters) == ("a", [], "z", 1)
    assert second.many == [1]
    assert first.many is not Made("c", last="").many
    with pytest.raises(TypeError, match=r"Made\.__init__.*'last'"):
        Made("d")  # type: ignore[call-arg]


def test_a_class_has_its_method_compiled_when_its_first_value_is_made() -> None:
    @frozen
    class Late:
        x: int

    before = vars(Late)["__init__"]
    assert Late(x=1) == Late(1)
    assert vars(Late)["__init__"] is not before


def test_a_name_that_is_no_field_cannot_be_set() -> None:
    with pytest.raises(AttributeError):
        Point(1).z = 3  # type: ignore[attr-defined]
