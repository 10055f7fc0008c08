"""Turns the bytes of a response into a tree of cleaned values. All received data passes here.

Invariant: every string in the result is what `tui.domain.text.clean` makes of it.
"""

import asyncio
import json
import re
from collections.abc import Callable
from contextlib import suppress
from itertools import chain
from typing import ParamSpec, TypeVar

from tui.domain.text import LIMIT, clean, clean_tree

P = ParamSpec("P")
T = TypeVar("T")
_NOT_PLAIN = re.compile(r"[^\n\r\t -~\xa1-\xac\xae-\u02ff\u20ac\u2013-\u201e\u2026]|\\")
_LONG = re.compile(f'[^"]{{{LIMIT}}}')
_CHARSET = re.compile(
    r"charset=[\"']?((?:iso-?8859-|windows-125|cp125|latin-?)\d{1,2})\b", re.ASCII | re.IGNORECASE
)
"""Names that old servers use beside Unicode. Python knows others that take too long to decode."""
_TOO_DEEP = "it is nested too deeply"
_NESTS = (dict, list)
_DEEPEST = 64
"""Levels of lists and objects that are read; documented responses have at most six."""
_ANY_SIZE = 100_000
"""Values that a response may have however short they are."""
_VALUE, _NEST = 10, 30
"""Minimum average characters per value, and per object or list, in a longer response: less is made to
fill the memory and would block the screen for minutes. The densest documented response, a changed
record (superoffice PROTOCOL §6), has 19 and 37."""


_MUCH = 100_000
"""Bytes from which decoding would block the screen."""


async def in_thread_if_large(size: int, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do the work on `size` bytes, in a thread if it is much: keys must keep working."""
    if size < _MUCH:
        return work(*args, **kwargs)
    return await asyncio.to_thread(work, *args, **kwargs)


class NotJson(ValueError):
    """The response is not readable JSON; the message says why."""


def text_of(content: bytes, content_type: str = "") -> str:
    """Decode bytes by their own signature, else by the header's charset; bytes that cannot be decoded
    become a replacement character."""
    named = _CHARSET.search(content_type)
    found = json.detect_encoding(content)
    for encoding in (found, named[1] if named else found):
        with suppress(UnicodeError):
            return content.decode(encoding).removeprefix("\ufeff")
    return content.decode(found, errors="replace").removeprefix("\ufeff")


def tree_of(content: bytes, content_type: str = "") -> object:
    """Decode JSON and clean every string in it.

    Raises NotJson: it is empty, invalid, or too deeply nested or too finely split.
    """
    text = text_of(content, content_type)
    if not text.strip():
        raise NotJson("it is empty")
    if _is_swarm(text):
        raise NotJson("it has more values than a list of its size can have")
    try:
        tree = json.loads(text)
    except RecursionError:
        raise NotJson(_TOO_DEEP) from None
    except ValueError as error:
        where = f" at character {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        kind = "XML, not JSON" if text.lstrip().startswith("<") else f"not valid JSON{where}"
        raise NotJson(f"it is {kind}") from None
    if _is_deep(tree):
        raise NotJson(_TOO_DEEP)
    return tree if _is_plain(text) else clean_tree(tree)


def _is_swarm(text: str) -> bool:
    """Whether decoding would need far more memory than the text."""
    values, nests = text.count(","), text.count("{") + text.count("[")
    return values > max(_ANY_SIZE, len(text) // _VALUE) or nests > max(_ANY_SIZE, len(text) // _NEST)


def _is_deep(tree: object) -> bool:
    """Whether a recursive walk could overflow the stack."""
    level = [tree] if isinstance(tree, _NESTS) else []
    for _ in range(_DEEPEST):
        inner = chain.from_iterable(one.values() if isinstance(one, dict) else one for one in level)
        level = [item for item in inner if isinstance(item, _NESTS)]
    return bool(level)


def _is_plain(text: str) -> bool:
    """Whether cleaning would change nothing: then a long list of rows is not walked again."""
    return _NOT_PLAIN.search(text) is None and _LONG.search(text) is None


def excerpt(content: bytes, content_type: str = "") -> str:
    """Return the beginning of a response that is not JSON, cleaned."""
    return clean(text_of(content[:4_000], content_type))
