"""Server text is hostile."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.text import LIMIT, clean, clean_tree, one_line

any_text = st.text(st.characters(exclude_categories=())) | st.text(
    "\x00\x1b\x9b\u202e\u2066\r\n\t\x7f[31m"
)


def test_marks_are_not_heaped_on_one_letter() -> None:
    assert clean("e" + "\u0301" * 5_000 + "x") == "e" + "\u0301" * 4 + "\ufffdx"
    assert (
        clean("Ệ\u0302\u0323 \u0e01\u0e36\u0e48 \u2764\ufe0f")
        == "Ệ\u0302\u0323 \u0e01\u0e36\u0e48 \u2764\ufe0f"
    )


@pytest.mark.parametrize("char", ["\u034f", "\u115f", "\u3164", "\uffa0", "\u206a", "\u180b"])
def test_what_looks_like_nothing_is_made_visible(char: str) -> None:
    assert clean(f"a{char}b") == "a\ufffdb"


@given(any_text)
def test_no_control_survives(text: str) -> None:
    shown = clean(text)
    assert not [char for char in shown if unicodedata.category(char) in ("Cc", "Cs") and char != "\n"]
    assert not set(shown) & set(
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
    )


@given(any_text)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize("size", [LIMIT - 1, LIMIT, LIMIT + 1, LIMIT + 200, LIMIT * 5])
def test_a_long_text_is_cut_once_and_says_so(size: int) -> None:
    shown = clean("x" * size)
    assert clean(shown) == shown
    assert len(shown) < LIMIT + 100
    assert (str(size) in shown) == (size > LIMIT + 100)


@given(any_text)
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(clean(text)).splitlines()) <= 1


def test_an_escape_sequence_is_shown_and_not_obeyed() -> None:
    assert clean("\x1b[2Jgone\x07") == "␛[2Jgone␇"


def test_names_and_values_deep_in_an_answer_are_cleaned() -> None:
    assert clean_tree({"a\x1b": [{"b": "c\u202ed"}, 7, None]}) == {"a␛": [{"b": "c\ufffdd"}, 7, None]}
