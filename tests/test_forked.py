"""A command that is forked is the same as one that is started."""

import os
import subprocess

import pytest

from tests.drivers import forked
from tests.drivers.command import PATIENCE, Finished, command, syncdeck


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (("--version",), ""),
        (("--help",), ""),
        (("workers", "--colour"), ""),
        (("run", "worker.stop", "Temu DE", "--demo"), "y\n"),
        ((), "x" * 100_000),
        (("--demo", "engine"), ""),
    ],
)
def test_it_prints_and_ends_as_if_it_were_started(arguments: tuple[str, ...], stdin: str) -> None:
    environment = dict(os.environ)
    assert forked.is_like_started(environment)
    done = subprocess.run(
        command(*arguments),
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert syncdeck(*arguments, stdin=stdin) == Finished(done.returncode, done.stdout, done.stderr)


def test_nothing_of_one_command_reaches_the_next() -> None:
    assert "/nowhere" in syncdeck("config", "path", SYNCDECK_CONFIG="/nowhere").out
    assert "/nowhere" not in syncdeck("config", "path").out


@pytest.mark.parametrize("name", ["LC_ALL", "PYTHONIOENCODING"])
def test_what_python_reads_at_its_start_needs_a_start(name: str) -> None:
    assert not forked.is_like_started({**os.environ, name: "another"})
