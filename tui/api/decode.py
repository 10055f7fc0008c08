"""From the bytes of an answer to a tree of cleaned values. Nothing received goes another way.

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
"""What old servers name beside Unicode. Others are not decoded: Python knows some that take for ever."""
_TOO_DEEP = "it is nested too deeply"
_NESTS = (dict, list)
_DEEPEST = 64
"""Levels of lists and objects that are read; the documented answers have six at most."""
_ANY_SIZE = 100_000
"""Values that an answer may have however short they are."""
_VALUE, _NEST = 10, 30
"""Characters that a value, and an object or list, has at least in a longer answer, on average: less is
made to fill the memory, and would hold up the screen for minutes. The tightest documented one, a changed
record (superoffice-erpsync §6), has 19 and 37."""


_MUCH = 100_000
"""Bytes from which decoding would hold up the screen."""


async def aside(size: int, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do the work on `size` bytes, in a thread where it is much: keys must be answered meanwhile."""
    if size < _MUCH:
        return work(*args, **kwargs)
    return await asyncio.to_thread(work, *args, **kwargs)


class NotJson(ValueError):
    """The answer is no JSON that can be read; the message says in which way."""


def text_of(content: bytes, content_type: str = "") -> str:
    """Decode an answer's bytes: as what they are by themselves, else as what the header names; what
    cannot be decoded becomes a replacement character."""
    named = _CHARSET.search(content_type)
    found = json.detect_encoding(content)
    for encoding in (found, named[1] if named else found):
        with suppress(UnicodeError):
            return content.decode(encoding).removeprefix("\ufeff")
    return content.decode(found, errors="replace").removeprefix("\ufeff")


def tree_of(content: bytes, content_type: str = "") -> object:
    """Decode JSON and clean every string in it.

    Raises:
        NotJson: it is empty, broken, or nested or cut up beyond reason.
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
        raise NotJson(f"it is no valid JSON{where}") from None
    if _is_deep(tree):
        raise NotJson(_TOO_DEEP)
    return tree if _is_plain(text) else clean_tree(tree)


def _is_swarm(text: str) -> bool:
    """Whether it would grow out of proportion when it is decoded."""
    values, nests = text.count(","), text.count("{") + text.count("[")
    return values > max(_ANY_SIZE, len(text) // _VALUE) or nests > max(_ANY_SIZE, len(text) // _NEST)


def _is_deep(tree: object) -> bool:
    """Whether whoever walks the tree might come to the end of the stack."""
    level = [tree] if isinstance(tree, _NESTS) else []
    for _ in range(_DEEPEST):
        inner = chain.from_iterable(one.values() if isinstance(one, dict) else one for one in level)
        level = [item for item in inner if isinstance(item, _NESTS)]
    return bool(level)


def _is_plain(text: str) -> bool:
    """Whether cleaning could not change anything: a long list of rows is then not walked again."""
    return _NOT_PLAIN.search(text) is None and _LONG.search(text) is None


def excerpt(content: bytes, content_type: str = "") -> str:
    """Return the beginning of an answer that is no JSON, cleaned."""
    return clean(text_of(content[:4_000], content_type))
