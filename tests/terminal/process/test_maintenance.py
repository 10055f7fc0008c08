"""Killed while it opened a maintenance: the next console goes on, and closing starts exactly those."""

import json
import signal
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess
from tui.domain.maintenance.records import Maintenance, MemberKind, NotedTarget, Step
from tui.domain.result import Result
from tui.ops.audit.record import stamp
from tui.ops.maintenance.journals import FileJournals

ENGINE = "ChangeEngineStatus"
WORDS = '["!channel:eazybusiness", "engine"]'


def with_set(erp: ErpProcess) -> None:
    """A set of all syncs but one, and of the engine; their state changes at once."""
    erp.config.write_text(f"{erp.config.read_text()}\n[profiles.sim.sets]\nnightly = {WORDS}\n")
    erp.merge({"jtl": {"control_delay": 0}})


def said(terminal: Terminal, *texts: str) -> None:
    for text in texts:
        terminal.wait_until(partial(_shows, terminal, text), text)


def _shows(terminal: Terminal, text: str) -> bool:
    return text in " ".join(terminal.screen().split())


def with_review(erp: ErpProcess, syncdeck: Console) -> Terminal:
    """A console with the review of opening the set in front."""
    with_set(erp)
    console = syncdeck("--config", erp.config)
    said(console, "Temu DE", "live", "engine ✔ running")
    console.press("M")
    said(console, "Maintenance: stop a set", "Stops: 10")
    console.press("tab")
    console.send("night batch")
    console.press("f2")
    said(console, "Open maintenance nightly · 10 targets")
    return console


def targets(erp: ErpProcess, action: int) -> list[str]:
    """The identifiers of the syncs that got this action, in order."""
    sent = [one for one in erp.writes() if one["body"] == {"Action": action}]
    return [one["path"].rpartition("/")[2] for one in sent]


def minutes_later(places: Path) -> None:
    """Each stop without a response is as old as if one had waited for what may still arrive."""
    journals = FileJournals(places / "state" / "maintenance" / "sim")
    (noted,) = journals.read().open
    for target in noted.targets:
        if target.stop is not None and target.stop.result is None:
            early = replace(target.stop, at=target.stop.at - timedelta(minutes=3), server_at=None)
            noted = noted.with_target(replace(target, stop=early))
    journals.save(noted)
    trail = places / "state" / "audit" / "sim.jsonl"
    records = [json.loads(line) for line in trail.read_text().splitlines()]
    for record in records:
        record["time"] = stamp(datetime.fromisoformat(record["time"]) - timedelta(minutes=3))
    trail.write_text("".join(f"{json.dumps(record)}\n" for record in records))


def test_the_next_console_goes_on_and_closing_starts_exactly_those(
    erp: ErpProcess, syncdeck: Console, places: Path
) -> None:
    first = with_review(erp, syncdeck)
    for fault in ("slow:0*4", "hang"):
        erp.fault(f"PUT .*/workers/={fault}")
    first.confirm("y")
    erp.wait_received("PUT", "/workers/", 8)
    first.signal(signal.SIGKILL)
    first.wait_ended()
    erp.clear_faults()
    before = targets(erp, 1)
    minutes_later(places)

    second = syncdeck("--config", erp.config)
    said(second, "Interrupted · maintenance nightly")
    second.confirm("g")
    said(second, "Go on with maintenance nightly")
    second.confirm("y")
    said(second, "10 of 10 targets off")
    assert "maintenance nightly" in second.title
    stopped = targets(erp, 1)
    assert len(set(stopped)) == 9
    assert set(before[:4]).isdisjoint(stopped[len(before) :])
    assert len([one for one in erp.writes() if ENGINE in one["path"]]) == 1

    erp.merge({"jtl": {"workers": {"Temu DE": {"state": 1}}}})
    second.press("esc")
    second.wait_gone("esc back")
    second.press("M")
    said(second, "Maintenance · what is open")
    second.press("enter")
    said(second, "Close maintenance nightly", "Starts: 9")
    second.confirm("a")
    said(second, "maintenance is closed")
    started = targets(erp, 0)
    assert len(started) == len(set(started)) == 8
    assert set(started) < set(stopped)
    assert [one for one in erp.writes() if ENGINE in one["path"]][-1] == erp.writes()[-1]
    second.wait_until(lambda: "maintenance nightly" not in second.title, "title without it")


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_what_is_under_way_when_a_signal_ends_it_is_noted(
    erp: ErpProcess, syncdeck: Console, places: Path, number: signal.Signals
) -> None:
    console = with_review(erp, syncdeck)
    erp.fault("PUT .*/workers/=slow:1")
    console.confirm("y")
    erp.wait_received("PUT", "/workers/", 4)
    console.signal(number)
    console.wait_ended()
    assert console.exit_code == 128 + number
    assert len(targets(erp, 1)) == 4
    (noted,) = FileJournals(places / "state" / "maintenance" / "sim").read().open
    words = Counter(one.stop_word for one in noted.targets if one.kind is MemberKind.SYNC)
    # Not every effect is seen by then.
    assert words["applied"] + words["accepted"] == 4
    assert words[None] == 5


def test_what_is_open_is_seen_without_colour_in_ascii_and_said_at_the_end(
    erp: ErpProcess, syncdeck: Console, places: Path
) -> None:
    folder = places / "state" / "maintenance" / "sim"
    at = datetime.now(UTC)
    target = NotedTarget("engine", "engine", MemberKind.ENGINE, "running", stop=Step(at, Result.APPLIED))
    late = at - timedelta(minutes=1)
    noted = Maintenance("nightly-1", "nightly", "sim", "night", "kim", at, late, (target,))
    journals = FileJournals(folder)
    held = journals.create(noted)
    assert isinstance(held, Maintenance)
    journals.release(held)
    more = {"NO_COLOR": "1", "LC_ALL": "C"}
    erp.merge({"superoffice": {"running": False}})
    live = syncdeck("--config", erp.config, size=(60, 15), more=more)
    said(live, "Temu DE", "live", "maintenance nightly - 1 off since", "overdue since")
    assert live.hues == set()
    live.press("q")
    live.wait_ended()
    end = live.said_at_the_end
    assert "maintenance nightly" in end
    assert "syncdeck maintenance close nightly --profile sim" in end
