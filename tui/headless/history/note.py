"""`syncdeck note TEXT`: one line for everybody who reads the history, with user and time."""

import sys
from collections.abc import Callable
from datetime import datetime

from tui.domain.history.observing import kept_text
from tui.domain.history.records import Event, EventKind
from tui.headless.exit_codes import HEALTHY, NOT_WRITTEN, UNUSABLE
from tui.paths import reason_of


def run(text: str, user: str, now: datetime, keep: Callable[[Event], object]) -> int:
    """`keep` writes the event to where the recorder finds it.

    Raises:
        OSError: the output cannot be written.
    """
    kept = kept_text(text.strip())
    if not kept:
        print("syncdeck: note: the text is empty", file=sys.stderr)
        return UNUSABLE
    try:
        keep(Event(now, EventKind.NOTE, kept, user=user))
    except OSError as failure:
        print(f"syncdeck: the note could not be kept: {reason_of(failure)}", file=sys.stderr)
        return NOT_WRITTEN
    print(f"noted at {now:%H:%M:%S} UTC: {kept}", flush=True)
    return HEALTHY
