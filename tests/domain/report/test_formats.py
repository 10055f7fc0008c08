"""Documents in their formats: whatever a text holds, it stays text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.report.reading import codes, plain, read_html, tokens
from tui.domain.report.document import Document, Foreign, Items, Paragraph, Section, Table, quiet
from tui.domain.report.html_page import as_html
from tui.domain.report.markdown import as_markdown, code
from tui.domain.text import clean, one_line

HOSTILE = (
    "`",
    "``` ```",
    "a`b``c",
    "`start and end`",
    "<script>alert(1)</script>",
    "x\\|<img src=x onerror=alert(1)>",
    "| a | b |",
    "[a](javascript:alert(1))",
    "![a](http://evil.example/x.png)",
    "# heading\n- item\n\n---",
    "~~struck~~ **bold** _em_ &amp; &#x3c;",
    "]]></style></title><h1>",
    "\x1b[31mred\x07\u202egnp.exe",
    "  blanks  ",
    "www.evil.example @everyone",
    "\\",
    "\\`",
)
OURS = {"h1", "h2", "p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "code", "s"}
FRAME = {"html", "head", "meta", "title", "style", "body"}


def document(text: str) -> Document:
    """The text in every place that a document has."""
    foreign, word = Foreign(text), quiet(text)
    row = ((foreign,), ("between ", word, " and ", foreign), (Foreign(text, is_struck=True),))
    return Document(
        ("Title ", foreign),
        (Paragraph((foreign, foreign)),),
        (Section("Section", (Items(((foreign,), ("x ", word))), Table(("A", "B", "C"), (row,)))),),
    )


def harmless(text: str) -> str:
    return one_line(clean(text))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_markdown(text: str) -> None:
    markdown = as_markdown(document(text))
    found = tokens(markdown)
    kinds = {token.type for token in found}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "fence", "code_block"}
    assert not kinds & {"em_open", "strong_open", "hr", "blockquote_open"}
    assert sum(token.type == "heading_open" for token in found) == 2
    assert sum(token.type == "td_open" for token in found) == 3
    in_table = harmless(text).replace("|", "¦")
    shown = [one for one in codes(markdown) if one.strip()]
    assert set(shown) <= {harmless(text), in_table}
    assert len(shown) >= 7


@given(st.text(max_size=40))
def test_a_code_span_holds_exactly_the_text(text: str) -> None:
    wanted = harmless(text)
    span = code(text)
    if not wanted:
        assert span == "–"
        return
    assert codes(f"x {span} y") == [wanted]
    assert plain(f"x {span} y").split() == ["x", "y"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_html(text: str) -> None:
    page = read_html(as_html(document(text)))
    assert set(page.tags) <= OURS | FRAME
    assert page.attributes == {
        ("html", "lang"),
        ("meta", "charset"),
        ("meta", "http-equiv"),
        ("meta", "content"),
        ("meta", "name"),
    }
    assert {one for one in page.within("code") if one.strip()} == {harmless(text)}


def test_a_page_needs_nothing_from_outside_and_runs_nothing() -> None:
    text = as_html(document("x"))
    assert "default-src &#x27;none&#x27;" in text
    for word in ("http://", "https://", "<script", "url(", "@import", "src="):
        assert word not in text
    assert "@media print" in text


@pytest.mark.parametrize("word", ["ok → error", "anna", "interval 5m → 1m", "locked"])
def test_a_harmless_word_stands_as_it_is(word: str) -> None:
    assert quiet(word) == word


@pytest.mark.parametrize("word", ["a_b_c", "a--b", "*x*", "www.x.de", "<b>", "a\nb", "", "@x"])
def test_any_other_word_is_code(word: str) -> None:
    assert quiet(word) == Foreign(word)
