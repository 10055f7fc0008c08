"""How the first run after a start or restart ended, as the audit trail says it (`run_watch.py`)."""

import re
from datetime import datetime

from tui.domain.result import Result
from tui.frozen import frozen
from tui.ops.audit.entries import Entry

RUN_FOLLOWS = ("worker.start", "worker.restart")
_ENDED = re.compile(r"(?:re)?started \d\d:\d\d · run ended \d\d:\d\d:\d\d: (.*)", re.DOTALL)
_RECOVERED = " · recovered"


@frozen
class SeenEnd:
    at: datetime
    words: str
    """`ok`, `error disk full`."""

    @property
    def is_good(self) -> bool:
        return self.words == "ok"


def run_end_of(entry: Entry) -> SeenEnd | None:
    """None: no run was seen to end."""
    for check in reversed(entry.checks if entry.operation in RUN_FOLLOWS else ()):
        found = _ENDED.match(check.sentence.removeprefix(f"{entry.target}: "))
        if found is not None and check.result is Result.APPLIED:
            return SeenEnd(check.at, found[1].removesuffix(_RECOVERED))
    return None
