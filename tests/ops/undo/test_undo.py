"""What was changed can be taken back where it was known before; where it cannot, the reason is said."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.drivers.fake_time import START
from tests.ops.recorded_changes import RecordedChanges
from tui.domain.intervals import Interval
from tui.domain.jtl.extensions import Extension, ExtensionStatus
from tui.domain.jtl.workers import ControlAction, Worker, WorkerOption, WorkerStatus, WorkerSync
from tui.domain.profile import Environment, ProfileFacts, System
from tui.domain.result import Result
from tui.domain.text import Altered
from tui.domain.writes import (
    ConfigureWorker,
    ControlWorker,
    DeleteExtension,
    ForceResync,
    UpdateExtension,
    Write,
)
from tui.ops.audit.record import Finding
from tui.ops.execution.outcome import Outcome
from tui.ops.operations.configure_worker import configure
from tui.ops.operations.control_worker import control
from tui.ops.operations.create_extension import create_extension
from tui.ops.operations.delete_extension import delete_extension
from tui.ops.operations.push_manifest import push_manifest
from tui.ops.operations.update_extension import toggle_extension, update_extension
from tui.ops.proposals.proposal import Proposal
from tui.ops.proposals.resync import resync
from tui.ops.refusal import Refusal
from tui.ops.targets.fitness import DOUBLED
from tui.ops.undo.applied_change import NOT_READ
from tui.ops.undo.changes import OTHER_VALUES, Change, Reversal, concerned
from tui.store.snapshot import Topic
from tui.store.store import Store

ACCOUNT = WorkerOption("o1", "Account", value="main")
TOKEN = WorkerOption("o2", "Footer")
SYNC = WorkerSync("w1", "Shop", "Main", interval=Interval.read("00:05:00"), options=(ACCOUNT, TOKEN))
SHOP = Extension("e1", "shop", "1.0.0", 2, "ab" * 64)


class Session:
    """A store that is written as polls would, and the changes in the audit trail."""

    def __init__(self, sync: WorkerSync = SYNC, state: int | None = 3, shop: Extension = SHOP) -> None:
        self.store, self.changes, self._asks = Store(), RecordedChanges(), 0
        self._done = 0
        self.sync, self.shop = sync, shop
        self.polled(sync, state, (shop,))

    def polled(
        self, sync: WorkerSync | None, state: int | None, extensions: tuple[Extension, ...]
    ) -> None:
        self._asks += 1
        at = START + timedelta(minutes=self._asks)
        status = WorkerStatus("w1", state)
        answers = {
            Topic.WORKERS: (sync,) if sync else (),
            Topic.STATUS: (status,) if sync else (),
            Topic.EXTENSIONS: extensions,
        }
        for topic, data in answers.items():
            self.store.succeed(topic, self._asks, data, at=at, took=0.1)

    def done(
        self,
        proposal: Proposal | Refusal,
        kind: Result = Result.APPLIED,
        result: object = None,
    ) -> str:
        assert isinstance(proposal, Proposal)
        self._done += 1
        at = START + timedelta(minutes=self._asks, seconds=30, milliseconds=self._done)
        return self.changes.note(proposal, Outcome(kind, kind.value, "", at, result=result))

    def configured(self, interval: float | None, **options: str) -> None:
        rests_on = self.store.snapshot(Topic.WORKERS)
        self.done(configure(self.sync, interval or 300.0, options, rests_on))

    def updated(self, **fields: object) -> None:
        rests_on = self.store.snapshot(Topic.EXTENSIONS)
        self.done(update_extension(self.shop, rests_on, **fields))  # type: ignore[arg-type] # its own fields

    def controlled(self, action: ControlAction, shown: str = "") -> None:
        (worker,) = self.store.workers()
        self.done(control(worker, action, shown or worker.state_word))

    @property
    def change(self) -> Change:
        return self.newest.change

    @property
    def newest(self) -> Reversal:
        return self.changes.reversals(self.store)[0]

    def sends(self) -> Write:
        proposal = self.newest.proposal
        assert proposal is not None, self.newest.reason
        return proposal.write

    def cannot(self) -> str:
        assert self.newest.proposal is None
        return self.newest.reason


def test_a_configuration_goes_back_to_the_old_values_and_to_nothing_else() -> None:
    session = Session()
    session.configured(600.0, o1="other")
    now = replace(
        SYNC, interval=Interval.read("00:10:00"), options=(replace(ACCOUNT, value="other"), TOKEN)
    )
    session.polled(now, 3, (SHOP,))
    assert session.sends() == ConfigureWorker("w1", "00:05:00", (("o1", "main"),))
    assert session.newest.proposal is not None
    shown = [(one.before, one.after) for one in session.newest.proposal.changes]
    assert shown == [("10m", "5m"), ("other", "main")]
    assert session.newest.reason == ""


def test_the_review_warns_where_it_was_changed_again_since() -> None:
    session = Session()
    session.configured(600.0)
    session.polled(replace(SYNC, interval=Interval.read("00:07:00")), 3, (SHOP,))
    assert session.sends() == ConfigureWorker("w1", "00:05:00")
    assert session.newest.reason == "changed again since: Interval is 7m, not 10m"


def test_a_redo_that_restores_what_somebody_else_set_does_not_name_the_change() -> None:
    session = Session()
    session.configured(600.0)
    session.polled(replace(SYNC, interval=Interval.read("00:07:00")), 3, (SHOP,))
    undo = session.newest.proposal
    assert undo is not None
    session.done(undo)
    session.polled(SYNC, 3, (SHOP,))
    again = session.newest
    assert again.proposal is not None
    assert again.proposal.write == ConfigureWorker("w1", "00:07:00")
    assert again.reason == OTHER_VALUES
    does, what = concerned(again.change, "Redo", again.proposal)
    assert (does, what[:12]) == ("Undoes", "the undo of ")


def test_what_was_not_reported_before_cannot_be_restored() -> None:
    session = Session()
    session.configured(None, o2="secret-free")
    session.polled(replace(SYNC, options=(ACCOUNT, replace(TOKEN, value="secret-free"))), 3, (SHOP,))
    assert session.cannot() == "not reported before, so it cannot be restored: Footer"


def test_the_rest_is_restored_and_what_is_missing_is_said() -> None:
    session = Session()
    session.configured(600.0, o2="new")
    now = replace(
        SYNC, interval=Interval.read("00:10:00"), options=(ACCOUNT, replace(TOKEN, value="new"))
    )
    session.polled(now, 3, (SHOP,))
    assert session.sends() == ConfigureWorker("w1", "00:05:00")
    assert "cannot be restored: Footer" in session.newest.reason


def test_nothing_is_undone_before_the_list_was_read_again() -> None:
    session = Session()
    session.configured(600.0)
    assert session.cannot() == NOT_READ.sentence


def test_what_was_undone_keeps_its_place_and_can_be_redone_and_undone_again() -> None:
    session = Session()
    session.configured(600.0)
    slow = replace(SYNC, interval=Interval.read("00:10:00"))
    session.polled(slow, 3, (SHOP,))
    session.updated(version="2.0.0")
    for now, sent in ((SYNC, "00:05:00"), (slow, "00:10:00"), (SYNC, "00:05:00")):
        back = session.changes.reversals(session.store)[1]
        assert back.proposal is not None
        assert back.proposal.write == ConfigureWorker("w1", sent)
        assert back.change.is_undone is (sent == "00:10:00")
        session.done(back.proposal)
        session.polled(now, 3, (SHOP,))
    newest, first = session.changes.reversals(session.store)
    assert (newest.change.first.title, first.change.is_undone) == ("Update extension", True)


@pytest.mark.parametrize(
    ("action", "before", "after", "back"),
    [
        (ControlAction.STOP, 2, 7, ControlAction.START),
        (ControlAction.STOP, 3, 7, ControlAction.START),
        (ControlAction.START, 7, 2, ControlAction.STOP),
    ],
)
def test_a_start_is_taken_back_by_a_stop_and_a_stop_by_a_start(
    action: ControlAction, before: int, after: int, back: ControlAction
) -> None:
    session = Session(state=before)
    session.controlled(action)
    session.polled(SYNC, after, (SHOP,))
    assert session.sends() == ControlWorker("w1", back)
    assert session.newest.reason == ""


def test_a_start_from_suspended_says_that_a_stop_leaves_it_off() -> None:
    session = Session(state=0)
    session.controlled(ControlAction.START)
    session.polled(SYNC, 2, (SHOP,))
    assert session.sends() == ControlWorker("w1", ControlAction.STOP)
    assert session.newest.reason == "it was suspended before; a stop leaves it off"


@pytest.mark.parametrize(
    ("action", "before", "why"),
    [
        (ControlAction.RESTART, 2, "a restart cannot be undone"),
        (ControlAction.START, 2, "it was running before, so there is nothing to undo"),
        (ControlAction.STOP, 7, "it was off before, so there is nothing to undo"),
        (ControlAction.STOP, None, "the previous state is unknown"),
    ],
)
def test_a_control_action_without_a_way_back_says_why(
    action: ControlAction, before: int | None, why: str
) -> None:
    session = Session(state=before)
    session.controlled(action)
    assert session.cannot() == why


def test_a_sync_that_was_shown_as_overdue_is_not_said_to_have_been_ok() -> None:
    session = Session(state=3)
    session.controlled(ControlAction.START, "overdue: status 47m ago, runs every 15m")
    assert session.cannot() == "it was overdue before, so there is nothing to undo"


def test_an_update_goes_back_to_the_old_version_hash_and_status() -> None:
    session = Session()
    session.updated(version="2.0.0", manifest_hash="cd" * 64, status=ExtensionStatus.DISABLED)
    session.polled(SYNC, 3, (replace(SHOP, version="2.0.0", manifest_hash="cd" * 64, status=0),))
    assert session.sends() == UpdateExtension("e1", "1.0.0", "ab" * 64, 2)
    assert session.newest.reason == "the version goes down: 2.0.0 → 1.0.0"


def test_a_field_that_was_not_changed_is_no_concern_of_the_way_back() -> None:
    session = Session()
    session.updated(version="0.9.0")
    session.polled(SYNC, 3, (replace(SHOP, version="0.9.0", manifest_hash="ef" * 64, status=0),))
    assert session.sends() == UpdateExtension("e1", "1.0.0")
    assert session.newest.reason == "the version changes, but ManifestHash stays the same"
    session = Session()
    session.updated(status=ExtensionStatus.DISABLED)
    session.polled(SYNC, 3, (replace(SHOP, version="3", manifest_hash="ef" * 64, status=0),))
    assert session.sends() == UpdateExtension("e1", status=2)
    assert session.newest.reason == ""


def test_an_extension_without_a_version_or_with_an_odd_status_cannot_go_back_to_it() -> None:
    session = Session(shop=replace(SHOP, version="", status=9))
    session.updated(version="2.0.0", status=ExtensionStatus.ACTIVE)
    session.polled(SYNC, 3, (SHOP,))
    assert session.cannot() == "not reported before, so it cannot be restored: Version, Status"


def test_a_toggle_is_taken_back_by_a_toggle() -> None:
    session = Session()
    session.done(toggle_extension(SHOP, session.store.snapshot(Topic.EXTENSIONS)))
    session.polled(SYNC, 3, (replace(SHOP, status=0),))
    assert session.sends() == UpdateExtension("e1", status=2)
    assert session.newest.proposal is not None
    assert session.newest.proposal.operation.id == "extension.toggle"


def test_what_was_created_is_deleted() -> None:
    session = Session()
    session.done(create_extension("new", "1", "ab" * 64), result=Extension("e9", "new"))
    session.polled(SYNC, 3, (SHOP, Extension("e9", "new", "1", 1)))
    assert session.sends() == DeleteExtension("e9")


def test_what_was_deleted_pushed_or_resynced_has_no_way_back() -> None:
    session = Session()
    session.done(resync(ForceResync(1, ()), None))
    session.done(push_manifest(SHOP, b"{}", b"s", ()))
    session.done(delete_extension(SHOP))
    reasons = [one.reason for one in session.changes.reversals(session.store)]
    assert [reason.split(" cannot be ")[0] for reason in reasons] == [
        "a deleted extension",
        "a pushed manifest",
        "a resync",
    ]


def test_a_target_that_is_gone_says_so() -> None:
    session = Session()
    session.configured(600.0)
    session.updated(version="2")
    session.controlled(ControlAction.STOP)
    session.polled(None, None, ())
    reasons = {one.reason for one in session.changes.reversals(session.store)}
    assert reasons == {"it is no longer in the server's list"}


def test_an_unknown_outcome_is_listed_to_be_looked_at_first_and_a_failure_is_not_listed() -> None:
    session = Session()
    stop = control(Worker("w1", SYNC, WorkerStatus("w1", 2)), ControlAction.STOP, "running")
    session.done(stop, Result.UNKNOWN)
    session.done(stop, Result.FAILED)
    session.done(stop, Result.REFUSED)
    assert len(session.changes.reversals(session.store)) == 1
    session.polled(SYNC, 7, (SHOP,))
    assert session.sends() == ControlWorker("w1", ControlAction.START)
    assert session.newest.reason.startswith("check first: ")


def test_a_text_that_was_cleaned_is_not_restored() -> None:
    shop = replace(SHOP, version=Altered("1.0\u2400"), manifest_hash=Altered("ab\ufffd"))
    session = Session(shop=shop)
    session.updated(version="2.0.0", manifest_hash="cd" * 64)
    session.polled(SYNC, 3, (replace(shop, version="2.0.0", manifest_hash="cd" * 64),))
    assert session.cannot() == "not reported before, so it cannot be restored: Version, ManifestHash"


def test_of_very_many_the_newest_can_be_taken_back() -> None:
    session = Session()
    for seconds in range(301, 1_801):
        session.configured(float(seconds))
    assert session.change.latest.write == ConfigureWorker("w1", "00:30:00")


def test_d5_a_change_is_not_undone_at_another_server() -> None:
    session, here, there = Session(), "https://one.example", "https://two.example"
    rests_on = session.store.snapshot(Topic.WORKERS)
    proposal = configure(session.sync, 600.0, {}, rests_on)
    assert isinstance(proposal, Proposal)
    at = START + timedelta(minutes=1, seconds=30)
    session.changes.note(proposal, Outcome(Result.APPLIED, "applied", "", at), address=here)
    session.polled(replace(session.sync, interval=Interval.read("00:10:00")), 3, ())

    def facts(address: str) -> ProfileFacts:
        systems = frozenset(System)
        places = ((System.JTL, address),)
        return ProfileFacts("acme", Environment.STAGING, False, systems, addresses=places)

    (back,) = session.changes.reversals(session.store, facts(here))
    assert back.proposal is not None
    (back,) = session.changes.reversals(session.store, facts(there))
    assert back.proposal is None
    assert back.reason == f"it was sent to {here}; this profile now uses {there}"


# Each kind of thing, and each state.


def test_an_option_whose_text_was_cleaned_is_not_restored() -> None:
    odd = replace(ACCOUNT, value="ma\u2400in", altered=True)
    session = Session(replace(SYNC, options=(odd, TOKEN)))
    session.configured(None, o1="other")
    session.polled(replace(SYNC, options=(replace(ACCOUNT, value="other"), TOKEN)), 3, (SHOP,))
    assert session.cannot() == "not reported before, so it cannot be restored: Account"


def test_an_option_that_is_no_longer_there_is_not_restored() -> None:
    """Its name is not known any more, so its identifier is shown."""
    session = Session()
    session.configured(600.0, o1="other")
    session.polled(replace(SYNC, interval=Interval.read("00:10:00"), options=(TOKEN,)), 3, (SHOP,))
    assert session.sends() == ConfigureWorker("w1", "00:05:00")
    assert session.newest.reason == "not reported before, so it cannot be restored: o1"


def test_the_interval_stays_where_only_an_option_was_changed() -> None:
    session = Session()
    session.configured(None, o1="other")
    now = replace(
        SYNC, interval=Interval.read("00:07:00"), options=(replace(ACCOUNT, value="other"), TOKEN)
    )
    session.polled(now, 3, (SHOP,))
    assert session.sends() == ConfigureWorker("w1", None, (("o1", "main"),))
    assert session.newest.reason == ""


def test_an_interval_that_was_not_reported_is_not_restored() -> None:
    session = Session(replace(SYNC, interval=Interval.read(None)))
    session.configured(600.0)
    session.polled(replace(SYNC, interval=Interval.read("00:10:00")), 3, (SHOP,))
    assert session.cannot() == "not reported before, so it cannot be restored: Interval"


def test_exactly_the_other_syncs_of_its_kind_share_an_option() -> None:
    side = WorkerSync("w2", "Shop", "Side", options=(ACCOUNT,))
    other = WorkerSync("w3", "Ebay", "Outlet", options=(ACCOUNT,))
    for options, sharing in (({"o1": "other"}, ("Shop · Side",)), ({}, ())):
        session = Session()
        session.configured(600.0, **options)
        now = replace(SYNC, interval=Interval.read("00:10:00"))
        if options:
            now = replace(now, options=(replace(ACCOUNT, value="other"), TOKEN))
        at = START + timedelta(minutes=5)
        session.store.succeed(Topic.WORKERS, 9, (side, now, other), at=at, took=0.1)
        assert session.newest.proposal is not None
        assert session.newest.proposal.sharing == sharing


def test_an_option_that_was_changed_again_is_told_and_a_secret_cannot_be_restored() -> None:
    secret = WorkerOption("o3", "Password", value="hush")
    session = Session(replace(SYNC, options=(ACCOUNT, secret)))
    session.configured(None, o1="other", o3="hush-2")
    options = (replace(ACCOUNT, value="third"), replace(secret, value="hush-3"))
    session.polled(replace(SYNC, options=options), 3, (SHOP,))
    assert session.sends() == ConfigureWorker("w1", None, (("o1", "main"),))
    lost = "may be a secret, which the audit trail does not hold, so it cannot be restored: Password"
    told = f"changed again since: Account is third, not other; {lost}"
    assert session.newest.reason == told
    assert "hush" not in str(session.changes.trail.records)


def test_what_the_answer_says_it_left_is_what_counts() -> None:
    session = Session()
    rests_on = session.store.snapshot(Topic.WORKERS)
    rounded = replace(
        SYNC, interval=Interval.read("00:06:00"), options=(replace(ACCOUNT, value="OTHER"), TOKEN)
    )
    session.done(configure(SYNC, 370.0, {"o1": "other"}, rests_on), result=rounded)
    session.polled(rounded, 3, (SHOP,))
    assert session.newest.reason == ""
    session.polled(replace(rounded, interval=Interval.read("00:06:10")), 3, (SHOP,))
    assert session.newest.reason == "changed again since: Interval is 6m 10s, not 6m"


def test_only_fields_that_were_changed_are_told_as_lost() -> None:
    session = Session(shop=replace(SHOP, manifest_hash="", status=None))
    session.updated(version="2.0.0")
    session.polled(SYNC, 3, (replace(SHOP, version="2.0.0", manifest_hash="", status=None),))
    assert session.sends() == UpdateExtension("e1", "1.0.0")
    assert session.newest.reason == "the version goes down: 2.0.0 → 1.0.0"


def test_every_field_of_an_extension_that_was_changed_again_is_told() -> None:
    session = Session()
    session.updated(version="2.0.0", manifest_hash="cd" * 64, status=ExtensionStatus.DISABLED)
    session.polled(SYNC, 3, (replace(SHOP, version="", manifest_hash="ef" * 64, status=1),))
    assert session.sends() == UpdateExtension("e1", "1.0.0", "ab" * 64, 2)
    assert session.newest.reason == (
        "changed again since: Version is not reported, not 2.0.0; ManifestHash differs;"
        " Status is pending, not disabled"
    )


def test_nothing_is_taken_back_to_what_was_not_known() -> None:
    session = Session()
    session.done(configure(SYNC, 600.0, {}))
    assert session.cannot() == "the previous value is unknown"
    session.done(update_extension(SHOP, version="2"))
    assert session.cannot() == "the previous value is unknown"
    session.done(create_extension("new", "1", "ab" * 64))
    assert session.cannot() == "the previous value is unknown"
    session.done(create_extension("new", "1", "ab" * 64), Result.UNKNOWN)
    assert session.cannot() == "check first: whether it was applied is unknown"


def test_what_was_created_is_not_deleted_before_the_list_has_it() -> None:
    session = Session()
    session.done(create_extension("new", "1", "ab" * 64), result=Extension("e9", "new"))
    assert session.cannot() == NOT_READ.sentence
    session.polled(SYNC, 3, (SHOP, Extension("e9", "new")))
    assert session.sends() == DeleteExtension("e9")
    session.polled(SYNC, 3, (SHOP,))
    assert session.cannot() == "it is no longer in the server's list"


STARTING, RUNNING, FINISHED, FAILED, STOPPING, LOCKED, OFF = range(1, 8)
ON, DOWN = (STARTING, RUNNING, FINISHED, FAILED), (OFF, STOPPING)


@pytest.mark.parametrize("state", range(8))
@pytest.mark.parametrize("action", [ControlAction.START, ControlAction.STOP])
def test_a_control_action_is_taken_back_only_from_the_other_side(
    action: ControlAction, state: int
) -> None:
    starts = action is ControlAction.START
    session = Session(state=state)
    session.controlled(action)
    word = WorkerStatus("w1", state).known_state.word  # type: ignore[union-attr] # it is one of the eight
    session.polled(SYNC, FINISHED if starts else OFF, (SHOP,))
    if state in (ON if starts else DOWN):
        assert session.cannot() == f"it was {word} before, so there is nothing to undo"
        return
    back = ControlAction.STOP if starts else ControlAction.START
    assert session.sends() == ControlWorker("w1", back)
    then = "a stop leaves it off" if starts else "a start requests a run"
    odd = state not in (*ON, *DOWN)
    assert session.newest.reason == (f"it was {word} before; {then}" if odd else "")


@pytest.mark.parametrize("now", range(8))
@pytest.mark.parametrize("action", [ControlAction.START, ControlAction.STOP])
def test_what_is_as_before_or_changed_again_is_told(action: ControlAction, now: int) -> None:
    starts = action is ControlAction.START
    session = Session(state=OFF if starts else RUNNING)
    session.controlled(action)
    session.polled(SYNC, now, (SHOP,))
    if now in (DOWN if starts else ON):
        assert session.cannot() == "it is already as it was before"
        return
    word = WorkerStatus("w1", now).known_state.word  # type: ignore[union-attr] # the same
    left = now in (ON if starts else DOWN)
    assert session.newest.reason == ("" if left else f"changed again since: it is {word}")


def test_a_state_that_was_read_before_the_change_does_not_show_that_it_is_as_before() -> None:
    session = Session(state=RUNNING)
    session.controlled(ControlAction.STOP)
    assert session.sends() == ControlWorker("w1", ControlAction.START)
    assert session.newest.reason == "changed again since: it is running"


def test_a_state_that_was_never_known_is_like_no_other() -> None:
    session = Session(state=OFF)
    session.controlled(ControlAction.START)
    session.polled(SYNC, None, (SHOP,))
    assert session.sends() == ControlWorker("w1", ControlAction.STOP)
    assert session.newest.reason == ""


def test_d15_a_sync_that_is_there_twice_is_not_controlled_back() -> None:
    session = Session(state=RUNNING)
    session.controlled(ControlAction.STOP)
    session.polled(replace(SYNC, problem="the same identifier", doubled=True), OFF, (SHOP,))
    assert session.cannot() == DOUBLED
    session.configured(600.0)
    session.polled(replace(SYNC, problem="the same identifier", doubled=True), OFF, (SHOP,))
    assert session.cannot() == DOUBLED


def test_t1_what_was_not_applied_can_be_taken_back_as_far_as_it_changed_anything() -> None:
    session = Session()
    rests_on = session.store.snapshot(Topic.WORKERS)
    slower = configure(SYNC, 720.0, {}, rests_on)
    session.done(slower, Result.NOT_APPLIED, result=SYNC)
    session.done(slower, Result.NOT_APPLIED)
    assert session.changes.reversals(session.store) == ()
    rounded = replace(SYNC, interval=Interval.read("00:10:00"))
    session.done(slower, Result.NOT_APPLIED, result=rounded)
    session.polled(rounded, 3, (SHOP,))
    assert session.sends() == ConfigureWorker("w1", "00:05:00")


def test_l9_what_a_later_look_shows_is_the_word_of_the_change() -> None:
    session = Session()
    (worker,) = session.store.workers()
    stop = control(worker, ControlAction.STOP, worker.state_word)
    session.done(stop, Result.ACCEPTED)
    lost = session.done(stop, Result.UNKNOWN)
    found = Finding(START + timedelta(hours=1), Result.APPLIED, "now off")
    asyncio.run(session.changes.trail.check(lost, found))
    kinds = [one.change.first.result for one in session.changes.reversals(session.store)]
    assert kinds == [Result.APPLIED, Result.ACCEPTED]
