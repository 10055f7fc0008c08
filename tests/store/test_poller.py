"""The poller: it asks again and again, and nothing ends that."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.drivers.fake_time import FakeTime
from tests.drivers.scripted_service import ScriptedService, down
from tui.api.errors import BadAnswer, TenantUnavailable, Throttled
from tui.domain.jtl.extensions import Extension, ExtensionPage
from tui.domain.profile import System
from tui.store.poller import Poller
from tui.store.snapshot import Topic
from tui.store.store import Store

EVERY = {Topic.WORKERS: 5.0, Topic.EXTENSIONS: 60.0, Topic.ENGINE: 10.0, Topic.CONNECTIONS: 60.0}


class Desk:
    """A poller between a scripted service and a real store, on a clock of its own."""

    def __init__(
        self,
        absent: frozenset[Topic] = frozenset(),
        every: dict[Topic, float] | None = None,
        service: ScriptedService | None = None,
    ) -> None:
        self.time, self.service, self.store = FakeTime(), service or ScriptedService(), Store(absent)
        self.poller = Poller(
            self.service,
            self.store,
            EVERY if every is None else every,
            clock=self.time.clock,
            monotonic=self.time.monotonic,
            sleep=self.time.sleep,
            jitter=lambda low, high: (low + high) / 2,
        )

    def asked(self, call: str) -> int:
        """How often a call was made since the last look."""
        count = self.service.calls.count(call)
        self.service.calls = [made for made in self.service.calls if made != call]
        return count


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    yield desk
    await desk.poller.aclose()


async def test_everything_is_asked_for_at_once(desk: Desk) -> None:
    desk.poller.start()
    await desk.time.settle()
    assert sorted(desk.service.calls) == ["connections", "engine", "extensions", "status", "workers"]
    polled = [topic for topic in Topic if not topic.on_demand]
    assert all(desk.store.snapshot(topic).fetched_at == desk.time.clock() for topic in polled)


async def test_each_topic_is_asked_at_its_own_pace_and_status_with_the_list(desk: Desk) -> None:
    desk.poller.start()
    await desk.time.advance(60.5)
    assert [desk.asked(call) for call in ("workers", "status", "engine", "extensions")] == [13, 13, 7, 2]


async def test_status_has_its_own_pace_if_given_one() -> None:
    desk = Desk(every={Topic.WORKERS: 60.0, Topic.STATUS: 5.0})
    desk.poller.start()
    await desk.time.advance(20.5)
    assert (desk.asked("workers"), desk.asked("status")) == (1, 5)
    desk.poller.refresh(Topic.WORKERS)
    await desk.time.settle()
    assert (desk.asked("workers"), desk.asked("status")) == (1, 1)
    await desk.poller.aclose()


async def test_the_next_ask_waits_for_the_answer_of_the_last(desk: Desk) -> None:
    desk.service.held["engine"] = asyncio.Event()
    desk.poller.start()
    await desk.time.advance(100)
    assert desk.asked("engine") == 1
    desk.service.held["engine"].set()
    await desk.time.advance(9)
    assert desk.asked("engine") == 0
    await desk.time.advance(1.5)
    assert desk.asked("engine") == 1
    assert desk.store.snapshot(Topic.ENGINE).took == 0


async def test_jitter_spreads_the_asks_by_a_tenth() -> None:
    desk = Desk(every={Topic.ENGINE: 10.0})
    drawn: list[tuple[float, float]] = []

    def jitter(low: float, high: float) -> float:
        drawn.append((low, high))
        return high

    poller = Poller(
        desk.service,
        desk.store,
        {Topic.ENGINE: 10.0},
        clock=desk.time.clock,
        monotonic=desk.time.monotonic,
        sleep=desk.time.sleep,
        jitter=jitter,
    )
    poller.start()
    await desk.time.settle()
    assert drawn == [(0.9, 1.1)]
    assert desk.time.asked == [pytest.approx(11.0)]
    await poller.aclose()


async def test_failures_double_the_pause_up_to_fifteen_seconds_and_recovery_is_by_itself(
    desk: Desk,
) -> None:
    desk.service.failing["workers"] = down()
    poller = desk.poller
    poller.start()
    gaps: list[float] = []
    last = 0.0
    await desk.time.settle()
    desk.asked("workers")
    while len(gaps) < 4:
        await desk.time.advance(0.5)
        if desk.asked("workers"):
            gaps.append(desk.time.elapsed - last)
            last = desk.time.elapsed
    assert gaps == [5.0, 10.0, 15.0, 15.0]
    del desk.service.failing["workers"]
    await desk.time.advance(15)
    assert desk.store.snapshot(Topic.WORKERS).error is None
    desk.asked("workers")
    await desk.time.advance(5)
    assert desk.asked("workers") == 1


async def test_a_long_interval_is_tried_again_after_fifteen_seconds(desk: Desk) -> None:
    desk.service.failing["extensions"] = down()
    desk.poller.start()
    await desk.time.advance(15)
    assert desk.asked("extensions") == 2


async def test_the_server_says_when_to_come_back(desk: Desk) -> None:
    desk.service.failing["engine"] = Throttled(system=System.SUPEROFFICE, sentence="429", retry_after=90)
    desk.poller.start()
    await desk.time.advance(89)
    assert desk.asked("engine") == 1
    await desk.time.advance(2)
    assert desk.asked("engine") == 1


@pytest.mark.parametrize("wait", [0.0, 0.5])
async def test_a_server_that_says_at_once_is_asked_no_more_often_than_ever(
    desk: Desk, wait: float
) -> None:
    slow = Throttled(system=System.JTL, sentence="429", retry_after=wait)
    desk.service.failing["workers"] = slow
    desk.poller.start()
    await desk.time.advance(60)
    assert desk.asked("workers") <= 13


async def test_a_tenant_that_does_not_run_slows_its_own_polls_down_until_it_is_asked_for(
    desk: Desk,
) -> None:
    suspended = TenantUnavailable(system=System.SUPEROFFICE, sentence="suspended", retry_after=60)
    desk.service.failing |= {"engine": suspended, "connections": suspended}
    desk.poller.start()
    await desk.time.advance(179)
    assert (desk.asked("engine"), desk.asked("connections"), desk.asked("workers")) == (3, 3, 36)
    del desk.service.failing["engine"]
    desk.poller.refresh(Topic.ENGINE)
    await desk.time.settle()
    assert desk.store.snapshot(Topic.ENGINE).error is None
    desk.asked("engine")
    await desk.time.advance(30.5)
    assert desk.asked("engine") == 3


async def test_refresh_asks_at_once_while_backing_off(desk: Desk) -> None:
    desk.service.failing["workers"] = down()
    desk.poller.start()
    await desk.time.advance(16)
    desk.asked("workers")
    del desk.service.failing["workers"]
    desk.poller.refresh(Topic.WORKERS)
    await desk.time.settle()
    assert (desk.asked("workers"), desk.asked("status") > 0) == (1, True)
    assert desk.store.snapshot(Topic.WORKERS).error is None


async def test_refresh_without_a_topic_asks_for_everything(desk: Desk) -> None:
    desk.poller.start()
    await desk.time.settle()
    desk.service.calls.clear()
    desk.poller.refresh()
    await desk.time.settle()
    assert len(desk.service.calls) == 5


async def test_refresh_overtakes_an_ask_that_hangs(desk: Desk) -> None:
    held = asyncio.Event()
    desk.service.held["engine"] = held
    desk.poller.start()
    await desk.time.settle()
    del desk.service.held["engine"]
    desk.poller.refresh(Topic.ENGINE)
    await desk.time.settle()
    first = desk.store.snapshot(Topic.ENGINE)
    assert first.data is not None
    desk.service.failing["engine"] = down("too late")
    held.set()
    await desk.time.settle()
    assert desk.store.snapshot(Topic.ENGINE) == first


async def test_refreshing_again_and_again_neither_starves_nor_floods_a_slow_server(desk: Desk) -> None:
    held = asyncio.Event()
    desk.service.held["status"] = held
    desk.poller.start()
    await desk.time.settle()
    for _ in range(20):
        desk.poller.refresh(Topic.STATUS)
        await desk.time.settle()
    assert desk.service.at_once["status"] == 2
    held.set()
    await desk.time.settle()
    assert desk.store.snapshot(Topic.STATUS).data == (desk.service.status,)
    desk.asked("status")
    await desk.time.advance(5.5)
    assert desk.asked("status") == 1


async def test_paused_nothing_is_asked_but_on_refresh(desk: Desk) -> None:
    desk.poller.start()
    await desk.time.settle()
    desk.poller.pause(True)
    desk.service.calls.clear()
    await desk.time.advance(300)
    assert desk.service.calls == []
    desk.poller.refresh(Topic.ENGINE)
    await desk.time.advance(300)
    assert desk.service.calls == ["engine"]
    assert desk.poller.paused
    desk.poller.pause(False)
    await desk.time.settle()
    assert len(desk.service.calls) == 6
    await desk.time.advance(5.5)
    assert desk.asked("workers") == 2


async def test_what_is_in_flight_when_paused_is_still_heard(desk: Desk) -> None:
    held = asyncio.Event()
    desk.service.held["engine"] = held
    desk.poller.start()
    await desk.time.settle()
    desk.poller.pause(True)
    held.set()
    await desk.time.advance(60)
    assert desk.store.snapshot(Topic.ENGINE).data == desk.service.engine
    assert desk.asked("engine") == 1


async def test_hidden_topics_slow_down_and_catch_up_when_shown(desk: Desk) -> None:
    desk.poller.start()
    await desk.time.settle()
    desk.poller.show(frozenset({Topic.ENGINE}))
    await desk.time.advance(5.5)
    desk.service.calls.clear()
    await desk.time.advance(80)
    assert (desk.asked("workers"), desk.asked("status"), desk.asked("engine")) == (4, 4, 8)
    assert desk.poller.every(Topic.WORKERS) == 20
    assert desk.poller.every(Topic.EXTENSIONS) == 60
    await desk.time.advance(10)
    desk.service.calls.clear()
    desk.poller.show(frozenset({Topic.ENGINE, Topic.WORKERS}))
    await desk.time.settle()
    assert (desk.asked("workers"), desk.asked("status"), desk.asked("engine")) == (1, 1, 0)


async def test_what_has_just_come_on_screen_is_not_late_before_it_was_asked_again(desk: Desk) -> None:
    desk.poller.start()
    desk.poller.show(frozenset({Topic.ENGINE}))
    await desk.time.advance(35)
    desk.poller.show(frozenset({Topic.ENGINE, Topic.WORKERS}))
    assert (desk.poller.every(Topic.WORKERS), desk.poller.pace(Topic.WORKERS)) == (5, 20)
    await desk.time.settle()
    assert desk.poller.pace(Topic.WORKERS) == 5


async def test_an_absent_system_is_never_asked() -> None:
    desk = Desk(absent=frozenset({Topic.ENGINE, Topic.CONNECTIONS}))
    desk.poller.start()
    desk.poller.refresh(Topic.ENGINE)
    await desk.time.advance(60)
    assert not {"engine", "connections"} & set(desk.service.calls)
    assert desk.poller.every(Topic.ENGINE) == 0
    await desk.poller.aclose()


@pytest.mark.parametrize(
    "fault", [ValueError("secret text"), RecursionError(), asyncio.CancelledError()]
)
async def test_no_fault_of_ours_ends_polling(desk: Desk, fault: BaseException) -> None:
    desk.service.failing["workers"] = fault
    desk.poller.start()
    await desk.time.settle()
    error = desk.store.snapshot(Topic.WORKERS).error
    assert isinstance(error, BadAnswer)
    assert "workers" in error.sentence
    assert "secret text" not in error.sentence
    del desk.service.failing["workers"]
    await desk.time.advance(6)
    assert desk.store.snapshot(Topic.WORKERS).error is None


async def test_a_subscriber_that_fails_does_not_end_polling(desk: Desk) -> None:
    heard: list[str] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda loop, context: heard.append(context["message"])
    )

    def fails(topic: Topic) -> None:
        raise RuntimeError(topic)

    desk.store.subscribe(fails)
    desk.poller.start()
    await desk.time.advance(60)
    assert desk.asked("workers") >= 4
    assert heard


def pages(sizes: list[int]) -> list[ExtensionPage]:
    rows = iter(range(10_000))
    return [
        ExtensionPage(
            tuple(Extension(str(next(rows))) for _ in range(size)), n, sum(sizes), n == len(sizes)
        )
        for n, size in enumerate(sizes, 1)
    ]


async def test_extensions_stream_in_and_then_are_complete(desk: Desk) -> None:
    desk.service.pages = pages([100] * 10)
    seen: list[tuple[int, bool]] = []
    snapshot = desk.store.snapshot

    def look(topic: Topic) -> None:
        if topic is Topic.EXTENSIONS:
            known = snapshot(Topic.EXTENSIONS)
            seen.append((len(known.data or ()), known.complete))

    desk.store.subscribe(look)
    desk.poller.start()
    await desk.time.settle()
    assert seen[0] == (100, False)
    assert seen[-1] == (1_000, True)
    assert len(seen) < 8
    assert [size for size, _ in seen] == sorted(size for size, _ in seen)


async def test_an_empty_list_is_an_answer(desk: Desk) -> None:
    desk.service.pages = []
    desk.poller.start()
    await desk.time.settle()
    snapshot = desk.store.snapshot(Topic.EXTENSIONS)
    assert (snapshot.data, snapshot.complete) == ((), True)


async def test_closing_never_waits_for_a_connection(desk: Desk) -> None:
    released = asyncio.Event()

    async def clings() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await released.wait()

    desk.service._called = lambda call: clings()  # type: ignore[method-assign] # a connection that clings
    desk.poller.start()
    await desk.time.settle()
    closing = asyncio.create_task(desk.poller.aclose())
    await asyncio.wait({closing}, timeout=5)
    assert closing.done()
    released.set()


async def test_closed_before_it_started_is_fine() -> None:
    desk = Desk()
    await desk.poller.aclose()
    assert desk.service.calls == []


async def test_a_list_of_many_pages_is_asked_for_less_often() -> None:
    desk = Desk(every={Topic.EXTENSIONS: 60.0})
    rows = [Extension(f"e{number}") for number in range(200)]
    desk.service.pages = [
        ExtensionPage((row,), number, len(rows), number == len(rows))
        for number, row in enumerate(rows, 1)
    ]
    desk.poller.start()
    await desk.time.advance(399)
    assert desk.asked("extensions") == 200
    await desk.time.advance(2)
    assert desk.asked("extensions") == 200
    await desk.poller.aclose()


async def test_a_list_of_many_pages_that_fails_at_its_end_is_not_asked_for_at_once() -> None:
    class Endless(ScriptedService):
        async def extensions(self) -> AsyncIterator[ExtensionPage]:
            async for page in super().extensions():
                yield page
            raise BadAnswer(system=System.JTL, sentence="it does not end")

    desk = Desk(every={Topic.EXTENSIONS: 60.0}, service=Endless())
    desk.service.pages = pages([1] * 200)
    desk.poller.start()
    await desk.time.advance(399)
    assert desk.asked("extensions") == 200
    await desk.time.advance(2)
    assert desk.asked("extensions") == 200
    await desk.poller.aclose()


# A key that is held down.


async def test_d6_a_refresh_held_down_has_one_request_in_flight_and_one_after_it(desk: Desk) -> None:
    desk.poller.start()
    await desk.time.settle()
    desk.service.calls.clear()
    desk.service.held["engine"] = asyncio.Event()
    for _ in range(40):
        desk.poller.ask_again()
        await desk.time.advance(0.03)
        assert desk.service.at_once["engine"] <= 1
    assert desk.asked("engine") == 1
    assert desk.asked("workers") == desk.asked("connections") == 3
    desk.service.held["engine"].set()
    await desk.time.advance(0.6)
    assert desk.asked("engine") == 1
    await desk.time.advance(4)
    assert (desk.asked("engine"), desk.asked("workers")) == (0, 1)


async def test_d6_the_first_press_asks_at_once_and_the_last_one_is_not_lost(desk: Desk) -> None:
    desk.poller.start()
    await desk.time.settle()
    desk.service.calls.clear()
    desk.poller.ask_again(Topic.ENGINE)
    await desk.time.settle()
    assert desk.asked("engine") == 1
    await desk.time.advance(0.2)
    desk.poller.ask_again(Topic.ENGINE)
    await desk.time.advance(0.29)
    assert desk.asked("engine") == 0
    await desk.time.advance(0.02)
    assert desk.asked("engine") == 1
    await desk.time.advance(9.9)
    assert desk.asked("engine") == 0
    assert sorted(set(desk.service.calls)) == ["status", "workers"]


async def test_d6_a_press_while_an_answer_is_under_way_asks_after_it_what_is_so_then(desk: Desk) -> None:
    desk.poller.start()
    await desk.time.advance(9.5)
    gate = desk.service.held["engine"] = asyncio.Event()
    await desk.time.advance(1)
    desk.asked("engine")
    desk.poller.ask_again(Topic.ENGINE)
    desk.poller.pause(True)
    gate.set()
    await desk.time.advance(0)
    assert desk.asked("engine") == 1
    await desk.time.advance(60)
    assert desk.asked("engine") == 0


@pytest.mark.parametrize(("waited", "asked"), [(1.9, 0), (2.0, 1)])
async def test_d6_a_press_overtakes_an_ask_that_hangs(desk: Desk, waited: float, asked: int) -> None:
    desk.service.held["engine"] = asyncio.Event()
    desk.poller.start()
    await desk.time.advance(waited)
    desk.asked("engine")
    desk.poller.ask_again()
    await desk.time.settle()
    assert desk.asked("engine") == asked


async def test_d6_one_press_overtakes_an_ask_that_hangs_once_it_is_old(desk: Desk) -> None:
    desk.service.held["engine"] = asyncio.Event()
    desk.poller.start()
    await desk.time.advance(0.5)
    desk.asked("engine")
    desk.poller.ask_again(Topic.ENGINE)
    desk.poller.ask_again(Topic.ENGINE)
    await desk.time.advance(1.4)
    assert desk.asked("engine") == 0
    await desk.time.advance(0.2)
    assert desk.asked("engine") == 1


async def test_d6_a_planned_ask_is_kept_when_its_screen_appears_and_not_through_a_pause(
    desk: Desk,
) -> None:
    desk.poller.start()
    desk.poller.show(frozenset({Topic.WORKERS}))
    await desk.time.advance(1)
    for _ in range(2):
        desk.poller.ask_again(Topic.ENGINE)
        await desk.time.settle()
    desk.asked("engine")
    desk.poller.show(frozenset({Topic.ENGINE}))
    await desk.time.advance(0.5)
    assert desk.asked("engine") == 1
    desk.poller.ask_again(Topic.ENGINE)
    desk.poller.pause(True)
    desk.poller.ask_again(Topic.ENGINE)
    await desk.time.advance(1)
    assert desk.asked("engine") == 1


async def test_d6_what_is_not_polled_is_not_asked_by_key() -> None:
    desk = Desk(absent=frozenset({Topic.ENGINE}), every={Topic.WORKERS: 5.0})
    desk.poller.ask_again(Topic.WORKERS, Topic.ENGINE)
    await desk.time.settle()
    assert sorted(desk.service.calls) == ["status", "workers"]
    await desk.poller.aclose()


async def test_d6_a_press_that_overtakes_is_not_followed_by_one_that_was_noted(desk: Desk) -> None:
    desk.service.held["engine"] = asyncio.Event()
    desk.poller.start()
    await desk.time.advance(1)
    desk.poller.ask_again(Topic.ENGINE)
    await desk.time.advance(5)
    del desk.service.held["engine"]
    desk.poller.ask_again(Topic.ENGINE)
    await desk.time.settle()
    assert desk.asked("engine") == 3  # at the start, when that hung, and by the key
    await desk.time.advance(9)
    assert desk.asked("engine") == 0


async def test_d6_an_ask_that_was_overtaken_does_not_take_the_next_ones_turn(desk: Desk) -> None:
    first = desk.service.held["engine"] = asyncio.Event()
    desk.poller.start()
    await desk.time.advance(5)
    second = desk.service.held["engine"] = asyncio.Event()
    desk.poller.ask_again(Topic.ENGINE)
    await desk.time.settle()
    desk.poller.ask_again(Topic.ENGINE)
    assert desk.asked("engine") == 2
    first.set()
    await desk.time.advance(1)
    assert (desk.asked("engine"), desk.service.at_once["engine"]) == (0, 1)
    second.set()
    await desk.time.advance(0)
    assert desk.asked("engine") == 1


async def test_d6_the_ask_that_follows_waits_its_half_second(desk: Desk) -> None:
    desk.poller.start()
    await desk.time.settle()
    gate = desk.service.held["engine"] = asyncio.Event()
    desk.poller.ask_again(Topic.ENGINE)
    await desk.time.settle()
    desk.poller.ask_again(Topic.ENGINE)
    desk.asked("engine")
    await desk.time.advance(0.1)
    gate.set()
    await desk.time.advance(0.39)
    assert desk.asked("engine") == 0
    await desk.time.advance(0.02)
    assert desk.asked("engine") == 1


async def test_d6_a_key_held_down_does_not_put_off_the_ask_that_follows(desk: Desk) -> None:
    desk.poller.start()
    await desk.time.settle()
    gate = desk.service.held["engine"] = asyncio.Event()
    desk.poller.ask_again(Topic.ENGINE)
    await desk.time.settle()
    desk.poller.ask_again(Topic.ENGINE)
    desk.asked("engine")
    gate.set()
    await desk.time.settle()
    for _ in range(5):
        desk.poller.ask_again(Topic.ENGINE)
        await desk.time.advance(0.11)
    assert desk.asked("engine") == 1
