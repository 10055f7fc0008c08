"""Syncs and their statuses are joined by identifier, and nothing is lost or invented on the way."""

from hypothesis import given
from hypothesis import strategies as st

from tui.domain.jtl.workers import SyncState, WorkerStatus, WorkerSync, join

ids = st.lists(st.sampled_from(["a", "A2", "b", "c3", "D"]), unique=True)


@given(ids, ids)
def test_every_sync_and_every_status_is_shown_exactly_once(
    syncs: list[str], statuses: list[str]
) -> None:
    workers = join([WorkerSync(i) for i in syncs], [WorkerStatus(i) for i in statuses])
    assert [worker.sync.id for worker in workers if worker.sync] == syncs
    assert sorted(worker.status.id for worker in workers if worker.status) == sorted(statuses)
    assert len({worker.id for worker in workers}) == len(workers)


def test_identifiers_join_in_any_case() -> None:
    (worker,) = join([WorkerSync("AB")], [WorkerStatus("ab", 2)])
    assert worker.state is SyncState.RUNNING


def test_rows_without_identifier_are_never_joined_by_their_position() -> None:
    workers = join([WorkerSync("#1", problem="no id")], [WorkerStatus("#1", 4, problem="no id")])
    assert [(worker.id, worker.state_word) for worker in workers] == [
        ("#1", "unknown"),
        ("status #1", "error"),
    ]


@given(st.integers() | st.none())
def test_any_state_number_has_a_word(state: int | None) -> None:
    (worker,) = join([WorkerSync("a")], [WorkerStatus("a", state)])
    known: dict[int | None, str] = {0: "suspended", 1: "starting", 2: "running", 3: "ok"}
    known |= {4: "error", 5: "stopping", 6: "locked", 7: "off", None: "unknown"}
    assert worker.state_word == known.get(state, f"state {state}")


@given(st.booleans(), st.none() | st.floats())
def test_percent_is_shown_only_where_the_sync_reports_it(reports: bool, progress: float | None) -> None:
    (worker,) = join(
        [WorkerSync("a", reports_progress=reports)], [WorkerStatus("a", 2, progress=progress)]
    )
    shown = reports and progress is not None and progress >= 0
    assert (worker.percent is not None) == shown
    assert worker.percent is None or 0 <= worker.percent <= 100
