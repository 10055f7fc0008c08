"""Server text is hostile: `clean` makes it safe to show. Every received text goes through it.

Invariant: the result has no C0/C1 control but newline, no bidi override, no lone surrogate, no pile of
marks on one letter, and at most `LIMIT` characters plus a note of what was cut.
"""

import re
from collections.abc import Mapping, Sequence
from unicodedata import normalize

LIMIT = 20_000
"""Longest text kept from one field, in characters."""
_NOTE = 64
"""Room for the note, so that a text that was cut once is not cut again."""

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2064\u206a-\u206f\u3164"
    "\ufeff\uffa0\ufff9-\ufffb\u2028\u2029\U0001d173-\U0001d17a\U000e0000-\U000e007f"
)
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0e31"
    "\u0e34-\u0e3a\u0e47-\u0e4e\u0f71-\u0f84\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\u302a-\u302f"
    "\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef"
)
"""Marks without a column of their own; no script puts more than four on a letter."""
_FLOOD = re.compile(f"([{_MARKS}]{{4}})[{_MARKS}]+")
_UNSEEN = re.compile(f"[{_BIDI}{_INVISIBLE}\ufe00-\ufe0f]")
_DIGITS = re.compile(r"\d+")
_HOSTILE = re.compile(f"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff{_BIDI}{_INVISIBLE}]")


def _stand_in(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code == 0x09:
        return " "
    if code == 0x0D:
        return ""
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def clean(text: str) -> str:
    """Return `text` with every control, bidi override and invisible character made visible."""
    if len(text) > LIMIT + _NOTE:
        text = f"{text[:LIMIT]}… (cut, {len(text)} characters)"
    return harmless(text)


def harmless(text: str) -> str:
    """The same for a text of limited length, such as our own output or a paste."""
    if text.isprintable() and text.isascii():
        return text
    return _FLOOD.sub("\\1\ufffd", _HOSTILE.sub(_stand_in, text))


class Altered(str):
    """A cleaned text that differs from the original; sending it back would change the original."""

    __slots__ = ()


def clean_tree(value: object) -> object:
    """Return decoded JSON with every string in it, keys included, passed through `clean`.

    A changed text is `Altered`; so is one with a replacement character, which may stand for bytes that
    could not be decoded.
    """
    if isinstance(value, str):
        return _cleaned(value)
    if isinstance(value, Mapping):
        return {_cleaned(str(key)): clean_tree(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [clean_tree(item) for item in value]
    return value


def _cleaned(text: str) -> str:
    cleaned = clean(text)
    return Altered(cleaned) if cleaned != text or "\ufffd" in text else cleaned


def one_line(text: str) -> str:
    """Return `text` on one line: runs of white space become a single space."""
    return " ".join(text.split())


def brief(text: str, most: int = 60) -> str:
    """Return `text` on one line and shortened to `most` characters."""
    text = one_line(text)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def counted(count: int, noun: str) -> str:
    """`1 key`, `4,963 keys`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def cited(text: str) -> str:
    """Return user input in quotes and shortened, for an error."""
    return repr(brief(text))


def folded(text: str) -> str:
    """Return `text` in a form for comparison, independent of encoding form and case.

    Equal are composed and decomposed letters, full-width forms, `ß` and `SS`, the dotted and dotless
    Turkish `i`, and every kind of space; invisible characters are ignored.
    """
    if text.isascii():
        return text.lower()
    plain = normalize("NFKC", _UNSEEN.sub("", text)).casefold()
    return normalize("NFKC", plain).replace("i\u0307", "i").replace("\u0131", "i")


def shared_start(one: str, other: str) -> int:
    """Characters that both start with."""
    pairs = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but numbers."""
    return _DIGITS.sub("", one) == _DIGITS.sub("", other)


def header_safe(value: str) -> bool:
    """Whether a header can carry `value` unchanged: Latin-1, no control character."""
    return all(" " <= char <= "~" or "\xa0" <= char <= "\xff" for char in value)
