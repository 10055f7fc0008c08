"""The server's own message in a response, in any of its shapes.

Sources: jtl PROTOCOL §5 (ErrorResponse, ProblemDetails), superoffice PROTOCOL §11, OAuth2 errors.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tui.domain.text import clean, one_line

LONGEST = 300
"""Maximum characters of one message."""
_MOST_FIELDS = 50
_TITLE = re.compile(r"<title[^>]{0,200}>(.{0,400}?)</title>", re.IGNORECASE | re.DOTALL)
_MESSAGES = ("errormessage", "message", "detail", "error_description", "userexplanation", "title")
_CODES = ("errorcode", "error", "errortype")


@dataclass(frozen=True, slots=True)
class Words:
    """A server's message, safe to show."""

    text: str = ""
    """One line."""
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    html: bool = False


def folded(tree: Mapping[str, object]) -> dict[str, object]:
    """The object with its keys in lower case; of two equal keys the first counts."""
    result: dict[str, object] = {}
    for key, value in tree.items():
        result.setdefault(key.lower(), value)
    return result


def short(text: str) -> str:
    """Clean `text`, put it on one line and limit its length."""
    line = one_line(clean(text))
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def words_of_text(text: str) -> Words:
    """Read a response that is not JSON: the title of a web page, or the text itself."""
    head = text.lstrip()[:200].lower()
    if head.startswith(("<!doctype html", "<html")) or "<html" in head:
        title = _TITLE.search(text)
        return Words(short(f"web page “{one_line(title[1])}”" if title else "a web page"), html=True)
    return Words(short(text))


def words_of(tree: object) -> Words:
    """Read a decoded error response."""
    if isinstance(tree, str):
        return Words(short(tree))
    if not isinstance(tree, Mapping):
        return Words()
    known = folded(tree)
    fields = {**_fields(known.get("validationerrors")), **_fields(known.get("errors"))}
    return Words(short(_message(known)), fields)


def _message(known: Mapping[str, object]) -> str:
    found = [value for name in _MESSAGES if isinstance(value := known.get(name), str) and value.strip()]
    if isinstance(more := known.get("messagedetail"), str) and more.strip():
        found.insert(1, more)
    if not found:
        found = [value for name in _CODES if isinstance(value := known.get(name), str) and value.strip()]
    return ": ".join(dict.fromkeys(found[:2]))


def _fields(errors: object) -> dict[str, tuple[str, ...]]:
    """Messages per field, from `{field: text | [text]}` or `[{name, reason}]`."""
    result: dict[str, tuple[str, ...]] = {}
    if isinstance(errors, Mapping):
        pairs = [(str(name), value) for name, value in errors.items()]
    elif isinstance(errors, list):
        entries = [folded(entry) for entry in errors if isinstance(entry, Mapping)]
        pairs = [(str(entry.get("name") or ""), entry.get("reason")) for entry in entries]
    else:
        return result
    for name, value in pairs[:_MOST_FIELDS]:
        texts = value if isinstance(value, list) else [value]
        said_texts = tuple(short(text) for text in texts[:10] if isinstance(text, str) and text.strip())
        if said_texts:
            result[short(name)] = result.get(short(name), ()) + said_texts
    return result
