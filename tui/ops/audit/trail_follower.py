"""Reads the end of an audit trail again and again: only what was appended since is read.

Invariants: a file that was replaced or shortened is read again; a line without its end is shown as
unreadable but read again, and so is, once, a line that cannot be read: on a network file system it may
not have arrived whole.
"""

import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from tui.ops.audit.entries import History
from tui.ops.audit.trail_end import Reach, beginning
from tui.ops.audit.trail_reader import Joint, Unusable, lines_of, parsed
from tui.paths import read_regular

_MARK = 256
"""Bytes before the position that recognise the file."""
_BLOCK = 1 << 20


def read_end(path: Path, reach: Reach) -> History:
    """Read the end of a trail; a missing file gives an empty one. Raises OSError: it cannot be read."""
    return TrailFollower(path, reach).read()


@dataclass(slots=True)
class _State:
    file: tuple[int, int]
    """Device and inode."""
    joint: Joint
    position: int
    number: int
    """The number of the last line before the position, counted from `floor`."""
    floor: int
    is_whole: bool
    mark: bytes = b""
    """What stands before the position."""
    doubtful: int = 0
    """Unreadable lines before this were read twice."""
    before: int | None = None
    """Lines before `floor`; None: not counted yet."""


class TrailFollower:
    def __init__(self, path: Path, reach: Reach) -> None:
        self._path, self._reach = path, reach
        self._state: _State | None = None
        self._reading = Lock()

    def read(self) -> History:
        """The current end of the trail. Raises OSError: it cannot be read."""
        try:
            # A reading that was given up may still be under way in its thread.
            with self._reading, read_regular(self._path) as file:
                facts = os.fstat(file.fileno())
                known = (facts.st_dev, facts.st_ino), facts.st_size
                if self._state is None or not _goes_on(file, self._state, *known):
                    self._state = self._begin(file, *known)
                history = _continued(file, self._state)
                return replace(history, written_at=datetime.fromtimestamp(facts.st_mtime, UTC))
        except FileNotFoundError:
            self._state = None
            return History()

    def _begin(self, file: BinaryIO, identity: tuple[int, int], size: int) -> _State:
        found = beginning(file, size, self._reach)
        joint = found.join(self._reach)
        before = None if found.floor else 0
        return _State(
            identity, joint, found.offset, found.number, found.floor, found.is_whole, before=before
        )


def _goes_on(file: BinaryIO, state: _State, identity: tuple[int, int], size: int) -> bool:
    """Whether it is the file that was read before, and longer if anything."""
    if identity != state.file or size < state.position:
        return False
    file.seek(state.position - len(state.mark))
    return file.read(len(state.mark)) == state.mark


def _continued(file: BinaryIO, state: _State) -> History:
    """Join what follows the position, and move it behind what is certain."""
    file.seek(state.position)
    joint, number, position, is_certain = state.joint, state.number, state.position, True
    for line, length in lines_of(file):
        record = parsed(line)
        ends = line is None or line.endswith(b"\n")
        doubted = isinstance(record, Unusable) and position + length > state.doubtful and line != b"\n"
        if is_certain and (doubted or not ends):
            state.position, state.number, joint = position, number, joint.copied()
            is_certain = False
        number, position = number + 1, position + length
        if line is None or line.strip():
            joint.take(number, record)
        if not is_certain and ends:
            state.doubtful = position
    if is_certain:
        state.position, state.number = position, number
    file.seek(max(0, state.position - _MARK))
    state.mark = file.read(min(_MARK, state.position))
    return _numbered(file, state, replace(joint.history(), is_whole=state.is_whole))


def _numbered(file: BinaryIO, state: _State, history: History) -> History:
    """With the numbers of the whole file, where an unreadable line has to be named."""
    if not history.broken and state.before is None:
        return history
    if state.before is None:
        state.before = _count_lines(file, state.floor)
    if not state.before:
        return history
    entries = tuple(replace(one, line=one.line + state.before) for one in history.entries)
    broken = tuple(replace(one, line=one.line + state.before) for one in history.broken)
    return replace(history, entries=entries, broken=broken)


def _count_lines(file: BinaryIO, end: int) -> int:
    file.seek(0)
    count = 0
    while end > 0 and (block := file.read(min(_BLOCK, end))):
        count, end = count + block.count(b"\n"), end - len(block)
    return count
