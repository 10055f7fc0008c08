"""Reads an audit trail line by line and joins its records by id into entries.

Invariants: no line stops the reading, unreadable lines are counted with their numbers; at most `most`
entries with an outcome are held at a time, however long the trail is.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import BinaryIO, TypeAlias, TypeVar

from tui.api.receipts import Receipt
from tui.domain.result import Result
from tui.domain.text import clean_tree
from tui.domain.timestamps import Moment
from tui.ops.audit.entries import BrokenLine, Entry, History, Record
from tui.ops.audit.record import Finding
from tui.paths import read_regular

T = TypeVar("T")
_LONGEST_LINE = 4_000_000
"""Bytes; a normal record has a few kB."""
_MOST_BROKEN = 1_000
_MOST_OPEN = 10_000
"""Maximum of attempts without outcome that are held in addition to `most`."""
_HEAD = 1_000
"""Bytes of a truncated line in which its time is searched."""
_STAMP = re.compile(rb'"time":"([0-9TZ:.-]{20,30})"')
_OLDER_WORDS = {"as asked": Result.APPLIED, "as before": Result.NOT_APPLIED}
"""Result words of checks in earlier versions."""
_EPOCH = datetime.min.replace(tzinfo=UTC)


class _Unusable(Exception):
    """A line that is not a valid record; `str` is the reason."""

    at: datetime | None = None
    """When it was written, if that is readable."""


_Line: TypeAlias = Mapping[str, object] | _Unusable


def read_trail(path: Path, most: int, since: datetime = _EPOCH) -> History:
    """Read a trail; a missing file gives an empty one.

    Raises:
        OSError: it cannot be read.
    """
    try:
        with read_regular(path) as file:
            written_at = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
            return replace(join(_records(file), most, since), written_at=written_at)
    except FileNotFoundError:
        return History()


def join(records: Iterable[tuple[int, _Line]], most: int, since: datetime = _EPOCH) -> History:
    """Join numbered records into entries from `since` on, newest first."""
    joint = _Joint(most, since)
    for number, record in records:
        joint.take(number, record)
    return joint.history()


def _records(file: BinaryIO) -> Iterator[tuple[int, _Line]]:
    for number, line in enumerate(_lines(file), 1):
        if line is None:
            yield number, _Unusable(f"longer than {_LONGEST_LINE:,} bytes")
        elif line.strip():
            yield number, _parsed(line)


def _lines(file: BinaryIO) -> Iterator[bytes | None]:
    """Yield the lines; None for a line that is too long."""
    while line := file.readline(_LONGEST_LINE):
        if len(line) < _LONGEST_LINE or line.endswith(b"\n"):
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(_LONGEST_LINE)
        yield None


def _parsed(line: bytes) -> _Line:
    try:
        text = line.decode("utf-8")
        tree = clean_tree(json.loads(text, parse_constant=_finite, parse_float=_finite))
    except UnicodeDecodeError:
        return _Unusable("not UTF-8 text")
    except (ValueError, RecursionError):
        torn = not line.endswith(b"}\n")
        unusable = _Unusable(f"not JSON{': cut short, as by a crash' if torn else ''}")
        written = _STAMP.search(line[:_HEAD])
        unusable.at = Moment.read(written[1].decode()).at if written else None
        return unusable
    return tree if isinstance(tree, dict) else _Unusable("not a record")


def _finite(text: str) -> float:
    """A number that JSON can represent."""
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return number


@dataclass(slots=True)
class _Joint:
    """Entries being joined: those without outcome by id, the others in the order of their outcomes."""

    most: int
    since: datetime
    open: dict[str, Entry] = field(default_factory=dict)
    closed: dict[str, Entry] = field(default_factory=dict)
    broken: list[BrokenLine] = field(default_factory=list)
    more_broken: int = 0
    left_out: int = 0
    forgot: bool = False
    """Whether entries were dropped."""

    def take(self, number: int, record: _Line) -> None:
        try:
            if isinstance(record, _Unusable):
                raise record
            self._join(number, record)
        except _Unusable as why:
            if len(self.broken) < _MOST_BROKEN:
                self.broken.append(BrokenLine(number, str(why), why.at))
            else:
                self.more_broken += 1

    def history(self) -> History:
        kept = (e for e in (*self.open.values(), *self.closed.values()) if e.at >= self.since)
        newest_first = sorted(kept, key=lambda entry: (entry.at, entry.line), reverse=True)
        return History(tuple(newest_first), tuple(self.broken), self.more_broken, self.left_out)

    def _join(self, number: int, record: Record) -> None:
        match record.get("record"):
            case "attempt":
                self._begin(_entry(number, record))
            case "outcome":
                self._end(record)
            case "check":
                self._check(record)
            case _:
                raise _Unusable("a record of an unknown kind")

    def _begin(self, entry: Entry) -> None:
        if entry.id in self.open or entry.id in self.closed:
            raise _Unusable("a second attempt of the same id")
        self.open[entry.id] = entry
        self._forget_oldest(self.open, _MOST_OPEN)

    def _end(self, record: Record) -> None:
        key = _text(record, "id")
        if key in self.closed:
            raise _Unusable("a second outcome of the same attempt")
        entry = self._known(key, self.open, "an outcome")
        if entry is not None:
            self.closed[key] = _ended(entry, record)
            del self.open[key]
            self._forget_oldest(self.closed, self.most)

    def _check(self, record: Record) -> None:
        key = _text(record, "id")
        found = Finding(_time(record), _result(record), _text(record, "sentence"))
        for entries in (self.open, self.closed):
            if key in entries:
                entry = entries[key]
                entries[key] = replace(
                    entry, checks=(*entry.checks, found), records=(*entry.records, record)
                )
                return
        self._known(key, {}, "a check")

    def _known(self, key: str, entries: Mapping[str, Entry], what: str) -> Entry | None:
        """The entry; None if it may have been dropped."""
        if key not in entries and not self.forgot:
            raise _Unusable(f"{what} without its attempt")
        return entries.get(key)

    def _forget_oldest(self, entries: dict[str, Entry], most: int) -> None:
        if len(entries) > most:
            oldest = entries.pop(next(iter(entries)))
            self.left_out += oldest.at >= self.since
            self.forgot = True


def _entry(number: int, record: Record) -> Entry:
    return Entry(
        id=_text(record, "id", needed=True),
        at=_time(record),
        operation=_text(record, "operation", needed=True),
        line=number,
        user=_text(record, "user"),
        host=_text(record, "host"),
        profile=_text(record, "profile"),
        environment=_text(record, "environment"),
        address=_text(record, "address"),
        pid=_number(record, "pid"),
        targets=_texts(record, "targets"),
        target_names=_texts(record, "target_names"),
        before={name: str(value) for name, value in _table(record, "before").items()},
        after={name: str(value) for name, value in _table(record, "after").items()},
        sent=_table(record, "sent"),
        records=(record,),
    )


def _ended(entry: Entry, record: Record) -> Entry:
    return replace(
        entry,
        result=_result(record),
        sentence=_text(record, "sentence"),
        ended_at=_time(record),
        status=_number(record, "status"),
        request_id=_text(record, "request_id"),
        responses=tuple(_receipts(record)),
        records=(*entry.records, record),
    )


def _result(record: Record) -> Result:
    """The current result word for the word of any version."""
    word = _text(record, "result", needed=True)
    known = _OLDER_WORDS.get(word) or next((one for one in Result if one.value == word), None)
    if known is None:
        raise _Unusable(f"its result is unknown: {word}")
    # Earlier versions wrote `applied` with a note that it was only accepted, requested or queued.
    return Result.ACCEPTED if known is Result.APPLIED and record.get("accepted_as") else known


def _receipts(record: Record) -> Iterator[Receipt]:
    """Missing in earlier versions; unreadable values are ignored."""
    listed = record.get("responses")
    for one in listed if isinstance(listed, list) else ():
        status = one.get("status") if isinstance(one, Mapping) else None
        if isinstance(status, int):
            texts = (str(one.get(name) or "") for name in ("method", "path", "request_id"))
            method, path, request_id = texts
            yield Receipt(method, path, status, request_id)


def _text(record: Record, name: str, *, needed: bool = False) -> str:
    value = record.get(name, "")
    if not isinstance(value, str) or (needed and not value):
        raise _Unusable(f"its {name} is not a text" if value else f"it has no {name}")
    return value


def _time(record: Record) -> datetime:
    at = Moment.read(_text(record, "time", needed=True)).at
    if at is None:
        raise _Unusable("its time is not a time with an offset")
    return at


def _number(record: Record, name: str) -> int | None:
    value = record.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise _Unusable(f"its {name} is not a whole number")
    return value


def _texts(record: Record, name: str) -> tuple[str, ...]:
    wrong = f"{name} are not a list of texts"
    return tuple(_of(str, item, wrong) for item in _of(list, record.get(name, []), wrong))


def _table(record: Record, name: str) -> Mapping[str, object]:
    return _of(dict, record.get(name, {}), f"{name} is not a table")


def _of(kind: type[T], value: object, wrong: str) -> T:
    if not isinstance(value, kind):
        raise _Unusable(f"its {wrong}")
    return value
