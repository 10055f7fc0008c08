"""Where `syncdeck run` asks for the last step: only at a terminal, and never on a stdout that is a
document's alone."""

import fcntl
import os
import struct
import sys
import termios
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.drivers.command import Run
from tests.drivers.console import WRITES, write_config
from tests.drivers.simulator import RunningSimulator
from tui.config.file import read
from tui.headless.run.command import RunRequest
from tui.headless.run.command import run as run_request
from tui.launch import RunOptions
from tui.wiring import build_core

QUESTION = "anything else sends nothing: "


class Desk:
    """A pseudo-terminal of 100 columns; whoever sits there answers `n` to every question."""

    def __init__(self) -> None:
        self._master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
        # What is read where nobody was asked comes back empty instead of waiting for ever.
        modes = termios.tcgetattr(slave)
        modes[3] &= ~(termios.ECHO | termios.ICANON)
        modes[6][termios.VMIN], modes[6][termios.VTIME] = 0, 50
        termios.tcsetattr(slave, termios.TCSANOW, modes)
        self.reader = os.fdopen(slave, "r")
        self.writer = os.fdopen(os.dup(slave), "w")
        self._seen = b""
        self._person = threading.Thread(target=self._sits, daemon=True)
        self._person.start()

    def _sits(self) -> None:
        asked = 0
        while True:
            try:
                self._seen += os.read(self._master, 4096)
            except OSError:
                return
            if self._seen.count(QUESTION.encode()) > asked:
                asked += 1
                os.write(self._master, b"n\n")

    def said(self) -> str:
        """All that was ever shown; the terminal is gone afterwards."""
        self.writer.close()
        self.reader.close()
        self._person.join()
        os.close(self._master)
        return self._seen.decode().replace("\r\n", "\n")


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True) as running:
        yield running


@pytest.fixture
def desk() -> Desk:
    return Desk()


def sent(erp: RunningSimulator) -> int:
    return sum(entry["method"] in WRITES and "/erp/" in entry["path"] for entry in erp.log())


@pytest.mark.parametrize(
    ("targets", "whom"), [(["Temu DE"], "Temu · Temu DE"), (["Temu DE", "Hauptshop"], "2 targets")]
)
def test_it_is_asked_beside_a_document_that_goes_elsewhere(
    erp: RunningSimulator,
    run: Run,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    targets: list[str],
    whom: str,
) -> None:
    monkeypatch.setattr(sys, "stdin", desk.reader)
    monkeypatch.setattr(sys, "stderr", desk.writer)
    done = run("worker.stop", *targets, "--json")
    assert done.code == 2
    results = done.document["results"]
    assert [one["result"] for one in results] == ["not sent"] * len(targets)
    assert {one["sentence"] for one in results} == {"nothing was sent: it was not confirmed"}
    said = desk.said()
    assert said.count(QUESTION) == 1
    assert said.count("Target       ") == len(targets)
    assert f"\nStop sync · {whom} · sim · development\n" in said
    assert sent(erp) == 0


def test_the_further_calls_of_a_resync_stand_beside_the_question(
    erp: RunningSimulator, run: Run, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", desk.reader)
    monkeypatch.setattr(sys, "stderr", desk.writer)
    done = run("force-resync", "1", "--set", "keys=1-1400", "--json")
    assert done.code == 2
    assert len(done.document["results"]) == 3
    said = desk.said()
    assert "and Business Central DE · call 2 of 3, 500 keys 501-1000\n" in said
    assert "and Business Central DE · call 3 of 3, 400 keys 1001-1400\n" in said
    assert "\nForced resync · 3 calls · sim · development\n" in said
    assert said.count("Target       ") == 1
    assert erp.received("POST", "Resync") == []


@pytest.mark.parametrize("at_a_terminal", ["stdin", "stdout", "stdout alone", "stderr"])
def test_where_one_side_is_no_terminal_nobody_is_asked(
    erp: RunningSimulator,
    run: Run,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    at_a_terminal: str,
) -> None:
    if at_a_terminal == "stdout alone":
        monkeypatch.setattr(sys, "stdin", None)
    stream = at_a_terminal.removesuffix(" alone")
    monkeypatch.setattr(sys, stream, desk.reader if stream == "stdin" else desk.writer)
    done = run("worker.stop", "Temu DE", *(["--json"] if stream == "stderr" else []))
    assert done.code == 2
    said = desk.said()
    assert "without a terminal, --yes is needed" in done.err + said
    assert QUESTION not in done.out + done.err + said
    assert sent(erp) == 0


def test_a_request_that_does_not_say_yes_sends_nothing(
    erp: RunningSimulator, capsys: pytest.CaptureFixture[str], private_places: Path
) -> None:
    file = read(write_config(erp))
    code = run_request(
        RunRequest("worker.stop", ("Temu DE",)), lambda: build_core(file, "sim", RunOptions())
    )
    assert code == 2
    assert "--yes is needed" in capsys.readouterr().err
    assert sent(erp) == 0
