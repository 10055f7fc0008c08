"""What opening stops, and that closing starts exactly that; as the simulator received it."""

import signal
import stat
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from tests.drivers.command import started, syncdeck, trail
from tests.drivers.simulator import RunningSimulator
from tests.headless.maintenance.conftest import (
    LOCKED,
    NIGHTLY,
    OFF,
    OFF_BEFORE,
    OK,
    RUNNING,
    Before,
    Operator,
)
from tui.domain.maintenance.records import SetState, Step
from tui.domain.result import Result
from tui.headless.run.command import RunRequest, run
from tui.ops.maintenance.journals import journals_of
from tui.paths import state_dir


def test_twelve_syncs_and_the_engine_are_stopped_and_exactly_those_started(
    operator: Operator, syncs: list[str]
) -> None:
    assert len(syncs) == 12
    opened = operator.open(*NIGHTLY)
    assert opened.code == 0, opened
    assert operator.stops()[0] == "engine"
    assert sorted(operator.stops()[1:]) == sorted(syncs)
    assert operator.state_of("eazybusiness") == OK
    assert f"left  Kaufland · {OFF_BEFORE} · off" in opened.out
    assert [operator.state_of(one) for one in syncs] == [OFF] * 12
    closed = operator.close()
    assert closed.code == 0, closed
    assert operator.starts()[-1] == "engine"
    assert sorted(operator.starts()[:-1]) == sorted(syncs)
    # A few at a time, in reverse order.
    assert operator.starts()[0] in syncs[-4:]
    assert operator.noted().state is SetState.CLOSED
    assert operator.state_of(OFF_BEFORE) == OFF


def killed_after_the_fifth_stop(operator: Operator, erp: RunningSimulator, syncs: list[str]) -> None:
    """Engine and four syncs are stopped, four more stops are under way, and nobody is left."""
    for channel in syncs[4:]:
        erp.fault(f"PUT .*/{erp.worker_id(channel)}=hang")
    filters = [part for one in NIGHTLY for part in ("--target", one)]
    terms = ("--reason", "a story", "--until", "2h", "--yes", "--profile", "sim")
    running = started("maintenance", "open", "nightly", *filters, *terms)
    erp.wait_received("PUT", "/workers/", 8)
    running.send_signal(signal.SIGKILL)
    running.wait(timeout=30)
    erp.clear_faults()


def test_an_opening_killed_after_the_fifth_stop_is_resumed_and_closed(
    operator: Operator, erp: RunningSimulator, syncs: list[str]
) -> None:
    started, locked = syncs[0], syncs[5]
    killed_after_the_fifth_stop(operator, erp, syncs)
    left = operator.noted()
    assert left.is_interrupted
    before = {one.name.rpartition(" · ")[2]: one.before for one in left.targets}
    assert before[OFF_BEFORE] == "off"
    erp.clear_log()
    operator.wait(10)
    resumed = operator.go_on()
    assert resumed.code == 1, resumed
    assert "was interrupted" in resumed.out
    # The engine and the first syncs were stopped already: they are not stopped again. Nor are those
    # whose stops may yet arrive.
    assert sorted(operator.stops()) == sorted(syncs[8:])
    operator.wait(120)
    assert operator.go_on().code == 0
    assert sorted(operator.stops()) == sorted(syncs[4:])
    assert {one.name.rpartition(" · ")[2]: one.before for one in operator.noted().targets} == before
    operator.is_now(started, RUNNING)
    operator.is_now(locked, LOCKED)
    closed = operator.close()
    assert closed.code == 1
    assert sorted(operator.starts()[:-1]) == sorted(set(syncs) - {started, locked})
    assert operator.starts()[-1] == "engine"
    assert operator.state_of(OFF_BEFORE) == OFF
    assert "Unlock its account" in closed.err
    rest = operator.noted()
    assert [one.name.rpartition(" · ")[2] for one in rest.off] == [locked]
    assert rest.state is SetState.PARTLY
    # Once it is unlocked and started, there is nothing left.
    operator.is_now(locked, RUNNING)
    erp.clear_log()
    assert operator.close().code == 0
    assert operator.starts() == []
    assert operator.noted().state is SetState.CLOSED


def test_what_was_never_sent_is_not_in_doubt(
    operator: Operator, erp: RunningSimulator, syncs: list[str]
) -> None:
    """Killed while the targets were read again, right before their stops."""
    for fault in ("slow:0*2", "hang"):
        erp.fault(f"GET .*/workers/status={fault}")
    terms = ("--reason", "a story", "--until", "2h", "--yes", "--profile", "sim")
    running = started("maintenance", "open", "nightly", "--target", "channel:Amazon", *terms)
    erp.wait_received("GET", "/workers/status", 3)
    running.send_signal(signal.SIGKILL)
    running.wait(timeout=30)
    erp.clear_faults()
    assert operator.stops() == []
    assert [one.stop for one in operator.noted().targets] == [None, None]
    # Whoever stops one of them meanwhile did it, not this maintenance.
    operator.is_now("Amazon FR", OFF)
    resumed = operator.go_on()
    assert resumed.code == 0, resumed
    assert operator.stops() == ["Amazon DE"]
    assert operator.close().code == 0
    assert operator.starts() == ["Amazon DE"]


def test_a_stop_whose_outcome_nobody_knows_is_asked_for_and_never_started_by_itself(
    operator: Operator, erp: RunningSimulator, syncs: list[str]
) -> None:
    killed_after_the_fifth_stop(operator, erp, syncs)
    # Its stop was on the way when the console was killed; now it is off, by whomever.
    operator.is_now(syncs[4], OFF)
    operator.wait(660)
    closed = operator.close()
    assert closed.code == 1
    assert "whether our stop did that is unknown" in closed.out
    assert f"syncdeck run worker.start {erp.worker_id(syncs[4])} --profile sim" in closed.err
    assert sorted(operator.starts()[:-1]) == sorted(syncs[:4])
    assert operator.state_of(syncs[4]) == OFF


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_stop_that_is_still_settling_keeps_the_set_open(
    operator: Operator, erp: RunningSimulator, number: signal.Signals
) -> None:
    """The engine still runs, and goes off in a moment: closing must not take it for started."""
    now = operator.clock()
    erp.world.clock = lambda: now
    arguments = ("maintenance", "open", "e", "--target", "engine", "--reason", "x", "--until", "2h")
    running = started(*arguments, "--yes")
    erp.wait_received("POST", "ChangeEngineStatus", 1)
    running.send_signal(number)
    running.wait(timeout=30)
    closed = operator.close("e")
    assert closed.code == 1, closed
    assert "Close again once it is off" in closed.err
    assert operator.starts() == []
    assert [one.is_off for one in operator.noted("e").targets] == [True]
    erp.world.clock = operator.clock
    operator.wait(5)
    again = operator.close("e")
    assert again.code == 0, again
    assert operator.starts() == ["engine"]


def test_a_stop_that_nobody_saw_is_closed_once_it_is_certain(
    operator: Operator, erp: RunningSimulator, syncs: list[str]
) -> None:
    erp.state(jtl={"control_delay": 100_000})
    assert operator.open(f'name:"{syncs[0]}"', f'name:"{syncs[1]}"').code == 1
    early = operator.close()
    assert early.code == 1
    assert "meanwhile" not in early.out
    assert len(operator.noted().off) == 2
    # One goes off late, of the other the stop was lost.
    operator.is_now(syncs[0], OFF)
    erp.state(jtl={"control_delay": 0})
    operator.wait(660)
    late = operator.close()
    assert late.code == 0, late
    assert "it runs: our stop had no lasting effect" in late.out
    assert operator.starts() == [syncs[0]]


def test_a_stop_whose_response_is_lost_is_seen(
    operator: Operator, erp: RunningSimulator, syncs: list[str]
) -> None:
    erp.fault("PUT .*/workers/=lost*1")
    opened = operator.open("channel:Amazon")
    assert opened.code == 0, opened
    assert "the response was lost; now off" in opened.out
    assert sorted(operator.stops()) == ["Amazon DE", "Amazon FR"]
    assert operator.close().code == 0
    assert sorted(operator.starts()) == ["Amazon DE", "Amazon FR"]


def test_a_stop_whose_outcome_only_the_audit_trail_knows_is_verified(
    operator: Operator, syncs: list[str]
) -> None:
    """The journal was written last before the result came: the trail has it."""
    assert operator.open(f'name:"{syncs[0]}"', f'name:"{syncs[1]}"').code == 0
    one = operator.noted()
    first = one.targets[0]
    assert first.stop is not None
    journals_of("sim").save(one.with_target(replace(first, stop=Step(one.opened_at))))
    assert operator.close().code == 0
    assert sorted(operator.starts()) == sorted(syncs[:2])


def test_a_second_open_never_overwrites_what_was_noted(operator: Operator, syncs: list[str]) -> None:
    operator.open(*NIGHTLY)
    before = operator.noted()
    again = operator.open(*NIGHTLY)
    assert again.code == 2
    assert "nightly is open since" in again.err
    assert operator.noted() == before
    other = operator.open("channel:Amazon", name="other")
    assert other.code == 2, other
    assert operator.noted() == before


@pytest.mark.parametrize("profile", ["sim", "other"])
def test_what_somebody_started_and_stopped_again_is_left(
    operator: Operator, syncs: list[str], profile: str
) -> None:
    """By syncdeck on this machine, from whichever profile of the same server."""
    operator.open(f'name:"{syncs[0]}"', f'name:"{syncs[1]}"')
    for verb in ("start", "stop"):
        operator.wait(60)
        request = RunRequest(f"worker.{verb}", (f"id:{operator.erp.worker_id(syncs[0])}",), yes=True)
        core = partial(operator.core, profile)
        assert run(request, core, clock=operator.clock, sleep=operator.sleep) == 0
    operator.erp.clear_log()
    closed = operator.close()
    assert closed.code == 0
    assert "it is off, but not by this maintenance: stopped again by" in closed.out
    assert operator.starts() == [syncs[1]]


def test_f13_what_is_stopped_on_purpose_while_the_review_is_open_is_not_started(
    operator: Operator, before: Before, erp: RunningSimulator
) -> None:
    """The trail is read for the review, and once more after the confirmation."""
    operator.wait(-60)
    assert operator.open("channel:Amazon").code == 0
    operator.wait(60)

    def meanwhile() -> None:
        for verb in ("start", "stop"):
            done = syncdeck("run", f"worker.{verb}", f"id:{erp.worker_id('Amazon FR')}", "--yes")
            assert done.code == 0, done

    # The states are read for the review, and once more after it.
    before.request("/workers/status", 2, meanwhile)
    closed = operator.close()
    assert closed.code == 1, closed
    assert "changed since the review: it is off, but not by this maintenance" in closed.err
    assert "open the review again" in closed.err
    assert operator.starts() == ["Amazon FR", "Amazon DE"]
    assert operator.state_of("Amazon FR") == OFF
    erp.clear_log()
    again = operator.close()
    assert again.code == 0, again
    assert operator.starts() == []


def test_f13_what_is_stopped_on_purpose_while_others_are_started_is_not_started(
    operator: Operator, before: Before, erp: RunningSimulator
) -> None:
    operator.wait(-60)
    assert operator.open('name:"Amazon FR"', "engine").code == 0
    operator.wait(60)

    def meanwhile() -> None:
        for verb in ("start", "stop"):
            done = syncdeck("run", f"engine.{verb}", "engine", "--yes")
            assert done.code == 0, done

    # The sync is read again right before its start; the engine comes last.
    before.request("/workers/status", 3, meanwhile)
    closed = operator.close()
    assert closed.code == 1, closed
    assert "changed since the review: stopped again by" in closed.err
    assert operator.starts() == ["engine", "Amazon FR"]
    assert not erp.state()["superoffice"]["running"]


def test_a_partial_failure_leaves_exactly_the_rest(
    operator: Operator, erp: RunningSimulator, syncs: list[str]
) -> None:
    operator.open(*NIGHTLY)
    failing = erp.worker_id(syncs[6])
    erp.fault(f"PUT .*/{failing}=status:409")
    closed = operator.close()
    assert closed.code == 1
    assert [one.id for one in operator.noted().off] == [failing]
    erp.clear_faults()
    erp.clear_log()
    again = operator.close()
    assert again.code == 0
    assert operator.starts() == [syncs[6]]
    # What the first closing did is not told as new.
    assert [line.split(" ·")[0] for line in again.out.splitlines()[2:-1]] == ["applied"]
    assert again.out.endswith("maintenance nightly: 1 started, 12 started earlier · closed\n")


def test_what_would_hit_every_other_one_ends_it_and_leaves_the_rest(
    operator: Operator, erp: RunningSimulator, syncs: list[str]
) -> None:
    operator.open(*NIGHTLY)
    erp.fault("PUT .*/workers/=forbidden")
    closed = operator.close()
    assert closed.code == 1
    assert len(operator.noted().off) == 12
    assert "engine" in operator.starts()
    assert len(erp.received("PUT", "/workers/")) - 12 <= 4
    erp.clear_faults()
    assert operator.close().code == 0
    assert operator.noted().state is SetState.CLOSED


def test_a_closing_that_was_killed_is_gone_on_with(
    operator: Operator, erp: RunningSimulator, syncs: list[str]
) -> None:
    """Four are started, four starts are under way, and nobody is left."""
    operator.open(*NIGHTLY)
    for channel in syncs[:8]:
        erp.fault(f"PUT .*/{erp.worker_id(channel)}=hang")
    running = started("maintenance", "close", "nightly", "--yes", "--profile", "sim")
    erp.wait_received("PUT", "/workers/", 12 + 8)
    running.send_signal(signal.SIGKILL)
    running.wait(timeout=30)
    erp.clear_faults()
    assert operator.noted().is_interrupted
    erp.clear_log()
    operator.wait(10)
    assert operator.open(*NIGHTLY).code == 2
    assert operator.stops() == []
    closed = operator.close()
    assert closed.code == 1
    assert "it is still off, and our start may take effect yet" in closed.err
    under_way = {channel for channel in syncs[:8] if channel not in operator.starts()}
    assert len(under_way) == 4
    operator.wait(120)
    assert operator.close().code == 0
    assert sorted(operator.starts()[:-5]) == sorted(set(syncs[:8]) - under_way)
    assert set(operator.starts()[-4:]) == under_way
    assert operator.noted().state is SetState.CLOSED


def test_what_hits_one_system_does_not_spare_the_other(
    operator: Operator, erp: RunningSimulator
) -> None:
    erp.fault("ChangeEngineStatus=forbidden")
    opened = operator.open("engine", "channel:Amazon")
    assert opened.code == 1
    assert operator.stops()[0] == "engine"
    assert sorted(operator.stops()[1:]) == ["Amazon DE", "Amazon FR"]
    assert [one.name for one in operator.noted().not_stopped] == ["ErpSync engine"]
    erp.clear_faults()
    assert operator.close().code == 0
    assert sorted(operator.starts()) == ["Amazon DE", "Amazon FR"]
    assert erp.state()["superoffice"]["running"] is True


EMPTY = 'raw:{"status": 200, "body": []}'


@pytest.mark.parametrize(
    "empty", [("GET .*/workers$", "GET .*/workers/status"), ("GET .*/workers/status",)]
)
def test_a_server_that_lists_nothing_does_not_close_a_maintenance(
    operator: Operator, erp: RunningSimulator, empty: tuple[str, ...]
) -> None:
    operator.open("channel:Amazon")
    for part in empty:
        erp.fault(f"{part}={EMPTY}")
    closed = operator.close()
    assert closed.code == 1
    assert "closed" not in closed.out
    assert "close again" in closed.err.lower()
    assert len(operator.noted().off) == 2
    assert operator.starts() == []
    erp.clear_faults()
    assert operator.close().code == 0
    assert sorted(operator.starts()) == ["Amazon DE", "Amazon FR"]


def test_a_server_that_lists_nothing_does_not_end_an_opening(
    operator: Operator, erp: RunningSimulator, syncs: list[str]
) -> None:
    erp.fault(f"PUT .*/{erp.worker_id(syncs[1])}=status:409")
    words = [f'name:"{one}"' for one in syncs[:2]]
    assert operator.open(*words).code == 1
    erp.clear_faults()
    for part in ("GET .*/workers$", "GET .*/workers/status"):
        erp.fault(f"{part}={EMPTY}")
    resumed = operator.go_on()
    assert resumed.code == 1, resumed
    assert "it is not in the server's list" in resumed.err
    erp.clear_faults()
    assert operator.go_on().code == 0
    assert operator.stops()[-1] == syncs[1]


def test_nothing_is_remembered_where_nothing_was_stopped(
    operator: Operator, erp: RunningSimulator
) -> None:
    erp.fault("PUT .*/workers/=forbidden")
    assert operator.open("channel:Amazon").code == 1
    assert journals_of("sim").read().items == ()


def test_a_connection_is_read_toggled_once_and_read(operator: Operator, erp: RunningSimulator) -> None:
    opened = operator.open("kind:connection id:1", "engine", "channel:Amazon")
    assert opened.code == 0, opened
    toggles = erp.received("POST", "ToggleErpConnectionActive")
    assert len(toggles) == 1
    assert not erp.world.so.connections[1].active
    assert operator.close().code == 0
    assert len(erp.received("POST", "ToggleErpConnectionActive")) == 2
    assert erp.world.so.connections[1].active
    order = [
        entry["path"] for entry in erp.log() if "Change" in entry["path"] or "Toggle" in entry["path"]
    ]
    assert ["Engine" in path for path in order] == [True, False, False, True]


def test_a_toggle_in_doubt_is_not_sent_again_and_says_how_long(
    operator: Operator, erp: RunningSimulator
) -> None:
    assert operator.open("kind:connection id:1").code == 0
    erp.fault("ToggleErpConnectionActive=reset")
    first = operator.close()
    assert first.code == 1, first
    erp.clear_faults()
    sent = len(erp.received("POST", "ToggleErpConnectionActive"))
    second = operator.close()
    assert second.code == 1, second
    assert len(erp.received("POST", "ToggleErpConnectionActive")) == sent
    assert "it is still off, and our start may take effect yet" in second.err
    operator.wait(180)
    assert operator.close().code == 0
    assert erp.world.so.connections[1].active


def test_running_syncs_may_end_first(
    operator: Operator, erp: RunningSimulator, syncs: list[str]
) -> None:
    operator.is_now(syncs[0], RUNNING)
    operator.is_now(syncs[1], RUNNING)
    pauses: list[tuple[datetime, list[str]]] = []

    def meanwhile() -> None:
        pauses.append((operator.clock(), operator.stops()))
        if len(pauses) == 2:
            operator.is_now(syncs[0], OK)

    operator.meanwhile = meanwhile
    opened = operator.open(*(f'name:"{one}"' for one in syncs[:3]), drain_s=30)
    assert opened.code == 0, opened
    assert pauses[0][1] == [syncs[2]]
    assert operator.stops() == [syncs[2], syncs[0], syncs[1]]
    assert [operator.state_of(one) for one in syncs[:3]] == [OFF] * 3
    # The second one never ended: it was stopped when the time was up, and not before.
    over = operator.noted().opened_at + timedelta(seconds=30)
    assert all(at >= over for at, stops in pauses if syncs[1] in stops)


@pytest.mark.parametrize(
    ("first", "then", "stopped"), [(RUNNING, OK, True), (OK, OFF, False)], ids=["run ended", "off"]
)
def test_what_changes_between_the_list_and_the_stop_counts_as_it_is_then(
    operator: Operator, before: Before, syncs: list[str], first: int, then: int, stopped: bool
) -> None:
    """From running to ok is the same to us; what went off meanwhile is left as it is."""
    operator.is_now(syncs[0], first)
    # The list is read for the review and once it was confirmed, then the sync before its stop.
    before.request("/workers/status", 3, lambda: operator.is_now(syncs[0], then))
    opened = operator.open("engine", f'name:"{syncs[0]}"')
    assert opened.code == 0, opened
    expected = ["engine", syncs[0]] if stopped else ["engine"]
    assert operator.stops() == expected
    assert [one.name for one in operator.noted().targets if one.left] == (
        [] if stopped else [f"Shop · {syncs[0]}"]
    )
    assert operator.close().code == 0
    assert operator.starts() == expected[::-1]


def test_the_journal_is_private_and_names_every_attempt(operator: Operator, syncs: list[str]) -> None:
    operator.open(*NIGHTLY)
    operator.close()
    (path,) = (state_dir() / "maintenance" / "sim").glob("*.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    steps = [step for one in operator.noted().targets if not one.left for step in (one.stop, one.start)]
    audits = {step.audit for step in steps if step is not None}
    attempts = {one["id"] for one in trail(state_dir().parent) if one["record"] == "attempt"}
    assert audits == attempts
    assert len(audits) == 26
    assert all(step is not None and step.result is Result.APPLIED for step in steps)


def test_nothing_is_stopped_where_the_journal_cannot_be_written(
    operator: Operator, erp: RunningSimulator
) -> None:
    folder = state_dir() / "maintenance"
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file is in the way")
    opened = operator.open(*NIGHTLY)
    assert opened.code == 2
    assert operator.stops() == []
    assert folder.read_text() == "a file is in the way"


@pytest.mark.parametrize("dry_run", [True, False])
def test_run_warns_of_what_a_maintenance_stopped_and_needs_the_disruptive_grade(
    operator: Operator, erp: RunningSimulator, capsys: pytest.CaptureFixture[str], dry_run: bool
) -> None:
    assert operator.open("channel:Amazon", "engine").code == 0
    erp.clear_log()
    for operation, target in (("worker.start", "Amazon FR"), ("engine.start", "engine")):
        request = RunRequest(operation, (target,), dry_run=dry_run)
        code = run(request, operator.core, clock=operator.clock, sleep=operator.sleep)
        said = capsys.readouterr()
        assert "stopped by maintenance nightly until" in said.out
        assert "(a story)" in said.out
        assert code == (0 if dry_run else 2)
    assert operator.starts() == []
