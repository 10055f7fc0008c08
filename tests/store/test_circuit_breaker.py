"""A system that does not answer at all: one topic tries for all, the other system does not notice."""

from collections.abc import AsyncIterator

import pytest

from tests.drivers.scripted_service import down, lost
from tests.store.test_poller import Desk
from tui.api.errors import NotAuthorised
from tui.store.snapshot import Topic

JTL = ("workers", "status", "extensions")


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    yield desk
    await desk.poller.aclose()


async def dead(desk: Desk) -> None:
    """JTL-Wawi does not answer any more, and everything of it has been asked once."""
    for call in JTL:
        desk.service.failing[call] = down()
    desk.poller.start()
    await desk.time.settle()
    desk.service.calls.clear()


async def test_one_topic_is_asked_for_all_of_a_dead_system(desk: Desk) -> None:
    await dead(desk)
    await desk.time.advance(120)
    asked = {call: desk.asked(call) for call in JTL}
    assert sorted(asked.values())[:2] == [0, 0]
    assert asked["extensions"] == 0
    assert 8 <= sum(asked.values()) <= 12


async def test_the_other_system_keeps_its_pace(desk: Desk) -> None:
    await dead(desk)
    await desk.time.advance(60.5)
    assert desk.asked("engine") == 6


async def test_once_it_answers_everything_is_asked_at_once(desk: Desk) -> None:
    await dead(desk)
    await desk.time.advance(90)
    desk.service.failing.clear()
    desk.service.calls.clear()
    while not desk.service.calls or set(desk.service.calls) <= {"engine", "connections"}:
        await desk.time.advance(0.5)
    assert all(desk.asked(call) for call in JTL)
    assert desk.store.snapshot(Topic.EXTENSIONS).error is None


async def test_refresh_asks_also_what_is_held_back(desk: Desk) -> None:
    await dead(desk)
    await desk.time.advance(90)
    desk.service.calls.clear()
    desk.poller.refresh(Topic.EXTENSIONS)
    await desk.time.settle()
    assert desk.asked("extensions") == 1


async def test_a_refusal_is_an_answer(desk: Desk) -> None:
    await dead(desk)
    for call in JTL:
        desk.service.failing[call] = lost(NotAuthorised)
    await desk.time.advance(90)
    assert all(desk.asked(call) for call in JTL)


async def test_one_call_that_hangs_alone_holds_nothing_back(desk: Desk) -> None:
    desk.service.failing["extensions"] = down()
    desk.poller.start()
    await desk.time.advance(60.5)
    assert (desk.asked("workers"), desk.asked("status")) == (13, 13)
    assert desk.asked("extensions") > 3


async def test_nothing_of_a_dead_system_is_called_live(desk: Desk) -> None:
    desk.poller.start()
    await desk.time.settle()
    for call in ("engine", "connections"):
        desk.service.failing[call] = down()
    await desk.time.advance(12)
    assert desk.asked("connections") == 1
    told = desk.store.snapshot(Topic.CONNECTIONS)
    assert told.error is not None
    assert told.data is not None
    desk.service.failing.clear()
    await desk.time.advance(16)
    assert desk.asked("connections") == 1
    assert desk.store.snapshot(Topic.CONNECTIONS).error is None
