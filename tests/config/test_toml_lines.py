"""Every table and key is found on the line where it is written."""

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tui.config.toml_lines import index, line_of

KEYS = st.sampled_from(["a", "b-c", "D_9", '"with space"', "'x.y'", '"quo\\"te"'])
VALUES = st.sampled_from(['"text"', "1", "true", '[ "--a=b", "c" ]', '{ env = "X" }', '"[no.table]"'])


def bare(key: str) -> str:
    return next(iter(tomllib.loads(f"{key} = 0")))


@st.composite
def documents(draw: Any) -> Any:
    """TOML text, and the line of every table and key in it."""
    lines: list[str] = []
    where: dict[tuple[str, ...], int] = {}
    for table in draw(st.lists(st.tuples(KEYS, KEYS), unique=True, max_size=4)):
        lines += draw(st.lists(st.sampled_from(["", "# a = [b]", "  # [a]"]), max_size=2))
        lines.append(
            f"[ {table[0]} . {table[1]} ]" if draw(st.booleans()) else f"[{table[0]}.{table[1]}]"
        )
        path = (bare(table[0]), bare(table[1]))
        where[path] = len(lines)
        for key in draw(st.lists(KEYS, unique=True, max_size=4)):
            lines.append(f"{key} = {draw(VALUES)}  # why = not")
            where[(*path, bare(key))] = len(lines)
    return "\n".join(lines), where


@given(documents())
def test_a_table_or_key_is_found_where_it_stands(document: Any) -> None:
    text, where = document
    tomllib.loads(text)
    found = index(text)
    assert {path: found[path] for path in where} == where


def test_a_key_inside_an_inline_table_is_blamed_on_its_line() -> None:
    assert line_of("[a]\nb = { c = { d = 1 } }\n", ("a", "b", "c", "d")) == 2


def test_a_dotted_key_counts_as_its_whole_path() -> None:
    assert line_of("[a]\n\nb.c = 1\n", ("a", "b", "c")) == 3


def test_what_looks_like_a_key_inside_a_long_text_is_none() -> None:
    assert line_of('[a]\nx = """\ny = 1\n"""\ny = 2\n', ("a", "y")) == 5


def test_a_missing_key_is_blamed_on_its_table() -> None:
    assert line_of("[a.b]\nx = 1\n[a]\ny = 1\n", ("a", "missing")) == 3


def test_what_is_nowhere_has_no_line() -> None:
    assert line_of("x = 1\n", ("a",)) is None
