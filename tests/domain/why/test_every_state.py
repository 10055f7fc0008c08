"""No state of either system is left without an explanation, and each can be acted on."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from tests.domain.history.samples import NOON
from tests.domain.why.samples import of_connection, of_engine, of_extension, of_sync, sync
from tui.domain.health.attention import NO_CONNECTIONS, NO_SYNCS
from tui.domain.health.problems import assess_tested
from tui.domain.health.rules import ALL_SUSPENDED, Level, Verdict, assess
from tui.domain.history.records import Subject, SubjectKind
from tui.domain.intervals import Interval
from tui.domain.jtl.extensions import Extension
from tui.domain.jtl.workers import SyncState, Worker, WorkerStatus, WorkerSync
from tui.domain.profile import System
from tui.domain.superoffice.engine import Connection, EngineStatus
from tui.domain.superoffice.tenant import STATES, Tenant
from tui.domain.timestamps import Moment, iso
from tui.domain.why.explain import MOST, RULES, explain, why
from tui.domain.why.explanation import Certainty
from tui.domain.why.facts import Facts, Failure, FailureKind
from tui.ops.operations.registry import OPERATIONS

SYNC = WorkerSync("temu", "Temu", "Temu DE", Interval.read("00:05:00"))
TIMES = (
    "",
    iso(NOON - timedelta(minutes=1)),
    iso(NOON - timedelta(hours=3)),
    iso(NOON - timedelta(days=2)),
    iso(NOON + timedelta(minutes=55)),
    "9999-12-31T23:59:59+14:00",
    "2026-11-29T11:59:00",
    "0001-01-01T00:00:00+00:00",
    "soon",
)
TEXTS = ("", "disk full", "401 from marketplace", "\x1b[31m[b]x[/b] " + "long " * 500)
STATE_NUMBERS = (*SyncState, None, 9, -1)
TENANTS = (*STATES.values(), "13", "Strange")


def workers() -> Iterator[Facts]:
    other = sync(2, id="otto")
    for number, text, time in product(STATE_NUMBERS, TEXTS, TIMES):
        status = WorkerStatus("temu", number, text, status_at=Moment.read(time))
        for part in (
            Worker("temu", SYNC, status),
            Worker("temu", None, status),
            Worker("temu", replace(SYNC, problem="interval: a list"), status),
            Worker("temu", replace(SYNC, problem="two rows", doubled=True), status),
        ):
            yield of_sync(part, *(() if text else (other,)))
    alone = Worker("temu", SYNC, None)
    yield of_sync(alone)
    yield replace(of_sync(alone), verdict=assess(alone, NOON, status_asked=False))
    yield replace(of_sync(alone), row=None, verdict=Verdict(Level.WARNING, "not listed", "gone"))


def extensions() -> Iterator[Facts]:
    for number, problem, doubled in product((0, 1, 2, 9, None), (None, "a row"), (False, True)):
        yield of_extension(Extension("e", "de.x", status=number, problem=problem, doubled=doubled))
    yield replace(of_extension(Extension("e")), row=None)


def engines() -> Iterator[Facts]:
    yield replace(of_engine(None), read_at=None)
    for running, message in product((True, False, None), (None, "", "Idle", TEXTS[-1])):
        yield of_engine(EngineStatus(running, message, Interval.read("00:15:00")))


def connections() -> Iterator[Facts]:
    for active, deleted, problem, doubled, expected, passed in product(
        (True, False, None),
        (False, True),
        (None, "a row"),
        (False, True),
        (False, True),
        (None, True, False),
    ):
        row = Connection(7, "ERP", active=active, deleted=deleted, problem=problem, doubled=doubled)
        verdict = assess_tested(row, passed, expected=expected)
        yield of_connection(row, verdict=verdict, test_passed=passed)
    yield replace(of_connection(Connection(7, "ERP")), row=None)


def of_system(system: System, verdict: Verdict, **more: Any) -> Facts:
    subject = Subject(SubjectKind.SYSTEM, system.value, system.product)
    return replace(Facts(subject, verdict, NOON), **more)


def lists() -> Iterator[Facts]:
    yield of_system(System.JTL, NO_SYNCS, empty=(NO_SYNCS,))
    yield of_system(System.SUPEROFFICE, NO_CONNECTIONS, empty=(NO_CONNECTIONS,))
    suspended = Verdict(Level.ERROR, "suspended", ALL_SUSPENDED)
    yield of_system(System.JTL, suspended, syncs=(sync(0), sync(0, id="otto")))
    for system in System:
        yield of_system(system, Verdict(Level.OK, "up", ""))
        yield of_system(system, Verdict(Level.WARNING, "unknown", "nothing was read yet"))


def tenants() -> Iterator[Facts]:
    for name, running, trouble in product(TENANTS, (True, False), ("", "no response")):
        tenant = Tenant("Cust1", name, running, "", NOON, trouble=trouble)
        failed = Failure(FailureKind.TENANT, System.SUPEROFFICE, "engine", "the APIs are off")
        failures = () if running else (failed,)
        verdict = Verdict(Level.OK if running else Level.ERROR, "up" if running else "down", "")
        yield of_system(System.SUPEROFFICE, verdict, tenant=tenant, failures=failures)
        yield of_engine(
            None if failures else EngineStatus(True, "", Interval()), tenant=tenant, failures=failures
        )


def failures() -> Iterator[Facts]:
    """Of every kind, of a row that was read before, of one that never was, and of the system."""
    for kind, seen, wait in product(FailureKind, (None, NOON), (None, 30.0)):
        jtl = Failure(kind, System.JTL, "status", "it failed", "do this", seen, wait)
        so = replace(jtl, system=System.SUPEROFFICE, topic="engine")
        is_absent = kind is FailureKind.NOT_CONFIGURED
        verdict = Verdict(Level.OFF if is_absent else Level.ERROR, kind.value, "it failed")
        yield of_system(System.JTL, verdict, failures=(jtl,))
        yield of_system(System.SUPEROFFICE, verdict, failures=(so,))
        for state in SyncState:
            yield of_sync(sync(state), failures=(jtl,))
        yield replace(of_sync(sync(3)), row=None, verdict=verdict, failures=(jtl,))
        yield replace(of_engine(None), verdict=verdict, failures=(so,))
        yield of_connection(Connection(7, active=True), failures=(so,))
        yield of_extension(Extension("e", status=2), failures=(jtl,))


EVERY = (workers, extensions, engines, connections, lists, tenants, failures)


@pytest.mark.parametrize("world", EVERY, ids=lambda world: world.__name__)
def test_every_state_is_explained(world: Callable[[], Iterator[Facts]]) -> None:
    for facts in world():
        found = explain(facts)
        told = [(one.id, one.sentence) for one in found]
        assert 1 <= len(found) <= MOST, facts
        assert "not-explained" not in [one.id for one in found], facts
        assert len(set(told)) == len(told), told
        order = [one.certainty is Certainty.LIKELY for one in found]
        assert order == sorted(order), told
        if facts.verdict.needs_attention:
            assert why(facts).is_wrong, facts
            assert any(one.is_problem and one.steps and one.worked for one in found), (facts, told)
        for one in found:
            said = [*(it.text for it in one.evidence), *(it.text for it in one.steps)]
            texts = [one.sentence, one.worked, *said]
            assert all(text == " ".join(text.split()) and text.isprintable() for text in texts), texts
            assert all(len(text) <= 320 for text in texts), texts
            assert not one.sentence.endswith(".")
            assert all(not step.operation or step.operation in OPERATIONS for step in one.steps)


def test_a_state_that_needs_nobody_is_not_wrong() -> None:
    calm = [
        of_sync(sync(SyncState.FINISHED)),
        of_sync(sync(SyncState.RUNNING)),
        of_sync(sync(SyncState.DEACTIVATED)),
        of_engine(EngineStatus(True, "Idle", Interval())),
        of_connection(Connection(7, active=True)),
        *(of_extension(Extension("e", status=number)) for number in (0, 1, 2)),
        of_system(System.JTL, Verdict(Level.OK, "up", "")),
    ]
    assert [why(facts).is_wrong for facts in calm] == [False] * len(calm)


def test_each_rule_has_its_own_name() -> None:
    names = [rule.id for rule in RULES]
    assert len(set(names)) == len(names)


def test_every_rule_applies_to_some_state() -> None:
    """What needs the history or the audit trail is tested beside it."""
    seen = {rule.id for world in EVERY for facts in world() for rule in RULES if rule.find(facts)}
    elsewhere = {
        "in-maintenance", "off-from-here", "engine-stopped-from-here", "toggle-refused",
        "connection-off-from-here", "after-change", "one-kind", "one-channel", "same-words", "together",
        "flapping", "seems-login", "targets-need-attention", "overdue-shortened",
        "overdue-clock", "overdue-zone", "overdue-worker-down",
    }  # fmt: skip
    assert {rule.id for rule in RULES} - seen <= elsewhere


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_is_not_the_server_itself(status: int) -> None:
    failure = Failure(FailureKind.SERVER, System.JTL, "status", "it failed", status=status)
    facts = replace(of_system(System.JTL, Verdict(Level.ERROR, "failed", "")), failures=(failure,))
    [found] = explain(facts)
    assert "gateway" in found.sentence
    assert "itself" not in found.sentence
