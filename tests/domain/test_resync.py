"""Keys as people type them, answers as servers give them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.resync import MOST_KEYS, KeyInputError, PluginAnswer, parse_keys


def typed_or_told(text: str) -> tuple[int, ...] | str:
    try:
        return parse_keys(text)
    except KeyInputError as refusal:
        return str(refusal)


@given(st.lists(st.integers(1, 2_147_483_647), max_size=200), st.sampled_from([", ", ",", " ", "\n"]))
def test_keys_come_out_once_each_in_the_order_given(keys: list[int], between: str) -> None:
    assert parse_keys(between.join(map(str, keys))) == tuple(dict.fromkeys(keys))


@given(st.text() | st.text("0123456789-, "))
def test_any_typing_gives_keys_or_a_sentence(text: str) -> None:
    answer = typed_or_told(text)
    if isinstance(answer, str):
        assert answer
    else:
        assert len(answer) == len(set(answer)) <= MOST_KEYS


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", ()),
        ("670, 47, 100-103", (670, 47, 100, 101, 102, 103)),
        ("5-5 5", (5,)),
        ("1-1000", tuple(range(1, 1001))),
    ],
)
def test_ranges_are_expanded(text: str, keys: tuple[int, ...]) -> None:
    assert parse_keys(text) == keys


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("1-1001", "1-1001"),
        ("1-999999999", "more than 1000"),
        ("7, x9", "x9"),
        ("9-3", "3-9"),
        ("0", "from 1"),
        ("-5", "-5"),
        ("2147483648", "2147483647"),
        ("1.5", "1.5"),
    ],
)
def test_a_wrong_part_is_named(text: str, named: str) -> None:
    with pytest.raises(KeyInputError, match=named.replace(".", r"\.")):
        parse_keys(text)


@pytest.mark.parametrize(
    ("is_ok", "status", "ok", "doubtful"),
    [
        (True, "Ok", True, False),
        (True, "Warning", True, False),
        (False, "Error", False, False),
        (None, "Error", False, False),
        (None, "OkWithInfo", True, False),
        (True, "", True, False),
        (True, "Error", None, True),
        (False, "Ok", None, True),
        (None, "", None, True),
    ],
)
def test_an_answer_that_contradicts_itself_is_doubtful(
    is_ok: bool | None, status: str, ok: bool | None, doubtful: bool
) -> None:
    answer = PluginAnswer(is_ok, status)
    assert answer.ok is ok
    assert bool(answer.doubtful) is doubtful
