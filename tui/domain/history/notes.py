"""Notes are never edited, only struck through: by a further note that names the first. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tui.domain.history.reader import HistoryReader
from tui.domain.history.records import Event, EventKind

_STRIKES = "strikes "
_NOBODY = "somebody"
_ID = 8
_FIRST, _EVER = datetime(2000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
"""Times before and after all notes."""
_MILLISECOND = timedelta(milliseconds=1)
"""Files keep no more of a time."""


class UnknownNote(ValueError):
    """No note has that id, or it is struck through already; the message is a sentence."""


def note_id(note: Event) -> str:
    """Eight characters by which people name a note; made of what it says, when, and by whom."""
    said = f"{(note.at - _FIRST) // _MILLISECOND}\n{note.user}\n{note.text}"
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:_ID]


def strike_of(note: Event, at: datetime, user: str) -> Event:
    """The event that strikes a note through; older versions show its text."""
    text = f"struck through the note {note_id(note)}"
    return Event(at, EventKind.NOTE, text, user=user, ref=f"{_STRIKES}{note_id(note)}")


def events_of(reader: HistoryReader, since: datetime, until: datetime) -> Sequence[Event]:
    """The events of a window; notes that were struck through, be it later, say by whom. Blocking."""
    events = reader.events(since, _EVER)
    struck = {one.ref.removeprefix(_STRIKES): one.user or _NOBODY for one in events if _is_strike(one)}
    found = [one for one in events if one.at <= until and not _is_strike(one)]
    if not struck:
        return found
    return [
        replace(one, struck_by=struck.get(note_id(one), "")) if one.kind is EventKind.NOTE else one
        for one in found
    ]


def with_strikes(reader: HistoryReader, since: datetime, until: datetime) -> Sequence[Event]:
    """The events of a window as they are kept, and what struck its notes through later. Blocking."""
    events = reader.events(since, _EVER)
    return [one for one in events if one.at <= until or _is_strike(one)]


def all_events(reader: HistoryReader) -> Sequence[Event]:
    """All that are kept. Blocking."""
    return events_of(reader, _FIRST, _EVER)


def note_called(reader: HistoryReader, name: str) -> Event:
    """The note whose id begins so and that is not struck through. Blocking.

    Raises UnknownNote: there is not exactly one.
    """
    wanted = name.strip().casefold()
    notes = [one for one in all_events(reader) if one.kind is EventKind.NOTE]
    found = [one for one in notes if wanted and note_id(one).startswith(wanted)]
    if len(found) != 1:
        many = f"{len(found)} notes have" if found else "no note has"
        raise UnknownNote(f"{many} an id that begins with '{wanted}': `syncdeck note --list` shows them")
    if found[0].struck_by:
        raise UnknownNote(f"the note {note_id(found[0])} is struck through already")
    return found[0]


def _is_strike(event: Event) -> bool:
    return event.kind is EventKind.NOTE and event.ref.startswith(_STRIKES)
