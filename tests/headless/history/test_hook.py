"""`watch --exec`: what the program gets, and what becomes of one that fails or hangs."""

import asyncio
import json
import sys
import time
from pathlib import Path

import pytest

from tui.headless.history.hook import Hook

COLLECT = """
import json, os, sys, pathlib
place = pathlib.Path(sys.argv[1])
event = json.loads(sys.stdin.readline())
(place / f"{event['n']}.json").write_text(json.dumps([event, dict(os.environ)]))
print("this goes to stderr")
"""


def given_to(argv: list[str], count: int, hidden: frozenset[str] = frozenset()) -> None:
    async def run() -> None:
        hook = Hook(argv, hidden, deadline=20.0)
        for number in range(count):
            hook.put(json.dumps({"n": number}))
        await hook.settled()

    asyncio.run(run())


def test_each_change_is_one_object_on_stdin_without_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "hush-hush")
    given_to([sys.executable, "-c", COLLECT, str(tmp_path)], 2, frozenset({"ACME_TOKEN"}))
    for number in range(2):
        event, environment = json.loads((tmp_path / f"{number}.json").read_text())
        assert event == {"n": number}
        assert "PATH" in environment
        assert "ACME_TOKEN" not in environment
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.count("this goes to stderr") == 2


def test_it_runs_one_at_a_time(tmp_path: Path) -> None:
    busy = tmp_path / "busy"
    code = f"import os, time; os.mkdir({str(busy)!r}); time.sleep(0.1); os.rmdir({str(busy)!r})"
    given_to([sys.executable, "-c", code], 3)
    assert not busy.exists()


def test_there_is_no_shell(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    given_to(["true; touch", str(tmp_path / "made")], 1)
    assert not (tmp_path / "made").exists()
    assert "'true; touch' did not start: No such file or directory" in capfd.readouterr().err


def test_a_failure_is_said_and_the_next_change_still_comes(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    given_to(["sh", "-c", f"cat >> {tmp_path}/all; exit 3"], 2)
    assert (tmp_path / "all").read_text() == '{"n": 0}\n{"n": 1}\n'
    assert capfd.readouterr().err.count("'sh' ended with 3") == 2


def test_one_that_hangs_is_ended_with_its_children(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    async def run() -> None:
        hook = Hook(
            ["sh", "-c", f"sleep 1000 & echo $! > {tmp_path}/pid; wait"], frozenset(), deadline=1.0
        )
        hook.put("{}")
        await hook.settled()

    asyncio.run(run())
    assert "'sh' was ended: it took longer than 1 s" in capfd.readouterr().err
    child = int((tmp_path / "pid").read_text())
    end = time.monotonic() + 10
    while _runs(child):
        assert time.monotonic() < end, "its child still runs"
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
