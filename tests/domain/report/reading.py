"""Reads a written report as strictly as a ticket system does: what is markup, and what is text."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token

_VOID = frozenset({"meta", "br", "hr", "img", "link", "input"})


def tokens(markdown: str) -> list[Token]:
    """All tokens, as GitHub and GitLab would find them: with HTML, tables and strike-through."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    found: list[Token] = []
    for token in parser.parse(markdown):
        found += [token, *(token.children or ())]
    return found


def codes(markdown: str) -> list[str]:
    """The texts of all code spans."""
    return [token.content for token in tokens(markdown) if token.type == "code_inline"]


def plain(markdown: str) -> str:
    """What stands outside code spans."""
    return "\n".join(token.content for token in tokens(markdown) if token.type == "text")


@dataclass
class Page(HTMLParser):
    """Raises AssertionError for a tag that is not closed in its order."""

    tags: list[str] = field(default_factory=list)
    attributes: set[tuple[str, str]] = field(default_factory=set)
    texts: list[tuple[str, str]] = field(default_factory=list)
    """Each with the tag around it."""
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.open[-1] if self.open else "", data))

    def within(self, tag: str) -> list[str]:
        return [text for around, text in self.texts if around == tag]


def read_html(text: str) -> Page:
    page = Page()
    page.feed(text)
    page.close()
    assert page.open == []
    return page
