"""How `syncdeck run` waits for the effect of a start or stop: what a look may bring, when it ends."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.drivers.command import Run
from tests.drivers.raw_answers import RawAnswers
from tests.drivers.simulator import RunningSimulator
from tui.simulator.jtl.json_rows import sync_list, sync_status
from tui.simulator.jtl.world import DEACTIVATED


@pytest.fixture
def erp(unstarted: RunningSimulator, raw: RawAnswers) -> Iterator[RunningSimulator]:
    with unstarted as running:
        running.state(jtl={"control_delay": 0}, superoffice={"settles_in": 0})
        yield running


WATCHED = pytest.mark.parametrize(
    ("arguments", "question", "seen", "never"),
    [
        (
            ("worker.stop", "Temu DE"),
            "GET .*/workers/status",
            "applied · Temu · Temu DE: now off",
            "accepted · Temu · Temu DE: accepted, but no status since the request",
        ),
        (
            ("engine.stop", "engine"),
            "GetEngineStatus",
            "applied · ErpSync engine: now stopped",
            "accepted · ErpSync engine: accepted, but no response since the request",
        ),
    ],
    ids=["sync", "engine"],
)


def statuses(
    erp: RunningSimulator, state: int | None = None, spelled: Callable[[str], str] = str
) -> list[dict[str, Any]]:
    """What the status call answers, in another state of Temu DE and with identifiers spelled so."""
    rows = [sync_status(erp.world.jtl, one, erp.world.seen_at) for one in erp.world.jtl.syncs.values()]
    for row in rows:
        if state is not None and row["Identifier"] == erp.worker_id("Temu DE"):
            row["State"] = state
        row["Identifier"] = spelled(row["Identifier"])
    return rows


@WATCHED
def test_a_look_that_fails_is_followed_by_another(
    erp: RunningSimulator,
    raw: RawAnswers,
    run_slowly: Run,
    arguments: tuple[str, str],
    question: str,
    seen: str,
    never: str,
) -> None:
    pauses: list[int] = []

    def fails_once() -> None:
        pauses.append(0)
        if len(pauses) == 1:
            raw.answer(question, {}, status=400)
        elif len(pauses) == 2:
            raw.answers.pop(0)
            if "status" in question:
                raw.answer(question, statuses(erp, DEACTIVATED))

    done = run_slowly(*arguments, fails_once)
    assert (done.code, done.out.splitlines()[-1]) == (0, seen)
    assert len(pauses) == 2


@WATCHED
def test_looks_that_all_fail_show_nothing(
    erp: RunningSimulator,
    run_slowly: Run,
    arguments: tuple[str, str],
    question: str,
    seen: str,
    never: str,
) -> None:
    done = run_slowly(*arguments, lambda: erp.fault(f"{question}=status:400"))
    assert (done.code, done.out.splitlines()[-1]) == (1, never)


def test_each_second_until_the_deadline_has_its_look(erp: RunningSimulator, run_slowly: Run) -> None:
    erp.state(jtl={"control_delay": 3_600})
    before: list[int] = []

    def counts() -> None:
        before.append(len(erp.received("GET", "/workers/status")))

    done = run_slowly("worker.stop", "Hauptshop", counts)
    assert done.code == 1
    # A pause takes twenty seconds here, and the deadline is a minute by the server's clock.
    assert len(before) in (3, 4)
    assert before == list(range(before[0], before[0] + len(before)))
    assert len(erp.received("GET", "/workers/status")) == before[-1] + 1


@pytest.mark.parametrize(("of_list", "of_status"), [(str.lower, str.upper), (str.upper, str.lower)])
def test_identifiers_are_the_same_in_any_case(
    erp: RunningSimulator,
    raw: RawAnswers,
    run_slowly: Run,
    of_list: Callable[[str], str],
    of_status: Callable[[str], str],
) -> None:
    status = r"GET .*/workers/status"
    listed = [one | {"Identifier": of_list(one["Identifier"])} for one in sync_list(erp.world.jtl)]
    raw.answer(r"GET .*/workers$", listed)
    raw.answer(r"PUT .*/workers/", status=204)
    raw.answer(status, statuses(erp, spelled=of_status))
    done = run_slowly(
        "worker.stop",
        "Temu DE",
        lambda: raw.answer(status, statuses(erp, DEACTIVATED, of_status)),
    )
    assert (done.code, done.out.splitlines()[-1]) == (0, "applied · Temu · Temu DE: now off")
    assert len([one for one in raw.received if one.startswith("PUT ")]) == 1
