"""Long lists on screen: what is broken stands first, nothing is told of a part, and nothing starves."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.drivers.console import Console, console, launch_for, started, wall_clock
from tests.drivers.simulator import RunningSimulator
from tui.domain.jtl.workers import Worker, WorkerSync
from tui.paths import cache_dir, config_path
from tui.presentation.workers import Responses
from tui.store.snapshot import Topic
from tui.ui.screens.list_row import ListRow
from tui.ui.screens.past_cells import PastCells
from tui.ui.screens.workers import rows as worker_rows
from tui.ui.screens.workers.screen import WorkersScreen

MANY, BROKEN = 800, 60
SUSPENDED, WAITING, FAILED = 0, 3, 4


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True, workers=MANY) as running:
        yield running


def stand(erp: RunningSimulator, states: list[tuple[int, str]]) -> None:
    """Have the syncs stand like this, in the server's order."""
    syncs = erp.world.jtl.syncs.values()
    for sync, (state, text) in zip(syncs, states, strict=True):
        sync.locked, sync.pending = False, None
        sync.phase = replace(sync.phase, state=state, text=text)


def break_the_last(erp: RunningSimulator) -> None:
    stand(erp, [(WAITING, "fine")] * (MANY - BROKEN) + [(FAILED, "BROKEN")] * BROKEN)


async def looked_at(deck: Console) -> list[tuple[str, str, str]]:
    """First row, row under the cursor and banner at every look until the list is whole."""
    looks: list[tuple[str, str, str]] = []

    def is_whole() -> bool:
        first = next(iter(deck.rows()), "")
        looks.append((first, deck.cursor_row(), deck.said("banner")))
        return deck.said("status").startswith(f"{MANY} syncs") and "more is" not in deck.said("status")

    await deck.until(is_whole, "whole list")
    return looks


def noting(made: list[str]) -> Callable[..., ListRow]:
    """Makes rows as ever, and notes whose."""
    listed = worker_rows.listed

    def noted(worker: Worker, now: datetime, asked: Responses, aside: PastCells) -> ListRow:
        made.append(worker.id)
        time.sleep(0.0005)  # on a fast machine all are made between two looks
        return listed(worker, now, asked, aside)

    return noted


def kept_rows() -> list[str]:
    [file] = (cache_dir() / "last").glob("*.txt")
    return [line for line in file.read_text().split("\n") if line.startswith("row")]


def kept_at() -> float:
    [file] = (cache_dir() / "last").glob("*.txt")
    return next(float(line[3:]) for line in file.read_text().split("\n") if line.startswith("at\t"))


async def test_the_failed_ones_are_first_with_the_cursor_on_the_first(erp: RunningSimulator) -> None:
    break_the_last(erp)
    async with console(erp, waits=False) as deck:
        for first, cursor, _ in await looked_at(deck):
            assert ("BROKEN" in first, cursor[1:40]) == (first != "", first[:39])
        assert all("BROKEN" in row for row in deck.rows())
        await deck.press("k")
        assert deck.cursor_row()[1:40] == deck.rows()[0][:39]


async def test_no_banner_tells_of_all_while_it_is_a_part(erp: RunningSimulator) -> None:
    stand(erp, [(SUSPENDED, "")] * (MANY // 2) + [(WAITING, "")] * (MANY // 2))
    async with console(erp, waits=False) as deck:
        assert {banner for _, _, banner in await looked_at(deck)} == {""}
    stand(erp, [(SUSPENDED, "")] * MANY)
    async with console(erp, waits=False) as deck:
        assert "all syncs suspended" in (await looked_at(deck))[-1][-1]


async def test_what_is_kept_for_the_next_start_is_of_the_whole_list(erp: RunningSimulator) -> None:
    break_the_last(erp)
    async with console(erp) as deck:
        await deck.until(lambda: any((cache_dir() / "last").glob("*.txt")), "kept state")
        assert all("BROKEN" in row for row in kept_rows())
        assert len(kept_rows()) == BROKEN


async def test_what_was_seen_last_is_dim_and_no_target_until_the_whole_list_is_made(
    erp: RunningSimulator,
) -> None:
    async with console(erp):
        pass
    async with started(launch_for(config_path()), erp) as deck:

        def is_live() -> bool:
            is_old = any("last seen state" in line for line in deck.lines())
            assert not (is_old and (deck.chip() == "live" or deck.cursor_row() or not deck.is_dimmed()))
            return deck.chip() == "live" and bool(deck.cursor_row())

        await deck.until(is_live, "live list")


async def test_what_a_hidden_screen_showed_is_kept_with_its_own_time() -> None:
    with RunningSimulator(still=True) as erp:
        async with console(erp) as deck:
            core = deck.app.session.core
            assert core is not None
            await deck.press("3")
            erp.state(jtl={"workers": {"Hauptshop": {"listed": False, "reported": False}}})
            await deck.until(lambda: "Hauptshop" not in str(core.store.workers()), "newer answer")
            last_listed = wall_clock()

            def heard_at() -> datetime:
                known = (core.store.snapshot(topic).fetched_at for topic in WorkersScreen.TOPICS)
                return min(at for at in known if at is not None)

            await deck.until(lambda: heard_at() - last_listed > timedelta(seconds=2), "later answers")
        assert "Hauptshop" in "".join(kept_rows())
        assert kept_at() <= last_listed.timestamp() + 0.5


async def test_a_state_that_could_not_be_kept_is_tried_again(erp: RunningSimulator) -> None:
    cache_dir().mkdir(parents=True)
    (cache_dir() / "last").write_text("no folder")
    async with console(erp) as deck:
        (cache_dir() / "last").unlink()
        erp.state(jtl={"workers": {"Hauptshop": {"interval": 4320}}})
        await deck.until(lambda: any((cache_dir() / "last").glob("*.txt")), "kept state")


async def test_rows_get_through_though_newer_ones_are_wanted_all_the_time(erp: RunningSimulator) -> None:
    ahead = timedelta()
    async with console(erp, clock=lambda: wall_clock() + ahead) as deck:
        await looked_at(deck)
        screen, before, seen = deck._deck(), deck.rows()[0], set()
        for _ in range(300):
            ahead += timedelta(minutes=1)
            screen.minute_passed()
            await asyncio.sleep(0)
            seen.add(deck.rows()[0])
            if seen - {before}:
                break
        assert seen - {before}


async def test_answers_of_tests_get_through_while_others_stream_in() -> None:
    many = MANY // 8
    with RunningSimulator(still=True, connections=many) as erp:
        async with console(erp) as deck:

            def is_told_early() -> bool:
                told = "passed " in deck.text()
                return told and len(erp.received("POST", "TestConnectionById")) < many

            await deck.press("4")
            await deck.sees(f"{many} connections")
            await deck.press("asterisk")
            deck.hit("T")
            await deck.until(is_told_early, "answer while others are awaited")


async def test_what_is_acted_on_and_what_it_rests_on_are_of_one_answer(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await looked_at(deck)
        screen, core = deck._deck(), deck.app.session.core
        assert core is not None
        bound: list[tuple[WorkerSync | None, WorkerSync]] = []

        def press(topic: Topic) -> None:
            """At the worst moment: known, and not shown yet."""
            selection = screen.selection()
            [worker] = selection.targets
            assert isinstance(worker, Worker)
            [rests_on] = (one for one in selection.seen[Topic.WORKERS].data if one.id == worker.id)
            assert screen.seen(Topic.WORKERS) is selection.seen[Topic.WORKERS]
            bound.append((worker.sync, rests_on))

        core.store.subscribe(press)
        channel = screen.target.sync.channel
        erp.state(jtl={"workers": {channel: {"interval": 4320}}})
        await deck.sees("1h 12m")
        assert bound
        assert all(sync == rests_on for sync, rests_on in bound)


async def test_l11_the_first_problem_can_be_acted_on_before_all_rows_are_made(
    erp: RunningSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_the_last(erp)
    made: list[str] = []
    monkeypatch.setattr(worker_rows, "listed", noting(made))
    async with console(erp, waits=False) as deck:
        counts: list[int] = []

        def is_shown() -> bool:
            counts.append(len(set(made)))
            return "BROKEN" in deck.cursor_row()

        await deck.until(is_shown, "first problem")
        assert counts[-1] < MANY
        await deck.until(lambda: len(set(made)) == MANY, "every row")
        assert deck.said("status").startswith(f"{MANY} syncs")
