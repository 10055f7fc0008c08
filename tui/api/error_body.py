"""The server's own message in a response, in any of its shapes.

Sources: jtl PROTOCOL §5 (ErrorResponse, ProblemDetails), §10 (nested error), superoffice PROTOCOL §11,
§16 (ExceptionMessage, ModelState), OAuth2 errors.
"""

import re
from collections.abc import Mapping
from dataclasses import field

from tui.domain.superoffice.localized_text import readable
from tui.domain.text import brief, clean, one_line
from tui.frozen import frozen

LONGEST = 300
"""Maximum characters of one message."""
_MOST_FIELDS = 50
_TITLE = re.compile(r"<title[^>]{0,200}>(.{0,400}?)</title>", re.IGNORECASE | re.DOTALL)
_MESSAGES = (
    "errormessage",
    "exceptionmessage",
    "message",
    "detail",
    "error_description",
    "userexplanation",
    "title",
)
_CODES = ("errorcode", "error", "code", "errortype")
_FIELDS = ("validationerrors", "errors", "modelstate")


@frozen
class Words:
    """A server's message, safe to show."""

    text: str = ""
    """One line."""
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    html: bool = False
    code: str = ""
    """The machine-readable name of the error: a code, or the last part of ProblemDetails' `type`."""


def folded(tree: Mapping[str, object]) -> dict[str, object]:
    """The object with its keys in lower case; of two equal keys the first counts."""
    result: dict[str, object] = {}
    for key, value in tree.items():
        result.setdefault(key.lower(), value)
    return result


def short(text: str) -> str:
    """Clean `text`, put it on one line and limit its length."""
    return brief(clean(text), LONGEST)


def words_of_text(text: str) -> Words:
    """Read a response that is not JSON: the title of a web page, or the text itself."""
    head = text.lstrip()[:200].lower()
    if head.startswith(("<!doctype html", "<html")) or "<html" in head:
        title = _TITLE.search(text)
        return Words(short(f"web page “{one_line(title[1])}”" if title else "a web page"), html=True)
    return Words(short(text))


def words_of(tree: object) -> Words:
    if isinstance(tree, str):
        return Words(short(tree))
    if not isinstance(tree, Mapping):
        return Words()
    known = _unfolded(tree)
    fields = {name: texts for key in _FIELDS for name, texts in _fields(known.get(key)).items()}
    return Words(short(readable(_message(known))), fields, code=_code(known))


def _code(known: Mapping[str, object]) -> str:
    kind = known.get("type")
    named = kind.rpartition("#")[2] if isinstance(kind, str) and "#" in kind else ""
    codes = (code for name in _CODES if isinstance(code := known.get(name), str) and code)
    return short(next(codes, named))


def _unfolded(tree: Mapping[str, object]) -> dict[str, object]:
    """The object by its folded keys; `{"error": {"code", "message"}}` counts as what is inside.

    Source: jtl PROTOCOL §10.
    """
    known = folded(tree)
    inner = known.get("error")
    return {**known, "error": None, **folded(inner)} if isinstance(inner, Mapping) else known


def _message(known: Mapping[str, object]) -> str:
    found = [value for name in _MESSAGES if isinstance(value := known.get(name), str) and value.strip()]
    if isinstance(more := known.get("messagedetail"), str) and more.strip():
        found.insert(1, more)
    if not found:
        found = [value for name in _CODES if isinstance(value := known.get(name), str) and value.strip()]
    texts = list(dict.fromkeys(one.strip() for one in found[:2]))
    # A whole sentence introduces nothing.
    return (" " if texts and texts[0].endswith((".", "!", "?")) else ": ").join(texts)


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
