"""`syncdeck note`: lines for everybody who reads the history, with user and time.

A note is never edited; `--strike` adds that it no longer holds, and it stays readable.
"""

import sys
from collections.abc import Callable
from datetime import datetime

from tui.domain.history.notes import UnknownNote, all_events, note_called, note_id, strike_of
from tui.domain.history.observing import kept_text
from tui.domain.history.reader import HistoryReader
from tui.domain.history.records import Event, EventKind
from tui.headless.exit_codes import HEALTHY, NOT_WRITTEN
from tui.headless.output import line, refuse, say
from tui.paths import reason_of


def run(text: str, user: str, now: datetime, keep: Callable[[Event], object]) -> int:
    """`keep` writes the event to where the recorder finds it.

    Raises OSError: the output cannot be written.
    """
    kept = kept_text(text.strip())
    if not kept:
        return refuse("note: the text is empty")
    note = Event(now, EventKind.NOTE, kept, user=user)
    return _keep(note, keep, f"noted as {note_id(note)} at {now:%H:%M:%S} UTC: {kept}")


def strike(
    name: str, user: str, now: datetime, reader: HistoryReader, keep: Callable[[Event], object]
) -> int:
    """Strike the note through whose id begins with `name`.

    Raises OSError: the output cannot be written.
    """
    try:
        note = note_called(reader, name)
    except UnknownNote as unknown:
        return refuse(f"note: {unknown}")
    done = f"struck through: {line(note.text)} (by {line(note.user)}, {note.at:%Y-%m-%d %H:%M} UTC)"
    return _keep(strike_of(note, now, user), keep, done)


def show(reader: HistoryReader) -> int:
    """All notes that are kept, newest first."""
    notes = [one for one in all_events(reader) if one.kind is EventKind.NOTE][::-1]
    for one in notes:
        struck = f" (struck through by {one.struck_by})" if one.struck_by else ""
        print(f"{note_id(one)}  {one.at:%Y-%m-%d %H:%M} UTC  {line(f'{one.user}: {one.text}{struck}')}")
    if not notes:
        print("no note is kept", file=sys.stderr)
    return HEALTHY


def _keep(event: Event, keep: Callable[[Event], object], done: str) -> int:
    try:
        keep(event)
    except OSError as failure:
        say(f"the note could not be kept: {reason_of(failure)}")
        return NOT_WRITTEN
    print(done, flush=True)
    return HEALTHY
