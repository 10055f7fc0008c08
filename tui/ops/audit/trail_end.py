"""Reads the newest records of an audit trail, from its end: the time follows what is wanted of it.

Invariants: an older attempt without outcome is found as far back as asked for; of lines that are skipped
only kind, id and time are known, and each has a known result. A clock that was set back hides nothing
unless it was wrong for `_OLD_RUN` bytes of records.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from tui.domain.result import Result
from tui.frozen import frozen
from tui.ops.audit.plan import UNSENT
from tui.ops.audit.record import stamp
from tui.ops.audit.trail_reader import EPOCH, LONGEST_LINE, Joint, Unusable, parsed

_BLOCK = 1 << 20
_OLD_RUN = 1 << 20
"""Bytes of older records in a row after which nothing newer is expected before them."""
_MOST_KEPT = 20_000
"""Lines kept from before the beginning."""
_HEAD = re.compile(
    rb'\{"record":"(attempt|outcome|check|plan|plan-end)","id":"([^"\\]+)"'
    rb',"time":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"(?:,"plan":"([^"\\]+)"|,"result":"([a-z ]+)")?'
)
"""How our records begin; any other line is read whole."""
_OF_PLANS = (b"plan", b"plan-end")
"""Kept always: a plan may resume an earlier one, and without its end it would look interrupted."""
_RESULTS = frozenset(one.value.encode() for one in Result)


@frozen
class Reach:
    """How much of a trail is wanted."""

    most: int
    """Entries with an outcome that are held."""
    since: datetime = EPOCH
    """Entries before this are not wanted, unless their effect is unknown."""
    back_to: datetime = EPOCH
    """Attempts of unknown effect are looked for up to here."""
    least: int = 0
    """Entries with an outcome that are wanted, however old."""
    farthest: int = sys.maxsize
    """Bytes from the end after which `back_to` is given up."""


@dataclass(slots=True)
class Beginning:
    """Where to read from, and what matters of the lines before."""

    offset: int
    number: int
    """Lines between `floor` and `offset`."""
    floor: int
    """Before this, nothing was read."""
    kept: list[tuple[int, bytes]]
    """Lines before `offset` to be joined, in the order of the file, with their numbers from `floor`."""
    attempted: list[tuple[int, bytes]]
    """Skipped attempts, which a plan without an end may be about, in the same way."""
    left_out: int
    """Skipped attempts that are new enough."""
    is_whole: bool
    """Whether every line was looked at or is after `offset`."""

    def join(self, reach: Reach) -> Joint:
        """The lines before `offset`."""
        forgot = self.offset > 0
        joint = Joint(reach.most, reach.since, reach.back_to, forgot=forgot, left_out=self.left_out)
        lines = (*((*one, True) for one in self.kept), *((*one, False) for one in self.attempted))
        for number, line, is_kept in sorted(lines):
            if is_kept:
                joint.take(number, parsed(line))
            elif joint.concerns(line):
                record = parsed(line)
                if not isinstance(record, Unusable):
                    joint.attempted(record)
        return joint


def beginning(file: BinaryIO, end: int, reach: Reach) -> Beginning:
    """Look backwards from `end` for where the records of this reach begin."""
    search = _Search(reach, end)
    for offset, line in backwards(file, end):
        search.take(offset, line)
        if search.is_enough:
            return search.result(floor=offset)
    return search.result(floor=0)


class _Search:
    def __init__(self, reach: Reach, end: int) -> None:
        self._reach, self._end, self._offset = reach, end, end
        self._since, self._back_to = stamp(reach.since).encode(), stamp(reach.back_to).encode()
        self._ended: set[bytes] = set()
        """Ids of the attempts with an outcome, and of the plans with an end."""
        self._checked: set[bytes] = set()
        self._doubtful: set[bytes] = set()
        """Ids of the attempts whose outcome, or a check after it, left the effect unknown."""
        self._closed = self._lines = self._old_run = self._unwanted_run = 0
        self._skips_unwanted = False
        self._wanted = (end, 0)
        """The oldest line that is wanted: its offset, and its number counted from the end."""
        self._start: tuple[int, int] | None = None
        """The same of the line before which lines are skipped; None: none is yet."""
        self._kept: list[tuple[int, bytes]] = []
        self._attempted: list[tuple[int, bytes]] = []
        self._left_out = 0

    @property
    def is_enough(self) -> bool:
        """Whether the rest of the file is too old, or too far."""
        is_far = self._end - self._offset > self._reach.farthest
        return self._closed >= self._reach.least and (self._old_run > _OLD_RUN or is_far)

    def result(self, floor: int) -> Beginning:
        offset, number = self._start or self._wanted
        return Beginning(
            offset,
            self._lines - number,
            floor,
            self._in_order(self._kept),
            self._in_order(self._attempted),
            self._left_out,
            is_whole=not floor and (self._start is not None or not offset),
        )

    def _in_order(self, lines: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
        return [(self._lines - from_end + 1, line) for from_end, line in reversed(lines)]

    def take(self, offset: int, line: bytes) -> None:
        self._lines, self._offset = self._lines + 1, offset
        head = _HEAD.match(line) if line.endswith(b"}\n") else None
        if head is None:
            self._take_unknown(offset, line)
            return
        kind, key, at, plan, result = head.groups()
        self._old_run = 0 if at >= self._back_to else self._old_run + len(line)
        is_short = self._closed < self._reach.least
        is_ended = key in self._ended
        if (kind == b"plan-end" and result != UNSENT.encode()) or (
            kind == b"outcome" and result in _RESULTS
        ):
            self._ended.add(key)
        self._note_doubt(kind, key, result)
        is_closed = is_ended and kind == b"attempt"
        self._closed += is_closed
        if is_short or not self._old_run:
            self._wanted = offset, self._lines
        if self._start is None:
            self._unwanted_run = 0 if at >= self._since else self._unwanted_run + len(line)
            self._skips_unwanted = self._since > self._back_to and self._unwanted_run > _OLD_RUN
            if self._closed >= self._reach.most or (self._skips_unwanted and not is_short):
                self._start = offset, self._lines
        elif self._skips_unwanted and key in self._doubtful:
            self._keep(line)
        elif is_closed:
            self._left_out += at >= self._since
            is_of_open = plan is not None and plan not in self._ended
            if is_of_open or len(self._attempted) < _MOST_KEPT:
                self._attempted.append((self._lines, line))
        elif key not in self._ended or kind in _OF_PLANS:
            self._keep(line)

    def _note_doubt(self, kind: bytes, key: bytes, result: bytes | None) -> None:
        if kind == b"check":
            self._checked.add(key)
        elif kind == b"outcome" and (
            result == b"unknown" or (result == b"failed" and key in self._checked)
        ):
            # What was rejected may have been seen to be there.
            self._doubtful.add(key)

    def _take_unknown(self, offset: int, line: bytes) -> None:
        """A line that does not begin as ours do is as old as its neighbours."""
        if not self._old_run:
            self._wanted = offset, self._lines
        if self._start is not None and line.strip():
            self._keep(line)

    def _keep(self, line: bytes) -> None:
        if len(self._kept) < _MOST_KEPT:
            self._kept.append((self._lines, line))


def backwards(file: BinaryIO, end: int) -> Iterator[tuple[int, bytes]]:
    """The lines before `end`, last first, each with its offset; of one that is too long only the end."""
    tail = b""
    while end > 0:
        begin = max(0, end - _BLOCK)
        file.seek(begin)
        data = file.read(end - begin) + tail
        first = data.find(b"\n") + 1 if begin else 0
        if begin and not first:
            tail, end = data[-LONGEST_LINE:], begin
            continue
        yield from _placed(data[first:], begin + first)
        tail, end = data[:first], begin


def _placed(data: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    lines: list[tuple[int, bytes]] = []
    for line in data.split(b"\n"):
        lines.append((offset, line + b"\n"))
        offset += len(line) + 1
    last = lines.pop()
    if last[1] != b"\n":
        yield last[0], last[1][:-1]
    yield from reversed(lines)
