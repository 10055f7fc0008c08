"""The real command in a process of its own: what it printed, and how it ended."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
        return _forked(list(map(str, arguments)), environment, stdin or "")
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


def _forked(arguments: list[str], environment: Mapping[str, str], stdin: str) -> Finished:
    (fed, feeding), *printed = (os.pipe() for _ in range(3))
    streams = [fed, *(writing for _, writing in printed)]
    with os.fdopen(feeding, "w") as feed, ThreadPoolExecutor() as pool:
        running = forked.Forked(arguments, environment, streams)
        for descriptor in streams:
            os.close(descriptor)
        out, err = (pool.submit(_read, reading) for reading, _ in printed)
        with suppress(BrokenPipeError):
            feed.write(stdin)
            feed.close()
        try:
            code = running.wait(PATIENCE)
        finally:
            running.kill()
        return Finished(code, out.result(), err.result())


def _read(descriptor: int) -> str:
    with os.fdopen(descriptor) as stream:
        return stream.read()


def command(*arguments: object) -> list[str]:
    """The argv of `syncdeck` under this interpreter."""
    return [sys.executable, "-m", "tui", *map(str, arguments)]
