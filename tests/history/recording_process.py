"""A program that records: takes a command a line, and prints a line when it is done.

`ok N`, `error N`: N changes a second apart are written. `add ok`: one, without waiting. `status`.
`become UID`: as root, go on as another user; before `start FOLDER GROUP`.
"""

import os
import sqlite3
import sys
from datetime import timedelta
from itertools import count
from pathlib import Path

from tests.history.recordings import ERROR, LONG, NOON, OK, QUICK, Clock, change
from tui.domain.history.settings import HistorySettings
from tui.history.writer import Writer
from tui.history.writing import day_totals, lock, recording

LOADED = (sqlite3, day_totals, lock, recording)
"""Another user may not be able to read the program."""
STATES = {"ok": OK, "error": ERROR}


def main() -> None:
    clock = Clock()
    moments = (NOON + timedelta(seconds=n) for n in count())
    writer: Writer | None = None
    for line in sys.stdin:
        match line.split(), writer:
            case ["become", uid], _:
                os.setgroups([])
                os.setgid(int(uid))
                os.setuid(int(uid))
                print("done", flush=True)
            case ["start", place], _:
                writer = Writer(Path(place), HistorySettings(), {"profile": "test"}, clock, pace=QUICK)
                print("done", flush=True)
            case ["status"], Writer():
                print(writer.status.kind.value, writer.status.why, flush=True)
            case ["add", state], Writer():
                clock.now = next(moments)
                writer.add([change(STATES[state], clock.now)])
                print("done", flush=True)
            case [state, number], Writer():
                for _ in range(int(number)):
                    clock.now = next(moments)
                    writer.add([change(STATES[state], clock.now)])
                print(writer.flush(LONG), flush=True)
            case _:
                raise SystemExit(f"unexpected: {line}")
    if writer is not None:
        writer.close(LONG)


if __name__ == "__main__":
    main()
