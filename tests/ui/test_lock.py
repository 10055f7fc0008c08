"""A production profile is read-only until its name is typed; the command line's word is not unlocked."""

import asyncio
from datetime import UTC, datetime, timedelta

from tests.drivers.console import console
from tests.drivers.simulator import RunningSimulator
from tui.config.file import read
from tui.domain.history.records import EventKind
from tui.history_access import open_history
from tui.launch import RunOptions
from tui.paths import config_path


async def test_production_is_read_only_until_its_name_is_typed(erp: RunningSimulator) -> None:
    async with console(erp, environment="production", read_only=True) as deck:
        await deck.workers.focus("Hauptshop")
        assert "PRODUCTION · read-only" in deck.lines()[0]
        await deck.press("x")
        assert deck.heading() == ""
        assert "press U to unlock it for this session" in deck.said("notice")
        await deck.press("U")
        await deck.opens("Unlock · sim")
        await deck.type("sin")
        await deck.press("enter")
        assert "that is not the profile's name" in deck.dialog_trouble()
        await deck.press("backspace")
        await deck.type("m")
        await deck.press("enter")
        await deck.opens("")
        assert "PRODUCTION · UNLOCKED" in deck.lines()[0]
        assert "writes allowed until" in deck.said("notice")
        assert deck.sent() == []
        await deck.press("x")
        await deck.opens("Stop sync · Shop · Hauptshop")
        await deck.type("sim")
        await deck.press("enter")
        await deck.opens("")
        (sent,) = deck.sent()
        assert sent["body"] == {"Action": 1}


async def test_the_same_key_locks_again(erp: RunningSimulator) -> None:
    async with console(erp, environment="production", read_only=True, history=True) as deck:
        await deck.press("U")
        await deck.opens("Unlock")
        await deck.type("sim")
        await deck.press("enter", "U")
        assert "PRODUCTION · read-only" in deck.lines()[0]
        assert deck.said("notice") == "profile sim is read-only again"
        await deck.press("x")
        assert "is read-only" in deck.said("notice")
        assert deck.sent() == []
    reader, now = open_history(read(config_path()), "sim"), datetime.now(UTC)
    events = await asyncio.to_thread(reader.events, now - timedelta(hours=1), now)
    turns = [event for event in events if event.kind is EventKind.UNLOCK]
    assert [event.text for event in turns] == ["writes allowed", "read-only again"]
    assert {bool(event.user) for event in turns} == {True}


async def test_what_the_command_line_forbade_is_not_unlocked(erp: RunningSimulator) -> None:
    async with console(erp, options=RunOptions(read_only=True)) as deck:
        await deck.press("U")
        assert deck.heading() == ""
        assert "started with --read-only" in deck.said("notice")
        await deck.press("x")
        assert "press U" not in deck.said("notice")
        assert "read-only" in deck.said("notice")
        assert deck.sent() == []


async def test_a_profile_that_takes_writes_has_nothing_to_unlock(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("U")
        assert "there is nothing to unlock" in deck.said("notice")
        assert deck.heading() == ""
