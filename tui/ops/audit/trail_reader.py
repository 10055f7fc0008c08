"""Reads an audit trail line by line and joins its records by id into entries.

Invariants: no line stops the reading, unreadable lines are counted with their numbers; at most `most`
entries with an outcome are held at a time, however long the trail is. Here all of it is read; who needs
only the newest records reads them with `trail_end`.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias, TypeVar

from tui.api.receipts import Receipt
from tui.domain.result import Result
from tui.domain.text import clean, clean_tree
from tui.domain.timestamps import Moment
from tui.ops.audit.entries import BrokenLine, Entry, History, Record
from tui.ops.audit.plan import RESUMED, UNSENT, Plan, PlanEnd
from tui.ops.audit.record import Finding
from tui.paths import read_regular

T = TypeVar("T")
LONGEST_LINE = 4_000_000
"""Bytes; a normal record has a few kB."""
_MOST_BROKEN = 1_000
_MOST_OPEN = 10_000
"""Maximum of attempts without outcome that are held in addition to `most`."""
_MOST_PLANS = 100
"""Maximum of plans without an end that are held, the newest."""
_HEAD = 1_000
"""Bytes of a truncated line in which its time is searched."""
_STAMP = re.compile(rb'"time":"([0-9TZ:.-]{20,30})"')
_OLDER_WORDS = {"as asked": Result.APPLIED, "as before": Result.NOT_APPLIED}
"""Result words of checks in earlier versions."""
EPOCH = datetime.min.replace(tzinfo=UTC)


class Unusable(Exception):
    """A line that is not a valid record; `str` is the reason."""

    at: datetime | None = None
    """When it was written, if that is readable."""


Line: TypeAlias = Mapping[str, object] | Unusable


def read_trail(path: Path, most: int, since: datetime = EPOCH) -> History:
    """Read a trail; a missing file gives an empty one. Raises OSError: it cannot be read."""
    try:
        with read_regular(path) as file:
            written_at = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
            return replace(join(_records(file), most, since), written_at=written_at)
    except FileNotFoundError:
        return History()


def join(records: Iterable[tuple[int, Line]], most: int, since: datetime = EPOCH) -> History:
    """Join numbered records into entries from `since` on, newest first."""
    joint = Joint(most, since, since)
    for number, record in records:
        joint.take(number, record)
    return joint.history()


def _records(file: BinaryIO) -> Iterator[tuple[int, Line]]:
    for number, (line, _) in enumerate(lines_of(file), 1):
        if line is None or line.strip():
            yield number, parsed(line)


def lines_of(file: BinaryIO) -> Iterator[tuple[bytes | None, int]]:
    """Yield the lines, each with its length; None for a line that is too long."""
    while line := file.readline(LONGEST_LINE):
        length = len(line)
        if length < LONGEST_LINE or line.endswith(b"\n"):
            yield line, length
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE)
            length += len(line)
        yield None, length


def parsed(line: bytes | None) -> Line:
    """The record of a line; None is one that is too long."""
    if line is None:
        return Unusable(f"longer than {LONGEST_LINE:,} bytes")
    try:
        text = line.decode("utf-8")
        tree = json.loads(text, parse_constant=_finite, parse_float=_finite)
        # A line without escapes holds its texts as they are: one look instead of one for each of them.
        if "\\" in text or "\ufffd" in text or clean(text) != text:
            tree = clean_tree(tree)
    except UnicodeDecodeError:
        return Unusable("not UTF-8 text")
    except (ValueError, RecursionError):
        torn = not line.endswith(b"}\n")
        unusable = Unusable(f"not JSON{': cut short, as by a crash' if torn else ''}")
        written = _STAMP.search(line[:_HEAD])
        unusable.at = Moment.read(written[1].decode()).at if written else None
        return unusable
    return tree if isinstance(tree, dict) else Unusable("not a record")


def _finite(text: str) -> float:
    """A number that JSON can represent."""
    number = float(text)
    if not isfinite(number):
        raise ValueError(text)
    return number


@dataclass(slots=True)
class Joint:
    """Entries being joined: those without outcome by id, the others in the order of their outcomes."""

    most: int
    since: datetime
    doubtful_since: datetime
    """Entries from here on are wanted as well if their effect is unknown."""
    open: dict[str, Entry] = field(default_factory=dict)
    closed: dict[str, Entry] = field(default_factory=dict)
    broken: list[BrokenLine] = field(default_factory=list)
    more_broken: int = 0
    left_out: int = 0
    forgot: bool = False
    """Whether entries were dropped, or not read."""
    plans: dict[str, Plan] = field(default_factory=dict)
    """Plans without an end."""
    sent: dict[str, list[str]] = field(default_factory=dict)
    """The targets attempted for each of these plans."""
    resumed: set[str] = field(default_factory=set)
    """Plans whose rest was taken up."""
    plan_ends: dict[str, PlanEnd] = field(default_factory=dict)

    def copied(self) -> "Joint":
        """What is joined into it changes this one no more."""
        sent = {plan: [*targets] for plan, targets in self.sent.items()}
        parts = dict(self.open), dict(self.closed), [*self.broken], dict(self.plans)
        opened, closed, broken, plans = parts
        resumed, ends = {*self.resumed}, {**self.plan_ends}
        return replace(
            self,
            open=opened,
            closed=closed,
            broken=broken,
            plans=plans,
            sent=sent,
            resumed=resumed,
            plan_ends=ends,
        )

    def take(self, number: int, record: Line) -> None:
        try:
            if isinstance(record, Unusable):
                raise record
            self._join(number, record)
        except Unusable as why:
            if len(self.broken) < _MOST_BROKEN:
                self.broken.append(BrokenLine(number, str(why), why.at))
            else:
                self.more_broken += 1

    def history(self) -> History:
        kept = (e for e in (*self.open.values(), *self.closed.values()) if self._is_wanted(e))
        newest_first = sorted(kept, key=lambda entry: (entry.at, entry.line), reverse=True)
        plans = tuple(replace(one, sent=tuple(self.sent[one.id])) for one in self.plans.values())
        return History(
            tuple(newest_first),
            tuple(self.broken),
            self.more_broken,
            self.left_out,
            plans=plans[::-1],
            plan_ends=tuple(self.plan_ends.values()),
        )

    def _is_wanted(self, entry: Entry) -> bool:
        if entry.at >= self.since:
            return True
        return entry.at >= self.doubtful_since and entry.settled.is_open

    def _join(self, number: int, record: Record) -> None:
        match record.get("record"):
            case "attempt":
                self._begin(_entry(number, record))
                self.attempted(record)
            case "plan":
                self._plan(_planned(number, record), _text(record, "resumes"))
            case "plan-end":
                self._plan_end(record)
            case "outcome":
                self._end(record)
            case "check":
                self._check(record)
            case _:
                raise Unusable("a record of an unknown kind")

    def _plan(self, plan: Plan, resumed: str) -> None:
        if plan.id in self.plans:
            raise Unusable("a second plan of the same id")
        if resumed in self.resumed:
            # Of two that began with one rest at the same moment, the first one has it.
            return
        if resumed:
            self.resumed.add(resumed)
            self.plans.pop(resumed, None)
            self._note_end(PlanEnd(resumed, plan.at, RESUMED, plan.id, plan.user, plan.host))
        self.plans[plan.id], self.sent[plan.id] = plan, []
        if len(self.plans) > _MOST_PLANS:
            del self.plans[next(iter(self.plans))]

    def _plan_end(self, record: Record) -> None:
        key = _text(record, "id", needed=True)
        if record.get("result") != UNSENT:
            if self.plans.pop(key, None):
                self._note_end(PlanEnd(key, _time(record), _text(record, "result")))
        elif key in self.plans:
            keys = _number(record, "keys")
            self.plans[key] = replace(self.plans[key], is_over=True, keys_left=keys)

    def _note_end(self, end: PlanEnd) -> None:
        self.plan_ends[end.id] = end
        if len(self.plan_ends) > _MOST_PLANS:
            del self.plan_ends[next(iter(self.plan_ends))]

    def concerns(self, line: bytes) -> bool:
        """Whether it may be an attempt of a plan without an end, or of the same operation."""
        words = (word for plan in self.plans.values() for word in (plan.id, plan.operation))
        return any(word.encode() in line for word in words)

    def attempted(self, record: Record) -> None:
        """Note that a target was attempted: its plan has it no more in its rest, nor has an earlier one
        of the same operation."""
        own, there = _text(record, "plan"), (_text(record, "operation"), _text(record, "address"))
        for plan in self.plans.values():
            is_later = (plan.operation, plan.address) == there and not plan.rest_files
            if plan.id == own or is_later:
                self.sent[plan.id].extend(_texts(record, "targets"))

    def _begin(self, entry: Entry) -> None:
        if entry.id in self.open or entry.id in self.closed:
            raise Unusable("a second attempt of the same id")
        self.open[entry.id] = entry
        self._forget_oldest(self.open, _MOST_OPEN)

    def _end(self, record: Record) -> None:
        key = _text(record, "id")
        if key in self.closed:
            raise Unusable("a second outcome of the same attempt")
        entry = self._known(key, self.open, "an outcome")
        if entry is not None:
            self.closed[key] = _ended(entry, record)
            del self.open[key]
            self._forget_oldest(self.closed, self.most)

    def _check(self, record: Record) -> None:
        key = _text(record, "id")
        found = Finding(
            _time(record), _result(record), _text(record, "sentence"), _table(record, "left")
        )
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
            raise Unusable(f"{what} without its attempt")
        return entries.get(key)

    def _forget_oldest(self, entries: dict[str, Entry], most: int) -> None:
        if len(entries) > most:
            oldest = entries.pop(next(iter(entries)))
            self.left_out += oldest.at >= self.since
            self.forgot = True


def _entry(number: int, record: Record) -> Entry:
    return Entry(
        **_of_both(number, record),
        environment=_text(record, "environment"),
        before={name: str(value) for name, value in _table(record, "before").items()},
        after={name: str(value) for name, value in _table(record, "after").items()},
        sent=_table(record, "sent"),
        plan=_text(record, "plan"),
        baseline=_table(record, "baseline") if "baseline" in record else None,
        undoes=_text(record, "undoes"),
        records=(record,),
    )


def _planned(number: int, record: Record) -> Plan:
    return Plan(
        **_of_both(number, record),
        process=_text(record, "process"),
        settings=_texts(record, "settings"),
        withheld=_texts(record, "withheld"),
        rest_files=_texts(record, "rest_files"),
        undoes=record.get("undoes") is True,
    )


def _of_both(number: int, record: Record) -> dict[str, Any]:
    """The fields that an attempt and a plan share."""
    return {
        **{name: _text(record, name, needed=True) for name in ("id", "operation")},
        **{name: _text(record, name) for name in ("user", "host", "profile", "address")},
        **{name: _texts(record, name) for name in ("targets", "target_names")},
        "at": _time(record),
        "line": number,
        "pid": _number(record, "pid"),
    }


def _ended(entry: Entry, record: Record) -> Entry:
    return replace(
        entry,
        result=_result(record),
        sentence=_text(record, "sentence"),
        ended_at=_time(record),
        status=_number(record, "status"),
        request_id=_text(record, "request_id"),
        responses=tuple(_receipts(record)),
        left_at_first=_table(record, "left"),
        records=(*entry.records, record),
    )


def _result(record: Record) -> Result:
    """The current result word for the word of any version."""
    word = _text(record, "result", needed=True)
    known = _OLDER_WORDS.get(word) or next((one for one in Result if one.value == word), None)
    if known is None:
        raise Unusable(f"its result is unknown: {word}")
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
        raise Unusable(f"its {name} is not a text" if value else f"it has no {name}")
    return value


def _time(record: Record) -> datetime:
    at = Moment.read(_text(record, "time", needed=True)).at
    if at is None:
        raise Unusable("its time is not a time with an offset")
    return at


def _number(record: Record, name: str) -> int | None:
    value = record.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise Unusable(f"its {name} is not a whole number")
    return value


def _texts(record: Record, name: str) -> tuple[str, ...]:
    wrong = f"{name} are not a list of texts"
    return tuple(_of(str, item, wrong) for item in _of(list, record.get(name, []), wrong))


def _table(record: Record, name: str) -> Mapping[str, object]:
    return _of(dict, record.get(name, {}), f"{name} is not a table")


def _of(kind: type[T], value: object, wrong: str) -> T:
    if not isinstance(value, kind):
        raise Unusable(f"its {wrong}")
    return value
