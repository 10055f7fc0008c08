"""A proposal follows its target while it is looked at."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tui.domain.intervals import Interval
from tui.domain.jtl.workers import ControlAction, Worker, WorkerOption, WorkerStatus, WorkerSync
from tui.domain.result import Result
from tui.domain.superoffice.engine import Connection
from tui.domain.writes import ConfigureWorker, ForceResync
from tui.ops.execution.conflicts import stops
from tui.ops.execution.live_proposal import LiveProposal
from tui.ops.execution.outcome import Outcome
from tui.ops.operations.configure_worker import configure
from tui.ops.operations.control_worker import control
from tui.ops.proposals.proposal import GONE, Proposal
from tui.ops.proposals.resync import not_active, resync
from tui.store.snapshot import Topic
from tui.store.store import Store

START = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
SYNC = WorkerSync("a1", "Temu", "Temu DE", interval=Interval.read("00:05:00"))


class Watched:
    """A store that a poller fills, second by second."""

    def __init__(self) -> None:
        self.store, self.second = Store(), 0
        self.polled(3)

    def polled(self, state: int, interval: str = "00:05:00", *, problem: str | None = None) -> None:
        """An answer of both calls; it took half a second."""
        self.second += 1
        sync = WorkerSync("a1", "Temu", "Temu DE", interval=Interval.read(interval), problem=problem)
        for topic, row in ((Topic.WORKERS, sync), (Topic.STATUS, WorkerStatus("a1", state))):
            self.store.succeed(topic, self.second, (row,), at=self.now, took=0.5)

    @property
    def now(self) -> datetime:
        return START + timedelta(seconds=self.second)

    def stop(self) -> Proposal:
        worker = Worker("a1", SYNC, WorkerStatus("a1", 3))
        return control(worker, ControlAction.STOP, "ok", self.store.snapshot(Topic.STATUS))

    def slower(self) -> Proposal:
        proposal = configure(SYNC, 600.0, {}, self.store.snapshot(Topic.WORKERS))
        assert isinstance(proposal, Proposal)
        return proposal


def test_nothing_new_changes_nothing() -> None:
    erp = Watched()
    live = LiveProposal(erp.stop())
    assert not live.look(erp.store)
    erp.polled(3)
    assert not live.look(erp.store)
    assert (live.drifts, live.halted) == ((), "")


def test_what_is_shown_is_as_old_as_its_latest_reading() -> None:
    erp = Watched()
    live = LiveProposal(erp.slower())
    erp.polled(3)
    live.look(erp.store)
    assert live.rests_on == erp.store.snapshot(Topic.WORKERS)
    outcome = stops(live.proposal, replace(SYNC, interval=Interval.read("00:10:00")), erp.now)
    assert isinstance(outcome, Outcome)
    live.met(outcome)
    assert live.halted
    assert live.rests_on is not None
    assert live.rests_on.fetched_at == outcome.at


def test_a_state_that_goes_and_comes_back_is_told_each_time() -> None:
    erp = Watched()
    live = LiveProposal(erp.stop())
    erp.polled(2)
    assert live.look(erp.store)
    assert [one.now for one in live.drifts] == ["running"]
    assert live.proposal.changes[0].before == "running"
    assert not live.look(erp.store)
    erp.polled(3)
    assert live.look(erp.store)
    assert live.drifts == ()


def test_an_answer_older_than_what_was_found_last_does_not_turn_it_back() -> None:
    erp = Watched()
    live = LiveProposal(erp.stop())
    erp.polled(3)
    outcome = stops(live.proposal, WorkerStatus("a1", 2), erp.now + timedelta(seconds=0.2))
    assert isinstance(outcome, Outcome)
    assert outcome.kind is Result.CONFLICT
    live.met(outcome)
    assert live.proposal.changes[0].before == "running"
    assert not live.look(erp.store)
    assert live.proposal.changes[0].before == "running"


def test_a_change_is_taken_to_the_new_values() -> None:
    erp = Watched()
    live = LiveProposal(erp.slower())
    erp.polled(3, "00:07:00")
    assert live.look(erp.store)
    assert [(one.before, one.after) for one in live.proposal.changes] == [("7m", "10m")]
    assert live.proposal.target == "Temu · Temu DE"
    erp.polled(3, "00:10:00")
    assert live.look(erp.store)
    assert "someone else made the same change" in live.halted


def test_one_that_belongs_to_a_form_keeps_as_it_is_and_is_halted() -> None:
    erp = Watched()
    live = LiveProposal(erp.slower(), keeps=True)
    erp.polled(3, "00:07:00")
    assert live.look(erp.store)
    assert live.proposal.changes[0].before == "5m"
    assert live.halted == "changed elsewhere meanwhile: Interval 5m → 7m"
    assert live.found is not None


def test_a_row_that_cannot_be_read_now_halts_it() -> None:
    erp = Watched()
    live = LiveProposal(erp.slower())
    erp.polled(3, problem="Interval is a list")
    assert live.look(erp.store)
    assert live.halted == "its row is currently unreadable (Interval is a list)"


def test_what_was_wanted_is_whole_again_where_the_target_is_what_it_was() -> None:
    option = WorkerOption("o1", "Account", value="main")
    sync, store = replace(SYNC, options=(option,)), Store()
    proposal = configure(sync, 600.0, {"o1": "ours"})
    assert isinstance(proposal, Proposal)
    live = LiveProposal(proposal)
    sent = []
    for second, value in enumerate(("main", "ours", "main"), 1):
        row = replace(sync, options=(replace(option, value=value),))
        store.succeed(Topic.WORKERS, second, (row,), at=START + timedelta(seconds=second), took=0.1)
        live.look(store)
        sent.append(live.proposal.write)
    assert sent == [
        ConfigureWorker("a1", "00:10:00", (("o1", "ours"),)),
        ConfigureWorker("a1", "00:10:00"),
        ConfigureWorker("a1", "00:10:00", (("o1", "ours"),)),
    ]


def test_a_target_that_was_not_read_yet_is_named_once_it_is_and_then_kept_to() -> None:
    store, write = Store(), ForceResync(3, (670,))
    proposal = resync(write, None, store.snapshot(Topic.CONNECTIONS))
    live = LiveProposal(replace(proposal, warnings=("line 2 left out",)), keeps=True)
    assert not live.look(store)
    known = store.snapshot(Topic.CONNECTIONS)
    for second, is_active in enumerate((False, True)):
        row = Connection(3, "Nordwind", active=is_active)
        store.succeed(Topic.CONNECTIONS, second, (row,), at=START + timedelta(seconds=second), took=0.5)
        assert live.look(store)
        known = known if known.data else store.snapshot(Topic.CONNECTIONS)
        assert live.proposal.target == "Nordwind (connection 3) → CRM"
        assert live.proposal.warnings == (not_active(3), "line 2 left out")
        assert live.proposal.rests_on == known
        assert bool(live.halted) is is_active


def test_a_target_that_was_not_read_yet_and_is_not_listed_halts_it() -> None:
    store = Store()
    live = LiveProposal(resync(ForceResync(3, (670,)), None, store.snapshot(Topic.CONNECTIONS)))
    store.succeed(Topic.CONNECTIONS, 1, (), at=START, took=0.5)
    assert live.look(store)
    assert live.halted == GONE.sentence
