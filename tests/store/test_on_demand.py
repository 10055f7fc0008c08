"""The change log is asked for when it is wanted, a page at a time, and never by itself."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import pytest

from tests.drivers.fake_time import FakeTime
from tests.drivers.scripted_service import ScriptedService, down
from tui.domain.superoffice.sync_log import SyncLogEntry, SyncLogPage
from tui.store.poller import Poller
from tui.store.snapshot import Topic
from tui.store.store import Store

LOG: Final = Topic.SYNC_LOG
HERE, ELSEWHERE = frozenset({Topic.ENGINE, LOG}), frozenset({Topic.ENGINE})


def page(following: str, *fields: str) -> SyncLogPage:
    return SyncLogPage(
        tuple(SyncLogEntry("7", field=name, raw={"f": name}) for name in fields), following
    )


class Desk:
    """A poller between a scripted service and a real store; the log has two pages."""

    def __init__(self, absent: frozenset[Topic] = frozenset()) -> None:
        self.time, self.service, self.store = FakeTime(), ScriptedService(), Store(absent)
        self.service.log = {"": page("2", "D", "C"), "2": page("", "B", "A")}
        self.poller = Poller(
            self.service,
            self.store,
            {Topic.ENGINE: 10.0},
            clock=self.time.clock,
            monotonic=self.time.monotonic,
            sleep=self.time.sleep,
        )

    def asked(self) -> int:
        return self.service.calls.count("log")

    def fields(self) -> list[str]:
        log = self.store.snapshot(LOG).data
        return [str(entry.field) for entry in log.entries] if log else []


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    desk.poller.start()
    yield desk
    await desk.poller.aclose()


async def test_it_is_asked_once_whenever_its_screen_is_shown(desk: Desk) -> None:
    await desk.time.advance(300)
    desk.poller.refresh()
    await desk.time.settle()
    desk.poller.ask_again()
    await desk.time.advance(1)
    assert desk.asked() == 0
    desk.poller.show(HERE)
    await desk.time.advance(300)
    assert (desk.asked(), desk.fields()) == (1, ["D", "C"])
    desk.poller.show(HERE)
    desk.poller.show(ELSEWHERE)
    await desk.time.advance(300)
    assert desk.asked() == 1
    desk.poller.show(HERE)
    await desk.time.settle()
    assert desk.asked() == 2


async def test_it_is_asked_on_refresh_also_while_polling_is_paused(desk: Desk) -> None:
    desk.poller.pause(True)
    desk.poller.show(HERE)
    await desk.time.settle()
    desk.poller.refresh(LOG)
    await desk.time.settle()
    assert desk.asked() == 2
    desk.poller.pause(False)
    await desk.time.settle()
    assert desk.asked() == 2


async def test_more_adds_a_page_and_makes_nothing_younger(desk: Desk) -> None:
    desk.poller.show(HERE)
    await desk.time.settle()
    read_at = desk.store.snapshot(LOG).fetched_at
    await desk.time.advance(100)
    desk.poller.more(LOG)
    assert desk.poller.is_asking(LOG)
    await desk.time.settle()
    assert not desk.poller.is_asking(LOG)
    assert desk.fields() == ["D", "C", "B", "A"]
    assert desk.store.snapshot(LOG).fetched_at == read_at
    desk.service.log[""] = page("2", "E", "D")
    desk.poller.refresh(LOG)
    await desk.time.settle()
    assert desk.fields() == ["E", "D", "C", "B", "A"]
    assert desk.store.snapshot(LOG).fetched_at == desk.time.clock()


async def test_a_failure_keeps_what_was_read_and_is_not_repeated(desk: Desk) -> None:
    desk.poller.show(HERE)
    await desk.time.settle()
    desk.service.failing["log"] = down()
    desk.poller.more(LOG)
    await desk.time.advance(300)
    assert (desk.asked(), desk.fields()) == (2, ["D", "C"])
    assert desk.store.snapshot(LOG).error is not None
    desk.service.failing.clear()
    desk.poller.more(LOG)
    await desk.time.settle()
    assert desk.fields() == ["D", "C", "B", "A"]
    assert desk.store.snapshot(LOG).error is None


async def test_a_refresh_that_overtakes_another_page_asks_for_the_newest(desk: Desk) -> None:
    desk.poller.show(HERE)
    await desk.time.settle()
    desk.service.held["log"] = asyncio.Event()
    desk.poller.more(LOG)
    desk.poller.refresh(LOG)
    await desk.time.settle()
    desk.service.held["log"].set()
    await desk.time.settle()
    assert desk.fields() == ["D", "C"]
    log = desk.store.snapshot(LOG).data
    assert log is not None
    assert (log.next, log.moved) == ("2", False)


async def test_a_page_that_a_refresh_overtakes_in_flight_is_dropped_or_stands_in_its_place(
    desk: Desk,
) -> None:
    desk.poller.show(HERE)
    await desk.time.settle()
    held = desk.service.held["log"] = asyncio.Event()
    desk.poller.more(LOG)
    await desk.time.settle()
    desk.service.log[""] = page("2", "E", "D", "C")
    desk.poller.refresh(LOG)
    await desk.time.settle()
    held.set()
    await desk.time.settle()
    assert desk.fields() in (["E", "D", "C", "B", "A"], ["E", "D", "C"])


async def test_an_absent_system_is_not_asked_for_its_log() -> None:
    desk = Desk(absent=frozenset({Topic.ENGINE, LOG}))
    desk.poller.start()
    desk.poller.show(HERE)
    desk.poller.refresh(LOG)
    await desk.time.settle()
    assert desk.asked() == 0
    assert not desk.poller.is_asking(LOG)
    await desk.poller.aclose()


async def test_d6_a_refresh_by_key_is_of_the_newest_page_whatever_was_begun(desk: Desk) -> None:
    desk.poller.show(HERE)
    await desk.time.settle()
    desk.poller.more(LOG)
    desk.poller.ask_again(LOG)
    await desk.time.advance(1)
    assert desk.fields() == ["D", "C"]
    assert desk.asked() == 2
    desk.service.held["log"] = asyncio.Event()
    desk.poller.more(LOG)
    await desk.time.settle()
    assert desk.poller.is_asking(LOG)
    desk.poller.ask_again(LOG)
    desk.service.held["log"].set()
    await desk.time.advance(1)
    assert desk.fields() == ["D", "C", "B", "A"]
    assert desk.asked() == 4
    assert not desk.poller.is_asking(LOG)


async def test_another_page_of_what_was_never_read_is_the_newest(desk: Desk) -> None:
    desk.poller.more(LOG)
    await desk.time.settle()
    assert desk.fields() == ["D", "C"]
    assert desk.store.snapshot(LOG).fetched_at == desk.time.clock()


async def test_how_long_another_page_took(desk: Desk) -> None:
    desk.poller.show(HERE)
    await desk.time.settle()
    gate = desk.service.held["log"] = asyncio.Event()
    desk.poller.more(LOG)
    await desk.time.advance(3)
    gate.set()
    await desk.time.settle()
    assert desk.store.snapshot(LOG).took == 3
