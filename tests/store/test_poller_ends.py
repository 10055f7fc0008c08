"""What a poll must not do to the others, and how each of its states ends."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.drivers.scripted_service import ScriptedService, down, lost
from tests.store.test_poller import Desk, pages
from tui.api.errors import ErpError, NotAuthorised, ServerFailed, Throttled, TimedOut, TlsFailed
from tui.domain.jtl.extensions import ExtensionPage
from tui.domain.profile import System
from tui.store.circuit_breaker import Breaker
from tui.store.snapshot import Topic

JTL = ("workers", "status", "extensions")


def failed(kind: type[ErpError] = TimedOut) -> ErpError:
    return kind(system=System.JTL, sentence="no", next_step="wait")


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    yield desk
    await desk.poller.aclose()


# Others.


class SlowToFail(ScriptedService):
    """Its extensions take six seconds to fail, while the other lists answer."""

    def __init__(self, error: ErpError) -> None:
        super().__init__()
        self.error = error
        self.sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def extensions(self) -> AsyncIterator[ExtensionPage]:
        await self.sleep(6)
        raise self.error
        yield


@pytest.mark.parametrize("error", [lost(NotAuthorised), failed(ServerFailed), failed(TimedOut)])
async def test_a_list_that_fails_alone_makes_no_other_stale_at_any_moment(error: ErpError) -> None:
    service = SlowToFail(error)
    desk = Desk(service=service)
    service.sleep = desk.time.sleep
    told: list[Topic] = []

    def look(_topic: Topic) -> None:
        told.extend(other for other in Topic if desk.store.snapshot(other).error is not None)

    desk.store.subscribe(look)
    desk.poller.start()
    await desk.time.advance(120)
    assert set(told) == {Topic.EXTENSIONS}
    await desk.poller.aclose()


async def test_where_a_login_is_refused_every_list_of_the_system_is_asked_at_once(desk: Desk) -> None:
    desk.poller.start()
    await desk.time.advance(61)
    for call in ("engine", "connections"):
        desk.service.failing[call] = lost(NotAuthorised)
        desk.asked(call)
    await desk.time.advance(10)
    stale = {topic for topic in Topic if desk.store.snapshot(topic).error is not None}
    assert stale == {Topic.ENGINE, Topic.CONNECTIONS}
    assert desk.asked("connections") == 1


async def test_a_list_that_is_refused_alone_does_not_have_the_others_asked_again_and_again(
    desk: Desk,
) -> None:
    desk.poller.start()
    await desk.time.advance(61)
    desk.service.failing["engine"] = lost(NotAuthorised)
    desk.asked("connections")
    await desk.time.advance(50)
    assert desk.asked("connections") == 1
    assert desk.store.snapshot(Topic.CONNECTIONS).error is None


async def test_a_dead_system_makes_its_own_lists_stale_and_no_other(desk: Desk) -> None:
    desk.poller.start()
    await desk.time.settle()
    for call in JTL:
        desk.service.failing[call] = down()
    await desk.time.advance(6)
    stale = {topic for topic in Topic if desk.store.snapshot(topic).error is not None}
    assert stale == {Topic.WORKERS, Topic.STATUS, Topic.EXTENSIONS}


async def test_a_log_that_fails_says_nothing_of_what_is_polled(desk: Desk) -> None:
    desk.service.failing["log"] = down()
    desk.poller.start()
    await desk.time.advance(3)
    desk.poller.show(frozenset({Topic.SYNC_LOG}))
    await desk.time.settle()
    stale = {topic for topic in Topic if desk.store.snapshot(topic).error is not None}
    assert stale == {Topic.SYNC_LOG}
    assert desk.asked("log") == 1
    for call in ("engine", "connections"):
        desk.service.failing[call] = down()
    del desk.service.failing["log"]
    desk.poller.refresh(Topic.SYNC_LOG)
    await desk.time.advance(120)
    assert desk.store.snapshot(Topic.SYNC_LOG).error is None
    assert desk.asked("log") == 1


async def test_what_failed_by_itself_waits_out_its_own_pause_when_the_system_answers_again(
    desk: Desk,
) -> None:
    desk.poller.start()
    await desk.time.settle()
    for call in JTL:
        desk.service.failing[call] = down()
    await desk.time.advance(30)
    desk.service.failing = {"workers": failed(ServerFailed)}
    desk.service.calls.clear()
    await desk.time.advance(16)
    assert desk.asked("extensions") == 1
    assert desk.store.snapshot(Topic.EXTENSIONS).error is None
    assert desk.asked("status") >= 1


# Ends.


async def test_after_closing_nothing_more_is_asked_and_nothing_told(desk: Desk) -> None:
    gate = desk.service.held["engine"] = asyncio.Event()
    desk.service.held["workers"] = gate
    desk.poller.start()
    await desk.time.settle()
    told: list[Topic] = []
    desk.store.subscribe(told.append)
    loops = [line.loop for line in desk.poller._lines.values() if line.loop is not None]
    await desk.poller.aclose()
    assert len(loops) == 5
    assert all(loop.done() for loop in loops)
    desk.service.calls.clear()
    gate.set()
    await desk.time.advance(300)
    assert (desk.service.calls, told) == ([], [])
    assert desk.store.snapshot(Topic.ENGINE).error is None


async def test_closing_ends_what_was_overtaken_as_well(desk: Desk) -> None:
    gate = desk.service.held["engine"] = asyncio.Event()
    desk.poller.start()
    await desk.time.settle()
    desk.poller.refresh(Topic.ENGINE)
    await desk.time.settle()
    assert desk.service.at_once["engine"] == 2
    await desk.poller.aclose()
    assert desk.service.at_once["engine"] == 0
    gate.set()
    await desk.time.settle()
    assert desk.store.snapshot(Topic.ENGINE).data is None


async def test_an_overtaken_ask_asks_no_more_once_it_was_answered(desk: Desk) -> None:
    gate = desk.service.held["engine"] = asyncio.Event()
    desk.poller.start()
    await desk.time.settle()
    desk.poller.refresh(Topic.ENGINE)
    await desk.time.settle()
    gate.set()
    await desk.time.settle()
    desk.asked("engine")
    await desk.time.advance(10.5)
    assert desk.asked("engine") == 1


async def test_an_overtaken_answer_is_shown_until_the_newer_one_comes(desk: Desk) -> None:
    first = desk.service.held["engine"] = asyncio.Event()
    desk.poller.start()
    await desk.time.settle()
    second = desk.service.held["engine"] = asyncio.Event()
    desk.poller.refresh(Topic.ENGINE)
    await desk.time.settle()
    first.set()
    await desk.time.settle()
    assert desk.store.snapshot(Topic.ENGINE).generation == 1
    second.set()
    await desk.time.settle()
    assert desk.store.snapshot(Topic.ENGINE).generation == 2


async def test_each_overtaken_ask_may_answer_not_only_the_first(desk: Desk) -> None:
    for generation in (1, 3):
        slow = desk.service.held["engine"] = asyncio.Event()
        desk.poller.refresh(Topic.ENGINE)
        await desk.time.settle()
        hangs = desk.service.held["engine"] = asyncio.Event()
        desk.poller.refresh(Topic.ENGINE)
        await desk.time.settle()
        slow.set()
        await desk.time.settle()
        assert desk.store.snapshot(Topic.ENGINE).generation == generation
        hangs.set()
        await desk.time.settle()


async def test_a_pause_is_taken_once_and_ended_once(desk: Desk) -> None:
    desk.poller.start()
    await desk.time.settle()
    desk.service.calls.clear()
    desk.poller.pause(False)
    await desk.time.settle()
    assert desk.service.calls == []
    desk.poller.pause(True)
    desk.poller.refresh(Topic.ENGINE)
    desk.poller.pause(True)
    await desk.time.advance(20)
    assert desk.service.calls == ["engine"]


async def test_pauses_grow_again_from_the_start_after_an_answer(desk: Desk) -> None:
    desk.service.failing["workers"] = failed(ServerFailed)
    desk.poller.start()
    await desk.time.advance(60)
    del desk.service.failing["workers"]
    await desk.time.advance(16)
    desk.service.failing["workers"] = failed(ServerFailed)
    desk.asked("workers")
    await desk.time.advance(4.9)
    await desk.time.advance(0.2)
    assert desk.asked("workers") == 1
    await desk.time.advance(4.9)
    assert desk.asked("workers") == 1


# What comes on screen.


async def test_what_comes_on_screen_is_asked_at_its_own_interval_from_its_last_answer(
    desk: Desk,
) -> None:
    desk.poller.start()
    desk.poller.show(frozenset({Topic.ENGINE}))
    await desk.time.advance(1)
    desk.service.calls.clear()
    desk.poller.show(frozenset({Topic.ENGINE, Topic.WORKERS}))
    await desk.time.advance(3.9)
    assert desk.asked("workers") == 0
    await desk.time.advance(0.2)
    assert (desk.asked("workers"), desk.asked("status")) == (1, 1)


async def test_what_is_in_flight_when_it_comes_on_screen_is_not_asked_twice(desk: Desk) -> None:
    desk.poller.start()
    desk.poller.show(frozenset({Topic.ENGINE}))
    await desk.time.advance(30)
    gate = desk.service.held["workers"] = asyncio.Event()
    await desk.time.advance(10.5)
    desk.asked("workers")
    assert desk.service.at_once["workers"] == 1
    desk.poller.show(frozenset({Topic.ENGINE, Topic.WORKERS}))
    await desk.time.advance(8)
    assert (desk.asked("workers"), desk.service.at_once["workers"]) == (0, 1)
    gate.set()
    await desk.time.advance(5.5)
    assert desk.asked("workers") == 1


async def test_what_fails_keeps_its_pause_when_it_comes_on_screen(desk: Desk) -> None:
    desk.service.failing["workers"] = failed(ServerFailed)
    desk.poller.start()
    desk.poller.show(frozenset({Topic.ENGINE}))
    await desk.time.advance(40)
    desk.asked("workers")
    desk.poller.show(frozenset({Topic.ENGINE, Topic.WORKERS}))
    await desk.time.advance(0)
    assert desk.asked("workers") == 0


async def test_what_stays_on_screen_or_leaves_it_is_not_asked_for_that(desk: Desk) -> None:
    desk.poller.start()
    await desk.time.advance(3)
    desk.service.calls.clear()
    desk.poller.show(frozenset({Topic.WORKERS, Topic.ENGINE}))
    desk.poller.show(frozenset({Topic.ENGINE}))
    await desk.time.advance(1.5)
    assert desk.service.calls == []
    await desk.time.advance(1)
    assert (desk.asked("workers"), desk.asked("status")) == (1, 1)


async def test_while_paused_nothing_comes_by_being_shown(desk: Desk) -> None:
    desk.poller.start()
    desk.poller.show(frozenset({Topic.ENGINE}))
    await desk.time.advance(30)
    desk.poller.pause(True)
    desk.service.calls.clear()
    desk.poller.show(frozenset({Topic.ENGINE, Topic.WORKERS}))
    await desk.time.advance(60)
    assert desk.service.calls == []


@pytest.mark.parametrize(
    ("interval", "hidden"), [(5.0, 20.0), (15.0, 60.0), (16.0, 60.0), (60.0, 60.0), (90.0, 90.0)]
)
async def test_how_much_what_is_hidden_slows_down(interval: float, hidden: float) -> None:
    desk = Desk(every={Topic.WORKERS: interval})
    assert desk.poller.every(Topic.WORKERS) == interval
    desk.poller.show(frozenset())
    assert (desk.poller.every(Topic.WORKERS), desk.poller.every(Topic.STATUS)) == (hidden, hidden)
    assert desk.poller.every(Topic.EXTENSIONS) == 0
    assert desk.poller.pace(Topic.EXTENSIONS) == 0
    await desk.poller.aclose()


# Pauses.


@pytest.mark.parametrize(
    ("interval", "retry_after", "waits"),
    [
        (5.0, None, 5.0),
        (5.0, 0.0, 5.0),
        (5.0, 7.0, 7.0),
        (60.0, 0.0, 15.0),
        (60.0, None, 15.0),
        (60.0, 20.0, 20.0),
    ],
)
async def test_how_long_a_server_that_is_too_busy_is_left_alone(
    interval: float, retry_after: float | None, waits: float
) -> None:
    desk = Desk(every={Topic.ENGINE: interval})
    slow = Throttled(system=System.SUPEROFFICE, sentence="429", retry_after=retry_after)
    desk.service.failing["engine"] = slow
    desk.poller.start()
    await desk.time.settle()
    assert desk.time.asked == [waits]
    await desk.poller.aclose()


async def test_a_pause_after_a_failure_is_spread_and_what_a_server_says_is_not(desk: Desk) -> None:
    drawn: list[tuple[float, float]] = []
    desk = Desk(every={Topic.ENGINE: 10.0})
    desk.poller._jitter = lambda low, high: drawn.append((low, high)) or high  # type: ignore[func-returns-value] # noted
    desk.service.failing["engine"] = failed(ServerFailed)
    desk.poller.start()
    await desk.time.settle()
    assert drawn == [(0.9, 1.1)]
    assert desk.time.asked == [pytest.approx(11.0)]
    desk.service.failing["engine"] = Throttled(system=System.JTL, sentence="429", retry_after=20)
    await desk.time.advance(11.1)
    assert desk.time.asked[1:] == [20]
    await desk.poller.aclose()


async def test_a_failure_that_lasts_for_a_year_has_a_pause(desk: Desk) -> None:
    desk.service.failing["engine"] = failed(ServerFailed)
    desk.poller.start()
    for line in desk.poller._lines.values():
        line.failures = 100_000
    await desk.time.advance(31)
    assert desk.asked("engine") == 3


async def test_reading_stops_at_the_page_that_calls_itself_the_last(desk: Desk) -> None:
    desk.service.pages = [*pages([2, 2]), *pages([2])]
    desk.poller.start()
    await desk.time.settle()
    assert len(desk.store.snapshot(Topic.EXTENSIONS).data or ()) == 4
    assert desk.asked("extensions") == 2


async def test_a_list_that_breaks_off_is_not_complete(desk: Desk) -> None:
    desk.service.pages = pages([2, 2, 2])[:2]
    desk.poller.start()
    await desk.time.settle()
    assert desk.store.snapshot(Topic.EXTENSIONS).complete
    assert len(desk.store.snapshot(Topic.EXTENSIONS).data or ()) == 4


async def test_a_list_without_pages_is_asked_every_second_where_that_is_its_interval() -> None:
    desk = Desk(every={Topic.WORKERS: 1.0, Topic.EXTENSIONS: 1.0})
    desk.poller.start()
    await desk.time.advance(10.5)
    assert [desk.asked(call) for call in JTL] == [11, 11, 11]
    await desk.poller.aclose()


@pytest.mark.parametrize(("sizes", "waits"), [([1], 60.0), ([1] * 30, 60.0), ([1] * 31, 62.0)])
async def test_the_pages_of_a_list_are_spread_over_its_pause(sizes: list[int], waits: float) -> None:
    desk = Desk(every={Topic.EXTENSIONS: 60.0})
    desk.service.pages = pages(sizes)
    desk.poller.start()
    await desk.time.settle()
    assert desk.time.asked == [waits]
    assert desk.poller.pace(Topic.EXTENSIONS) == waits
    await desk.poller.aclose()


async def test_two_pages_are_spread_as_well() -> None:
    desk = Desk(every={Topic.EXTENSIONS: 1.0})
    desk.service.pages = pages([1, 1])
    desk.poller.start()
    await desk.time.settle()
    assert desk.time.asked == [4.0]
    await desk.poller.aclose()


async def test_the_first_row_is_shown_at_once(desk: Desk) -> None:
    desk.service.pages = pages([1, 5])
    seen: list[int] = []
    desk.store.subscribe(
        lambda topic: (
            seen.append(len(desk.store.snapshot(Topic.EXTENSIONS).data or ()))
            if topic is Topic.EXTENSIONS
            else None
        )
    )
    desk.poller.start()
    await desk.time.settle()
    assert seen == [1, 6]


async def test_lists_grow_by_half_before_they_are_shown_again(desk: Desk) -> None:
    desk.service.pages = pages([10, 4, 1, 7, 30])
    seen: list[int] = []
    desk.store.subscribe(
        lambda topic: (
            seen.append(len(desk.store.snapshot(Topic.EXTENSIONS).data or ()))
            if topic is Topic.EXTENSIONS
            else None
        )
    )
    desk.poller.start()
    await desk.time.settle()
    assert seen == [10, 15, 52]


async def test_deleted_connections_are_asked_for_at_once_and_no_longer(desk: Desk) -> None:
    wanted: list[bool] = []
    known = desk.service.connections

    async def connections(*, include_deleted: bool = False) -> object:
        wanted.append(include_deleted)
        return await known()

    desk.service.connections = connections  # type: ignore[method-assign,assignment] # what was asked for
    desk.poller.start()
    await desk.time.settle()
    desk.poller.include_deleted(True)
    await desk.time.settle()
    desk.poller.include_deleted(False)
    await desk.time.settle()
    assert wanted == [False, True, False]
    assert set(desk.service.calls) == {"workers", "status", "extensions", "engine", "connections"}
    assert desk.service.calls.count("engine") == 1


async def test_how_long_an_answer_took_and_when_it_came(desk: Desk) -> None:
    gate = desk.service.held["engine"] = asyncio.Event()
    desk.poller.start()
    await desk.time.advance(7)
    gate.set()
    await desk.time.settle()
    snapshot = desk.store.snapshot(Topic.ENGINE)
    assert (snapshot.took, snapshot.fetched_at) == (7, desk.time.clock())


async def test_the_status_follows_only_a_list_that_is_polled_without_it() -> None:
    desk = Desk(every={Topic.ENGINE: 10.0})
    desk.poller.refresh(Topic.WORKERS)
    await desk.time.settle()
    assert desk.service.calls == []
    desk.poller.start()
    await desk.time.settle()
    assert desk.service.calls == ["engine"]
    await desk.poller.aclose()


# The breaker.


@pytest.mark.parametrize("kind", [TimedOut, TlsFailed])
async def test_a_certificate_that_fails_or_silence_opens_it(desk: Desk, kind: type[ErpError]) -> None:
    desk.poller.start()
    await desk.time.settle()
    for call in JTL:
        desk.service.failing[call] = failed(kind)
    await desk.time.advance(6)
    assert desk.store.snapshot(Topic.EXTENSIONS).error is not None
    desk.service.calls.clear()
    await desk.time.advance(50)
    asked = {call: desk.asked(call) for call in JTL}
    assert asked["extensions"] == min(asked["workers"], asked["status"]) == 0
    assert sum(asked.values()) > 2


@pytest.mark.parametrize("kind", [NotAuthorised, ServerFailed, Throttled])
def test_whoever_says_anything_is_not_dead(kind: type[ErpError]) -> None:
    breaker = Breaker(lambda _topic: 5.0)
    breaker.failed(Topic.WORKERS, failed(TimedOut), 0.0, 1.0)
    assert breaker.is_open
    breaker.failed(Topic.STATUS, failed(kind), 1.0, 2.0)
    assert not breaker.is_open


def test_the_topic_that_is_asked_most_often_tries_for_all() -> None:
    every = {Topic.EXTENSIONS: 60.0, Topic.WORKERS: 5.0, Topic.STATUS: 5.0}
    breaker = Breaker(every.__getitem__)
    assert not any(breaker.holds_back(topic) for topic in every)
    breaker.failed(Topic.EXTENSIONS, failed(), 0.0, 1.0)
    assert [breaker.holds_back(topic) for topic in every] == [False, True, True]
    breaker.failed(Topic.WORKERS, failed(), 0.0, 1.0)
    assert [breaker.holds_back(topic) for topic in every] == [True, False, True]
    breaker.failed(Topic.STATUS, failed(), 0.0, 1.0)
    assert [breaker.holds_back(topic) for topic in every] == [True, False, True]
    assert breaker.answered(2.0)
    assert not breaker.answered(3.0)
    assert not any(breaker.holds_back(topic) for topic in every)


@pytest.mark.parametrize(("began", "is_open"), [(1.9, False), (2.0, False), (2.1, True)])
def test_an_ask_under_way_while_the_system_answered_does_not_open_it(
    began: float, is_open: bool
) -> None:
    breaker = Breaker(lambda _topic: 5.0)
    breaker.answered(2.0)
    breaker.failed(Topic.WORKERS, failed(), began, 9.0)
    assert breaker.is_open is is_open


async def test_once_it_answers_nobody_waits(desk: Desk) -> None:
    breaker = Breaker(lambda _topic: 5.0)
    breaker.failed(Topic.WORKERS, failed(), 0.0, 1.0)
    waiting = asyncio.create_task(breaker.until_it_answers())
    await desk.time.settle()
    assert not waiting.done()
    breaker.answered(2.0)
    await desk.time.settle()
    assert waiting.done()
    breaker.failed(Topic.WORKERS, failed(), 3.0, 4.0)
    again = asyncio.create_task(breaker.until_it_answers())
    await desk.time.settle()
    assert not again.done()
    again.cancel()
