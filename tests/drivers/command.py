"""The real command in a process of its own: what it printed, and how it ended."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 30.0
"""Seconds in which a command must have ended."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A command that ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The JSON document on stdout."""
        return json.loads(self.out)


Run = Callable[..., Finished]
"""Runs a command and waits for its end."""


def trail(places: Path) -> list[dict[str, Any]]:
    """The records of every audit trail below `places`, as they were written."""
    files = (places / "state" / "audit").glob("*.jsonl")
    return [json.loads(line) for path in files for line in path.read_text().splitlines()]


def syncdeck(*arguments: object, stdin: str | None = None, **environment: str) -> Finished:
    """Run `syncdeck` with `arguments` in the test's own environment, with more variables set."""
    done = subprocess.run(
        command(*arguments),
        env=os.environ | environment,
        input=stdin if stdin is not None else "",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def command(*arguments: object) -> list[str]:
    """The argv of `syncdeck` under this interpreter."""
    return [sys.executable, "-m", "tui", *map(str, arguments)]
