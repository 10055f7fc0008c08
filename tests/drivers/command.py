"""The real command in a process of its own: what it printed, and how it ended."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.drivers import forked

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
    return syncdeck_in(os.environ | environment, *arguments, stdin=stdin)


def syncdeck_in(
    environment: Mapping[str, str], *arguments: object, stdin: str | None = None
) -> Finished:
    """Run `syncdeck` with `arguments` in that environment alone."""
    if forked.is_like_started(environment):
        with Running(arguments, environment) as running:
            out, err = running.communicate(stdin or "")
        return Finished(running.wait(), out, err)
    done = subprocess.run(
        command(*arguments),
        env=environment,
        input=stdin or "",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


class Running(forked.Forked):
    """A forked command that runs: what it says is on `stdout` and `stderr`, as of `subprocess.Popen`."""

    def __init__(
        self, arguments: Sequence[object], environment: Mapping[str, str], out: int | None = None
    ) -> None:
        """`out`: the descriptor that it writes to; `stdout` is empty then."""
        assert forked.is_like_started(environment)
        (fed, feeding), (told, telling), (warned, warning) = (os.pipe() for _ in range(3))
        self.stdin, self.stdout, self.stderr = (
            os.fdopen(feeding, "w"),
            os.fdopen(told),
            os.fdopen(warned),
        )
        streams = [fed, telling if out is None else out, warning]
        super().__init__(list(map(str, arguments)), environment, streams)
        for descriptor in (fed, telling, warning):
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self.wait(PATIENCE)
        finally:
            self.kill()
            for stream in (self.stdout, self.stderr):
                stream.close()

    def communicate(self, stdin: str = "", timeout: float = PATIENCE) -> tuple[str, str]:
        """Feed it and read what it says to its end."""
        with ThreadPoolExecutor() as pool:
            out, err = pool.submit(self.stdout.read), pool.submit(self.stderr.read)
            with suppress(BrokenPipeError):
                if not self.stdin.closed:
                    self.stdin.write(stdin)
                    self.stdin.close()
            try:
                self.wait(timeout)
            finally:
                self.kill()
            return out.result(), err.result()


def started(
    *arguments: object, out: int | None = None, more: Mapping[str, str] | None = None
) -> Running:
    """Start `syncdeck` with `arguments` in the test's own environment, with more variables set; nothing
    is typed for it.
    """
    running = Running(arguments, {**os.environ, **(more or {})}, out)
    running.stdin.close()
    return running


def command(*arguments: object) -> list[str]:
    """The argv of `syncdeck` under this interpreter."""
    return [sys.executable, "-m", "tui", *map(str, arguments)]
