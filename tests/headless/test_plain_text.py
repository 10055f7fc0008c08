"""Markdown as a terminal shows it."""

import pytest

from tui.headless.plain_text import plain


def test_a_heading_is_underlined_and_a_paragraph_filled() -> None:
    page = "# Keys: all\n\nOne line\nand **another**.\n\n## More\n"
    assert plain(page) == "Keys: all\n=========\n\nOne line and another.\n\nMore\n----"


def test_a_list_is_filled_below_its_mark() -> None:
    page = "- one two three four\n  five\n- six\n"
    assert plain(page, 12) == "- one two\n  three four\n  five\n- six"


def test_code_stays_as_it_is_with_its_empty_lines() -> None:
    page = "Type:\n```sh\n# a comment\n\nsyncdeck   --demo\n```\nand wait.\n"
    assert plain(page) == "Type:\n\n    # a comment\n\n    syncdeck   --demo\n\nand wait."


def test_a_table_stands_in_columns_and_wraps_its_cells() -> None:
    page = "| key | what |\n| --- | --- |\n| `a\\|b` | one two three four |\n| `x` | y |\n"
    assert plain(page, 18).split("\n") == [
        "key    what",
        "-----  -----------",
        "`a|b`  one two",
        "       three four",
        "`x`    y",
    ]


def test_a_table_keeps_its_columns_below_a_comment_and_a_link_keeps_its_text() -> None:
    page = "<!-- made by a tool -->\n| a | b |\n| --- | --- |\n| [keys](keys.md) |  |\n<!-- end -->\n"
    assert plain(page) == "a     b\n----  -\nkeys"


@pytest.mark.parametrize("page", ["", "\n\n", "<!-- nothing -->\n"])
def test_a_page_without_text_is_empty(page: str) -> None:
    assert plain(page) == ""
