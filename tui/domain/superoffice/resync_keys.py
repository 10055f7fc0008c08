"""Resync keys as people write them: a typed or pasted list, or a file with one key per line.

Invariant: every line with content gives keys, is skipped as the header, or is reported as bad; a line
with anything bad in it gives no key at all, because it may not be what it seems.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from tui.domain.superoffice.key_header import NO_HEADER, looks_like_header
from tui.domain.superoffice.key_lines import (
    NotOneKey,
    checked,
    external_key,
    external_line,
    internal_key,
    internal_line,
    quoted,
    split,
    unquoted,
)
from tui.domain.superoffice.resync_request import Scope
from tui.domain.text import counted
from tui.frozen import frozen

Key = TypeVar("Key", int, str)

MOST_KEYS = 100_000
"""Keys in one resync, however many calls it needs."""

_TOO_MANY = f"more than {MOST_KEYS:,} keys: send the rest separately"
_SAMPLE = 500
"""Keys that are compared with the first line."""
_NAMED_FAULTS = 3
"""Kinds of faults that a sentence about a whole list names."""

INTERNAL_RULE = "numbers and ranges such as 670, 47, 100-120; # begins a comment"
EXTERNAL_RULE = "one per line, or all on one line with commas; a line that begins with # is a comment"


class Header(StrEnum):
    """What the first line of a list is, if it looks like a header."""

    UNSAID = ""
    SKIP = "skip"
    KEY = "key"


@frozen
class LineNote:
    line: int
    """From 1."""
    sentence: str
    kind: str = ""
    """The same for all lines with this fault."""

    @property
    def text(self) -> str:
        """`line 7: 'abc' is not a number`."""
        return f"line {self.line}: {self.sentence}"


@frozen
class KeyReport(Generic[Key]):
    keys: tuple[Key, ...] = ()
    """Each once, in the given order."""
    bad: tuple[LineNote, ...] = ()
    """One for each line that gives no key."""
    repeats: tuple[LineNote, ...] = ()
    """Keys that occurred before; each is sent once."""
    several: tuple[LineNote, ...] = ()
    """One for each line that gave more than one key."""
    lines: int = 0
    """Lines that are neither empty nor a comment."""
    comments: int = 0
    """Lines that begin with `#`."""
    header: LineNote | None = None
    """The first line, if it looks like a header and nobody has decided; it gives no key yet."""
    skipped: LineNote | None = None
    """The first line, skipped as the header."""
    is_list: bool = False
    """Whether it was typed on one line, where several keys are normal."""

    @property
    def summary(self) -> str:
        """`5,000 lines · 4,963 keys · 37 bad lines · 12 repeated`; one typed line is not counted."""
        parts = [] if self.is_list else [counted(self.lines, "line")]
        parts += [counted(len(self.keys), "key")]
        parts += [counted(len(self.bad), "bad line")] if self.bad else []
        parts += [f"{len(self.repeats):,} repeated"] if self.repeats else []
        return " · ".join(parts)

    @property
    def is_more(self) -> bool:
        """Whether there are more keys than good lines: the operator has to confirm that."""
        good = self.lines - len(self.bad) - (self.skipped is not None) - (self.header is not None)
        return not self.is_list and len(self.keys) > good

    @property
    def has_notes(self) -> bool:
        several = () if self.is_list else self.several
        return bool(self.bad or self.repeats or several or self.header or self.skipped)

    @property
    def nothing(self) -> str:
        """Why there is no key; empty if there is one."""
        if self.keys:
            return ""
        if self.is_list and self.bad:
            return f"no key: {self.bad[0].sentence}"
        lines = counted(self.lines, "line")
        header = self.header or self.skipped
        if not self.lines:
            return "no key: every line is empty or a comment" if self.comments else "no key: it is empty"
        if header is not None and not self.bad:
            return f"no key: {lines}, which is a header ({header.sentence})"
        faults = Counter(note.kind for note in self.bad).most_common()
        kinds = [f"{count:,} × {kind}" for kind, count in faults[:_NAMED_FAULTS]]
        kinds += [f"{len(faults) - _NAMED_FAULTS} other kinds"] if len(faults) > _NAMED_FAULTS else []
        first = f", and a header ({header.sentence})" if header is not None else ""
        return f"no key on {lines}: {', '.join(kinds)}{first}; {self.bad[0].text}"


Report: TypeAlias = KeyReport[int] | KeyReport[str]


def key_list(
    text: str,
    scope: Scope,
    header: Header = Header.UNSAID,
    *,
    in_file: bool,
    ranges: bool = False,
) -> Report:
    """Read keys of this scope, as typed or from a file.

    Typed ids of ErpInternalKey are `670, 47, 100-120`, separated by commas, semicolons or spaces; typed
    keys of the ERP stand all on one line with commas, or one on each line; double quotes keep a comma in
    a key. In a file one line is one key, unless `ranges`: then a line is read as typed ones are.
    """
    whole = _text_of(text, typed=not in_file)
    as_list = ranges if in_file else scope is Scope.INTERNAL or whole.is_list
    if as_list and not in_file:
        header = Header.KEY
    if scope is Scope.EXTERNAL:
        return _read(whole, _external_list if as_list else _external_alone, header, numbers=False)
    return _read(whole, _internal_list if as_list else _internal_alone, header, numbers=True)


@frozen
class _Text:
    """A list split into lines."""

    content: tuple[tuple[int, str], ...]
    """Number and text of each line that is neither empty nor a comment."""
    comments: int
    has_no_header: bool
    """Whether a comment says so."""
    is_list: bool


def _text_of(text: str, *, typed: bool) -> _Text:
    whole = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = [(number, line) for number, line in enumerate(whole.split("\n"), 1) if line.strip(" \t")]
    comments = [line.strip() for _, line in lines if line.lstrip(" ").startswith("#")]
    content = tuple(line for line in lines if not line[1].lstrip(" ").startswith("#"))
    return _Text(content, len(comments), NO_HEADER in comments, typed and len(content) < 2)


def _read(
    text: _Text, keys_of: Callable[[str], Sequence[Key]], header: Header, *, numbers: bool
) -> KeyReport[Key]:
    asked, skipped, bad = _header_of(text, keys_of, header, numbers=numbers)
    first: dict[Key, int] = {}
    repeats: list[LineNote] = []
    several: list[LineNote] = []
    for number, line in text.content[bool(asked or skipped or bad) :]:
        try:
            found = keys_of(line)
            _check_room(len(first) + sum(key not in first for key in set(found)))
        except NotOneKey as fault:
            bad.append(LineNote(number, str(fault), fault.kind))
            continue
        if len(found) > 1:
            several.append(LineNote(number, f"{quoted(line.strip())} gives {len(found):,} keys"))
        for key in found:
            if key in first:
                where = "on this line" if first[key] == number else f"first on line {first[key]}"
                repeats.append(LineNote(number, f"{key} again, {where}"))
            else:
                first[key] = number
    return KeyReport(
        tuple(first),
        tuple(bad),
        tuple(repeats),
        tuple(several),
        len(text.content),
        text.comments,
        asked,
        skipped,
        text.is_list,
    )


def _header_of(
    text: _Text, keys_of: Callable[[str], Sequence[Key]], header: Header, *, numbers: bool
) -> tuple[LineNote | None, LineNote | None, list[LineNote]]:
    """The first line, as undecided header, as skipped header, or as one that cannot be skipped."""
    if not text.content or header is Header.KEY or text.has_no_header:
        return None, None, []
    number, line = text.content[0]
    name = _bare(line)
    note = LineNote(number, quoted(name))
    if header is Header.SKIP:
        if any(map(str.isalpha, name)):
            return None, note, []
        sentence = f"{quoted(name)} cannot be skipped as a header: it has no letter"
        return None, None, [LineNote(number, sentence, "not a header")]
    others = _sample(text.content[1:], keys_of)
    return (note if looks_like_header(name, others, numbers=numbers) else None), None, []


def _bare(line: str) -> str:
    try:
        return unquoted(checked(line))[0].strip(" ")
    except NotOneKey:
        return line.strip()


def _sample(lines: Sequence[tuple[int, str]], keys_of: Callable[[str], Sequence[Key]]) -> Sequence[str]:
    """Enough keys of these lines to show what keys look like here."""
    found: list[str] = []
    for _, line in lines:
        with suppress(NotOneKey):
            found.extend(map(str, keys_of(line)[:1]))
        if len(found) == _SAMPLE:
            break
    return found


def _check_room(count: int) -> None:
    if count > MOST_KEYS:
        raise NotOneKey("too many", _TOO_MANY)


# Reading one line.


def _internal_alone(line: str) -> Sequence[int]:
    # A space before the sign: `670#2` may be a key of another kind.
    return (internal_line(line.partition(" #")[0]),)


def _external_alone(line: str) -> Sequence[str]:
    return (external_line(line),)


def _internal_list(line: str) -> Sequence[int]:
    text = checked(line.partition("#")[0])
    with suppress(NotOneKey):
        text = unquoted(text)[0]
    found: list[int] = []
    for part in _some(text.replace(",", " ").replace(";", " ").split(" ")):
        found.extend(_range(unquoted(part)[0]))
        _check_room(len(found))
    return found


def _some(parts: Sequence[str]) -> Sequence[str]:
    """Those that are not empty; at least one is required."""
    found = [part for part in parts if part]
    if not found:
        raise NotOneKey("only separators", "it has only separators")
    return found


def _range(part: str) -> Sequence[int]:
    first, dash, last = part.partition("-")
    if not (dash and first and last):
        return (internal_key(part),)
    low, high = internal_key(first), internal_key(last)
    if high < low:
        raise NotOneKey("a range backwards", f"{part} runs backwards: write {high}-{low}")
    if high - low >= MOST_KEYS:
        raise NotOneKey("too many", f"{part} makes more than {MOST_KEYS:,} keys")
    return range(low, high + 1)


def _external_list(line: str) -> Sequence[str]:
    return [external_key(unquoted(part)[0]) for part in _some(split(checked(line), ","))]


def compressed(keys: Sequence[int] | Sequence[str]) -> str:
    """Keys in a form that can be read back: `670, 47, 100-120`; texts one by one."""
    return ", ".join(_runs(keys))


def as_lines(keys: Sequence[int] | Sequence[str]) -> str:
    """The same keys, one per line: a file that is read back as exactly these."""
    return "\n".join(map(_line, keys))


def _line(key: int | str) -> str:
    """A key as a line of a file: in quotes if it would be read as anything else."""
    if isinstance(key, int):
        return str(key)
    with suppress(NotOneKey):
        if external_line(key) == key and not key.startswith("#"):
            return key
    doubled = key.replace('"', '""')
    return f'"{doubled}"'


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
    """A short form that identifies them: `670`, `100-120`, `670 … 9121`."""
    if len(keys) == 1:
        return str(keys[0])
    whole = isinstance(keys[-1], int) and list(keys) == list(range(int(keys[0]), keys[-1] + 1))
    return f"{keys[0]}{'-' if whole else ' … '}{keys[-1]}"
