"""Bytes that are not UTF-8 on the command line: refused before anything is read or sent (D12)."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.drivers.command import command, trail
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator

GARBLED = b"M\xfcller"


@pytest.mark.parametrize(
    "arguments",
    [
        [b"run", b"extension.create", GARBLED, b"--set", b"version=1", b"--set", b"hash=ab", b"--yes"],
        [b"run", b"worker.stop", b"Temu DE", GARBLED, b"--yes"],
        [b"run", b"configure", b"Temu DE", b"--set", b"interval=10m\xff", b"--yes"],
        [b"run", b"configure", b"Temu DE", b"--set", b"N\xf6te=1", b"--yes"],
        [b"run", b"update", b"shop", b"--set", b"version=1.\xfc", b"--yes"],
        [b"run", b"force-resync", b"1", b"--set", b"external=A\xfc1", b"--set", b"actor_type=Customer"],
        [b"run", GARBLED, b"Temu DE", b"--yes"],
        [b"run", b"worker.stop", b"Temu DE", b"--yes", b"--profile", GARBLED],
        [b"workers", b"--profile", GARBLED],
        [b"audit", b"--since", GARBLED],
        [b"config", b"path", b"--config", b"/tmp/" + GARBLED],
        [b"--profile", GARBLED],
        [b"run", b"worker.stop", b"\x1b[2J" + GARBLED, b"--yes"],
    ],
    ids=lambda arguments: repr(b" ".join(arguments)),
)
def test_d12_an_argument_that_is_not_utf_8_is_refused(
    private_places: Path, arguments: list[bytes]
) -> None:
    with RunningSimulator(still=True) as erp:
        write_config(erp)
        argv = [*map(os.fsencode, command()), *arguments]
        done = subprocess.run(
            argv, env=os.environ | {"PYTHONUTF8": "1"}, capture_output=True, timeout=60, check=False
        )
        assert done.returncode == 2, done
        told = done.stderr.decode("utf-8")
        assert "not valid UTF-8 on the command line" in told
        assert "\\xf" in told
        assert "\x1b" not in told
        assert done.stdout == b""
        assert erp.log() == []
    assert trail(private_places) == []


def test_d12_what_is_utf_8_is_taken(private_places: Path) -> None:
    with RunningSimulator(still=True) as erp:
        write_config(erp)
        arguments = [
            "run",
            "extension.create",
            "Müller",
            "--set",
            "version=1",
            "--set",
            "hash=ab",
            "--yes",
        ]
        done = subprocess.run(
            command(*arguments),
            env=os.environ | {"PYTHONUTF8": "1"},
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done
        (request,) = erp.received("POST", "/extensions")
        assert request["body"]["ExtensionId"] == "Müller"
