"""`doctor` says how much history is kept, since when, how completely, and who records. Reads only."""

from datetime import datetime

from tui.core import KeptHistory
from tui.domain.check import Check, ok, warn
from tui.headless.history.kept import kept, kept_text, recorded_by
from tui.headless.output import line


def history_check(history: KeptHistory, now: datetime) -> Check:
    try:
        reader = history.open()
        text = kept_text(*kept(reader, now), now)
        holder = history.holder()
    except (OSError, ValueError) as error:
        return warn("history", f"it cannot be read: {line(str(error))}", "Check its permissions")
    return ok("history", line(f"{text}; {recorded_by(holder)}"))
