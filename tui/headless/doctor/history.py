"""`doctor` says how much history is kept, since when, how completely, and who records. Reads only."""

from datetime import datetime

from tui.core import KeptHistory
from tui.domain.check import Check, ok, warn
from tui.domain.text import clean, one_line
from tui.headless.history.kept import kept, kept_text


def history_check(history: KeptHistory, now: datetime) -> Check:
    try:
        reader = history.open()
        text = kept_text(*kept(reader, now), now)
        holder = history.holder()
    except (OSError, ValueError) as error:
        return warn("history", f"it cannot be read: {_plain(error)}", "Check its permissions")
    recorder = f"recorded by {holder}" if holder else "nobody records now"
    return ok("history", _plain(f"{text}; {recorder}"))


def _plain(text: object) -> str:
    return one_line(clean(str(text)))
