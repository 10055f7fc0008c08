"""Events of programs that are not the writer: appended to a file, which the writer takes in.

Invariant: an event is in the inbox, or in what is being taken in, until it is stored. For a
moment it may then be seen twice.
"""

import fcntl
import json
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tui.domain.history.records import LONGEST_TEXT, Event, EventKind, Subject, SubjectKind
from tui.domain.text import brief, clean
from tui.history.schema import from_ms, to_ms
from tui.paths import private_dir, read_regular, set_aside

NAME, TAKEN = "inbox.jsonl", "inbox.taken.jsonl"
_MOST = 8_000_000
"""Bytes of an inbox that a reader reads."""
_OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
"""What is older was not noted by us."""
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


def append(place: Path, fallback_place: Path, event: Event) -> Path:
    """Returns the inbox that has the event now, on the disk: that of `place`, if it can be written.

    Raises OSError: neither can.
    """
    line = f"\n{json.dumps(_to_json(event))}\n".encode()
    for folder in (place, fallback_place):
        try:
            path = private_dir(folder) / NAME
            _make_way(path)
            _append(path, line)
        except OSError:
            if folder == fallback_place:
                raise
        else:
            return folder / NAME
    raise AssertionError


def take_in(place: Path, store: Callable[[Sequence[Event]], None] | None = None) -> Sequence[Event]:
    """Empty the inbox; the events are deleted after `store` has returned. What a killed writer left is
    taken in again.

    Raises OSError: it cannot be emptied; also raised by `store`, and then nothing is deleted.
    """
    taken: list[Event] = []
    for name in (NAME, TAKEN):
        _make_way(place / name)
    for _ in range(2):
        # The first time round, what a killed writer left.
        if not (place / TAKEN).exists():
            with suppress(FileNotFoundError):
                (place / NAME).rename(place / TAKEN)
        with suppress(FileNotFoundError):
            with read_regular(place / TAKEN) as file:
                # Somebody may be in the middle of a line.
                fcntl.flock(file, fcntl.LOCK_EX)
                events = tuple(_events(file.read()))
            if store is not None:
                store(events)
            taken += events
            (place / TAKEN).unlink()
    return tuple(taken)


def waiting(*places: Path) -> Sequence[Event]:
    """The events that were not taken in yet."""
    found: dict[Event, None] = {}
    # In the order in which an event goes through them, backwards: none slips through.
    for path in (place / name for place in places for name in (NAME, TAKEN)):
        with suppress(OSError), read_regular(path) as file:
            found |= dict.fromkeys(_events(file.read(_MOST)))
    return tuple(found)


def drop(place: Path, before: datetime) -> int:
    """Delete the events before that time from the inbox; returns how many.

    Raises OSError: it cannot be written.
    """
    dropped = 0

    def put_back(events: Sequence[Event]) -> None:
        nonlocal dropped
        for event in events:
            if event.at < before:
                dropped += 1
            else:
                append(place, place, event)

    take_in(place, put_back)
    return dropped


def _make_way(path: Path) -> None:
    """Set aside a folder, pipe or link in the place of an inbox: it would block it for ever."""
    with suppress(OSError):
        if not stat.S_ISREG(path.lstat().st_mode):
            set_aside(path)


def _append(path: Path, line: bytes) -> None:
    while True:
        handle = os.open(path, _FLAGS, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            facts = os.fstat(handle)
            if not _is_still(path, facts):
                continue
            if not facts.st_size and facts.st_uid == os.geteuid():
                # Whoever may read the folder reads its inbox.
                os.fchmod(handle, 0o600 | path.parent.stat().st_mode & 0o040)
            if os.write(handle, line) != len(line):
                raise OSError("the disk is full")
            os.fsync(handle)
            return
        finally:
            os.close(handle)


def _is_still(path: Path, facts: os.stat_result) -> bool:
    """Whether the file was not taken in since it was opened."""
    with suppress(FileNotFoundError):
        return os.path.samestat(path.lstat(), facts)
    return False


def _to_json(event: Event) -> dict[str, object]:
    subject = event.subject
    return {
        "at": to_ms(event.at),
        "kind": event.kind,
        "text": _text(event.text),
        "subject": subject and {"kind": subject.kind, "key": subject.key, "name": _text(subject.name)},
        "user": _text(event.user),
        "ref": _text(event.ref),
    }


def _text(text: str) -> str:
    return brief(clean(text), LONGEST_TEXT)


def _events(content: bytes) -> Iterator[Event]:
    """Lines that do not hold an event are skipped."""
    for line in content.split(b"\n"):
        with suppress(ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError):
            yield _event(json.loads(line))


def _event(known: dict[str, Any]) -> Event:
    about, at = known["subject"], from_ms(known["at"])
    if at < _OLDEST:
        raise ValueError("it is too old")
    return Event(
        at,
        EventKind(known["kind"]),
        _text(known["text"]),
        about and Subject(SubjectKind(about["kind"]), clean(about["key"]), _text(about["name"])),
        _text(known["user"]),
        _text(known["ref"]),
    )
