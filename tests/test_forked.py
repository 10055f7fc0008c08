"""A command that is forked is the same as one that is started."""

import json
import os
import subprocess
import sys

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


@pytest.mark.parametrize(
    ("arguments", "environment", "terminal"),
    [
        ((), {"TERM": "xterm-256color", "HOME": "/nowhere"}, "xterm-256color"),
        ((), {"TERM": "linux"}, "linux"),
        ((), {"TERM": "xterm-256color", "NO_COLOR": "1"}, "linux"),
        (("--slow",), {"TERM": "xterm-256color"}, None),
        ((), {"TERM": "xterm-256color", "TEXTUAL_THEME": "nord"}, None),
        ((), {"TERM": "xterm-256color", "ESCDELAY": "50"}, None),
    ],
)
def test_what_textual_reads_when_it_is_imported_needs_an_import(
    arguments: tuple[str, ...], environment: dict[str, str], terminal: str | None
) -> None:
    assert forked.imported_for(arguments, environment) == terminal


_NOTED = """\
import json, os
from tests.drivers.forked import import_console
read = set()
class Noting(os._Environ):
    def __getitem__(self, name):
        read.add(name)
        return super().__getitem__(name)
os.environ.__class__ = Noting
import_console()
print(json.dumps(sorted(read)))
"""


def test_textual_reads_nothing_else_when_it_is_imported() -> None:
    """What is not on the list may differ between consoles that share an import."""
    done = subprocess.run(
        [sys.executable, "-c", _NOTED], capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    read = json.loads(done.stdout)
    assert "TEXTUAL_THEME" in read
    foreign = {name for name in read if not name.startswith(forked.READ_BY_TEXTUAL)}
    assert foreign <= {"ANDROID_DATA"}, "of platformdirs, and the same for every test"
