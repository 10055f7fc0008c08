"""Resync keys as people write them: typed, pasted, or from a file, read line by line.

Invariant: every key that was written is either in `keys`, told as a repeat, or stands on a line that is
told as bad; a line with anything bad in it gives no key at all, because it may not be what it seems.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", int, str)

MOST_KEYS = 100_000
"""Keys in one resync, however many calls it takes."""
LARGEST_KEY = 2_147_483_647
"""Keys of the internal kind are Int32 (superoffice-erpsync §5)."""
LONGEST_EXTERNAL = 254
"""Characters of an external key [inferred: the width of the other texts, §6]."""
_SHOWN = 40
_UNDECODED = re.compile("[\udc80-\udcff]")
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f]")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""What takes no room on screen: a key with it looks like another one."""

_TOO_MANY = f"more than {MOST_KEYS:,} keys: send the rest on its own"

INTERNAL_RULE = "numbers and ranges such as 670, 47, 100-120; # begins a comment"
EXTERNAL_RULE = "one a line, or all on one line with commas; a line that begins with # is a comment"


@dataclass(frozen=True, slots=True)
class LineNote:
    """What is to be said of one line."""

    line: int
    """From 1."""
    sentence: str

    @property
    def told(self) -> str:
        """`line 7: 'abc' is no key`."""
        return f"line {self.line}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class KeyReport(Generic[Key]):
    """What was read of a key list."""

    keys: tuple[Key, ...] = ()
    """Each once, in the order given."""
    bad: tuple[LineNote, ...] = ()
    """One for each line that gives no key."""
    repeats: tuple[LineNote, ...] = ()
    """Keys that were written before; each is sent once."""

    @property
    def told(self) -> str:
        """`4,963 keys · 37 bad lines · 12 repeated`."""
        parts = [counted(len(self.keys), "key")]
        parts += [counted(len(self.bad), "bad line")] if self.bad else []
        parts += [f"{len(self.repeats):,} repeated"] if self.repeats else []
        return " · ".join(parts)


def counted(count: int, noun: str) -> str:
    """`1 key`, `4,963 keys`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def internal_keys(text: str) -> KeyReport[int]:
    """Read ErpInternalKey ids: `670, 47, 100-120` by commas or blanks, `#` begins a comment."""
    return _read(text, lambda line: line.partition("#")[0].replace(",", " ").split(), _range)


def external_keys(text: str) -> KeyReport[str]:
    """Read the ERP's own keys: one a line, or all on one line with commas between them; blanks around
    them do not count. One with a tab, or with what cannot be seen, is refused.

    Of several lines, one with a comma inside is refused: it may be one key or two."""
    several = sum(bool(_external_parts(line)) for _, line in _lines(text)) > 1
    return _read(text, _one_alone if several else _external_parts, lambda part: [_external(part)])


class _BadPart(ValueError):
    """A part that is no key; the message is what is said of it."""


def _read(
    text: str, parts: Callable[[str], Sequence[str]], keys_of: Callable[[str], Sequence[Key]]
) -> KeyReport[Key]:
    first: dict[Key, int] = {}
    bad: list[LineNote] = []
    repeats: list[LineNote] = []
    for number, line in _lines(text):
        try:
            found = _line_keys(line, parts, keys_of)
            _check_room(len(first) + sum(key not in first for key in set(found)))
        except _BadPart as problem:
            bad.append(LineNote(number, str(problem)))
            continue
        for key in found:
            if key in first:
                where = "on this line" if first[key] == number else f"first on line {first[key]}"
                repeats.append(LineNote(number, f"{key} again, {where}"))
            else:
                first[key] = number
    return KeyReport(tuple(first), tuple(bad), tuple(repeats))


def _check_room(count: int) -> None:
    if count > MOST_KEYS:
        raise _BadPart(_TOO_MANY)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    whole = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return enumerate(whole.split("\n"), 1)


def _line_keys(
    line: str, parts: Callable[[str], Sequence[str]], keys_of: Callable[[str], Sequence[Key]]
) -> list[Key]:
    if _UNDECODED.search(line):
        raise _BadPart("it is not UTF-8 text")
    if _CONTROL.search(line):
        raise _BadPart("it holds a control character")
    found: list[Key] = []
    for part in parts(line):
        found.extend(keys_of(part))
        _check_room(len(found))
    return found


def _range(part: str) -> Sequence[int]:
    first, dash, last = part.partition("-")
    ends = (first, last if dash else first)
    if not all(end.isascii() and end.isdecimal() for end in ends):
        raise _BadPart(f"{_quoted(part)} is no key")
    if any(len(end) > 10 or not 1 <= int(end) <= LARGEST_KEY for end in ends):
        raise _BadPart(f"{_short(part)}: keys are numbers from 1 to {LARGEST_KEY}")
    low, high = map(int, ends)
    if high < low:
        raise _BadPart(f"{part} runs backwards: write {high}-{low}")
    if high - low >= MOST_KEYS:
        raise _BadPart(f"{part} makes more than {MOST_KEYS:,} keys")
    return range(low, high + 1)


def _external_parts(line: str) -> Sequence[str]:
    if line.lstrip().startswith("#"):
        return ()
    return [part for part in map(str.strip, line.split(",")) if part]


def _one_alone(line: str) -> Sequence[str]:
    parts = _external_parts(line)
    if len(parts) > 1:
        raise _BadPart(
            f"{_quoted(line.strip())} may be {len(parts)} keys or one with a comma, which cannot be sent"
            " from here: write one key a line"
        )
    return parts


def _external(part: str) -> str:
    if "\t" in part:
        raise _BadPart(f"{_quoted(part)} holds a tab: write one key a line")
    if _UNSEEN.search(part):
        raise _BadPart(f"{_short(part)!a} holds a character that cannot be seen")
    if len(part) > LONGEST_EXTERNAL:
        raise _BadPart(f"{_quoted(part)} is longer than {LONGEST_EXTERNAL} characters")
    return part


def _quoted(part: str) -> str:
    return repr(_short(part))


def _short(part: str) -> str:
    return part if len(part) <= _SHOWN else f"{part[:_SHOWN]}…"


def compressed(keys: Sequence[int] | Sequence[str]) -> str:
    """Keys as they can be read back: `670, 47, 100-120`; texts one by one."""
    return ", ".join(_runs(keys))


def as_lines(keys: Sequence[int] | Sequence[str]) -> str:
    """The same, one a line: what a file with these keys holds. A comma keeps a key that begins with #
    from being a comment."""
    return "\n".join(f",{run}" if run.startswith("#") else run for run in _runs(keys))


def _runs(keys: Sequence[int] | Sequence[str]) -> Iterator[str]:
    start = 0
    for place in range(1, len(keys) + 1):
        if place < len(keys) and _follows(keys[place], keys[place - 1]):
            continue
        alone = place - start == 1
        yield str(keys[start]) if alone else f"{keys[start]}-{keys[place - 1]}"
        start = place


def _follows(key: int | str, before: int | str) -> bool:
    return isinstance(key, int) and isinstance(before, int) and key == before + 1


def span(keys: Sequence[int] | Sequence[str]) -> str:
    """The least that tells which they are: `670`, `100-120`, `670 … 9121`."""
    if len(keys) == 1:
        return str(keys[0])
    whole = isinstance(keys[-1], int) and list(keys) == list(range(int(keys[0]), keys[-1] + 1))
    return f"{keys[0]}{'-' if whole else ' … '}{keys[-1]}"
