"""Undo is of changes, not of sessions: it survives quit, crash and profile switch, and never redoes."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.drivers.command import syncdeck
from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tests.ops.audit.test_entries import NOBODY
from tests.ui.test_profiles import TWO, went_to
from tui.ops.audit.entries import History
from tui.ops.audit.file_trail import FileTrail
from tui.paths import config_path, trail_path
from tui.store.snapshot import Topic

SHOPS = ("Amazon DE", "Amazon FR", "Hauptshop")
OF_THREE = "Undo configure sync · 3 syncs"
LIST = "Undo · changes of the last 24 hours"
ONE_LEFT = "1 change of the last hour on sim can be undone: press u at the next start"


class SlowTrail(FileTrail):
    """A trail whose reading does not end before something happens."""

    def __init__(self, happened: Callable[[], object]) -> None:
        super().__init__(trail_path("sim"))
        self._happened = happened

    async def newest(self, most: int, back_to: datetime) -> History:
        while not self._happened():  # noqa: ASYNC110 - the condition is of the console's making
            await asyncio.sleep(0)
        return await super().newest(most, back_to)


async def changed_together(deck: Console) -> None:
    """Three intervals, by one bulk."""
    for channel in SHOPS:
        await deck.workers.focus(channel)
        await deck.press("space")
    await deck.command("configure interval=50m")
    await deck.opens("Configure sync · 3 syncs")
    await deck.press("a")
    await deck.sees("3 of 3")
    await deck.press("q")
    await deck.opens("")


async def changed(deck: Console, channel: str, interval: str) -> None:
    await deck.workers.focus(channel)
    await deck.command(f"configure interval={interval}")
    await deck.opens("Configure sync")
    await deck.press("a")
    await deck.opens("")


def intervals(erp: RunningSimulator) -> dict[str, float]:
    return {one.channel: one.interval for one in erp.world.jtl.syncs.values() if one.channel in SHOPS}


def edit_trail(edit: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
    """What another version, or a crash, would have left."""
    records = map(json.loads, trail_path("sim").read_text().splitlines())
    kept = filter(None, map(edit, records))
    trail_path("sim").write_text("".join(f"{json.dumps(one, separators=(',', ':'))}\n" for one in kept))


async def test_what_was_changed_together_is_undone_together_after_a_quit_and_not_redone(
    erp: RunningSimulator,
) -> None:
    before = intervals(erp)
    async with console(erp) as deck:
        await changed_together(deck)
        await deck.leaves("ctrl+q")
    said = "3 changes of the last hour on sim can be undone: press u at the next start"
    assert deck.app.last_words == {"sim": said}
    assert set(intervals(erp).values()) == {3_000.0}
    async with console(erp) as deck:
        await deck.press("u")
        await deck.sees("3 syncs: ")
        assert deck.choices() == 1
        await deck.press("enter")
        await deck.opens(OF_THREE)
        assert deck.sent() == []
        await deck.press("a")
        await deck.sees("3 of 3")
        assert intervals(erp) == before
        assert len(deck.sent()) == 3
        await deck.press("q")
        await deck.opens(LIST)
        await deck.sees("undone ", "nothing is left to undo; ctrl+r redoes an undone change")
        await deck.press("escape")
        await deck.activity.show()
        await deck.until(lambda: len(deck.rows()) == 6, "what was done and what undid it")
        await deck.press("enter")
        await deck.opens("Configure sync")
        assert "Undoes Configure sync of " in await deck.read()
        await deck.press("escape", "G", "enter")
        await deck.opens("Configure sync")
        assert "Undone by Configure sync of " in await deck.read()
        await deck.press("escape")
        await deck.workers.show()
        await deck.press("u")
        await deck.opens(LIST)
        await deck.sees("undone ")
        await deck.press("escape", "u", "enter", "a", "enter", "a", "y")
        assert deck.heading().startswith(LIST)
        assert len(deck.sent()) == 3
        await deck.press("ctrl+r")
        await deck.opens("Redo configure sync · 3 syncs")
        assert "Redoes Configure sync of " in await deck.read()
        await deck.press("a")
        await deck.sees("3 of 3")
        assert set(intervals(erp).values()) == {3_000.0}
        await deck.press("q")
        await deck.opens(LIST)
        await deck.sees("50m → ")
        assert deck.choices() == 1


@pytest.mark.parametrize(
    ("key", "heading", "text"),
    [
        ("ctrl+r", "Redo configure sync", "Redoes Configure sync of "),
        ("enter", LIST, "nothing is left to undo; ctrl+r redoes an undone change"),
    ],
    ids=["redo", "undo"],
)
async def test_a_key_that_comes_before_the_trail_was_read_waits_for_it(
    erp: RunningSimulator, key: str, heading: str, text: str
) -> None:
    """And enter still redoes nothing."""
    async with console(erp) as deck:
        await changed(deck, "Hauptshop", "50m")
        await deck.press("u")
        await deck.sees("50m → ")
        await deck.press("enter")
        await deck.opens("Undo configure sync")
        await deck.press("a")
        await deck.opens(LIST)
        await deck.sees("undone ")
        await deck.press("escape")
        may_be_read = asyncio.Event()
        deck.app.session.trail.attach(SlowTrail(may_be_read.is_set))
        await deck.press("u")
        await deck.sees("reading the audit trail…")
        await deck.press(key)
        may_be_read.set()
        await deck.sees(text)
        assert deck.heading().startswith(heading)


async def test_two_changes_of_one_value_are_undone_in_order(erp: RunningSimulator) -> None:
    before = intervals(erp)["Hauptshop"]
    async with console(erp) as deck:
        await changed(deck, "Hauptshop", "40m")
        await changed(deck, "Hauptshop", "50m")
        seen: list[float] = []
        for _ in range(3):
            await deck.press("u")
            await deck.opens(LIST)
            await deck.until(lambda: deck.choices() == 2, "both")
            # "the list was not read since the change", as far as there is room.
            await deck.loses("the lis")
            await deck.press(*(["down"] if seen else []), "enter")
            if deck.heading().startswith("Undo configure sync"):
                await deck.press("a")
                await deck.opens(LIST)
            await deck.press("escape")
            await deck.opens("")
            seen.append(intervals(erp)["Hauptshop"])
        assert seen == [2_400.0, before, before]
        assert len(deck.sent()) == 4


async def test_keys_that_are_typed_ahead_never_reach_an_older_change(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await changed(deck, "Hauptshop", "40m")
        await deck.press("u")
        await deck.sees("Interval 40m → ")
        await deck.press("escape")
        await changed(deck, "Amazon DE", "50m")
        await deck.burst("u", "enter")
        await deck.opens("Undo configure sync · Amazon · Amazon DE")


async def test_a_change_by_run_meanwhile_is_undone_in_the_console(erp: RunningSimulator) -> None:
    before = intervals(erp)
    async with console(erp) as deck:
        names = [erp.worker_id(channel) for channel in SHOPS]
        told = ("--set", "interval=50m", "--yes", "--config", config_path())
        done = await asyncio.to_thread(syncdeck, "run", "worker.configure", *names, *told)
        assert done.code == 0, done.err
        await deck.press("u", "enter")
        await deck.opens(OF_THREE)
        await deck.press("a")
        await deck.sees("3 of 3")
        assert intervals(erp) == before


async def test_a_change_of_a_killed_console_is_undone_and_one_without_a_result_is_doubted(
    erp: RunningSimulator,
) -> None:
    before = intervals(erp)["Hauptshop"]
    async with console(erp) as deck:
        await changed(deck, "Hauptshop", "50m")

    def unknown(record: dict[str, Any]) -> dict[str, Any] | None:
        is_outcome = record["record"] == "outcome"
        return record | ({"result": "unknown"} if is_outcome else {"pid": NOBODY})

    edit_trail(unknown)
    erp.fails("GET .*/workers$", "forbidden")
    async with console(erp, waits=False) as deck:
        await deck.press("u")
        await deck.opens(LIST)
        await deck.sees("the list was not read since the change")
        erp.clear_faults()
        core = deck.app.session.core
        assert core is not None
        await core.poller.read_once(Topic.WORKERS)
        await deck.sees("check first: whether it was applied is unknown")
        await deck.press("enter")
        await deck.opens("Undo configure sync")
        assert "check first" in await deck.read()
        await deck.press("a")
        await deck.opens(LIST)
        assert intervals(erp)["Hauptshop"] == before


async def test_an_undo_that_was_interrupted_goes_on_in_the_list(erp: RunningSimulator) -> None:
    before = intervals(erp)
    async with console(erp) as deck:
        await changed_together(deck)
        await deck.press("u", "enter")
        await deck.opens(OF_THREE)
        await deck.press("a")
        await deck.sees("3 of 3")
    # Killed after the first of three.
    for channel in SHOPS[1:]:
        erp.state(jtl={"workers": {channel: {"interval": 3_000}}})
    sent = {erp.worker_id(channel) for channel in SHOPS[1:]}
    lost: set[str] = set()

    def first_alone(record: dict[str, Any]) -> dict[str, Any] | None:
        if record.get("undoes") and sent.intersection(record["targets"]):
            lost.update((record["id"], *((record["plan"],) if "plan" in record else ())))
        is_lost = record["id"] in lost and record["record"] != "plan"
        return None if is_lost else record | ({"pid": NOBODY} if "pid" in record else {})

    edit_trail(first_alone)
    async with console(erp) as deck:
        await deck.sees("not offered again: it undoes changes")
        await deck.press("u")
        await deck.sees("1 of 3 undone")
        await deck.press("enter")
        await deck.opens("Undo configure sync · 2 syncs")
        await deck.press("a")
        await deck.sees("2 of 2")
        assert intervals(erp) == before


async def test_what_was_changed_of_another_profile_is_said_when_leaving(erp: RunningSimulator) -> None:
    async with console(erp, others=TWO) as deck:
        await changed(deck, "Hauptshop", "50m")
        await deck.refresh()
        await went_to(deck, "live")
        await deck.until(lambda: bool(deck.cursor_row()), "rows of live")
        await deck.leaves("ctrl+q")
    assert [text for text in deck.app.last_words.values() if text] == [ONE_LEFT]


async def test_a_change_is_said_although_its_list_was_not_read_since(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.command("configure interval=50m")
        await deck.opens("Configure sync")
        erp.fault("POST .*/workers/=slow:1")
        deck.hit("a")
        await deck.until(lambda: bool(erp.received("POST", "/workers/")), "the write")
        erp.fault("GET .*/workers=hang")
        await deck.opens("")
        await deck.leaves("ctrl+q")
    assert deck.app.last_words == {"sim": ONE_LEFT}


async def test_a_change_is_said_although_the_trail_was_not_read_since(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        deck.app.session.trail.attach(SlowTrail(lambda: deck.app.has_left))
        await changed(deck, "Hauptshop", "50m")
        await deck.refresh()
        await deck.leaves("ctrl+q")
    assert deck.app.last_words == {"sim": ONE_LEFT}


async def test_a_change_is_said_although_another_profile_was_chosen_at_once(
    erp: RunningSimulator,
) -> None:
    async with console(erp, others=TWO) as deck:
        deck.app.session.trail.attach(SlowTrail(lambda: deck.app.profiles.retired))
        await changed(deck, "Hauptshop", "50m")
        await went_to(deck, "live")
        await deck.until(lambda: not deck.app.profiles.retired, "the old profile closed")
        await deck.leaves("ctrl+q")
    assert [text for text in deck.app.last_words.values() if text] == [ONE_LEFT]
