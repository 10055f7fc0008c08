"""What is asked for one thing at a time: only what is wanted and due, a few at once, each for itself."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.drivers.fake_time import START, FakeTime
from tests.drivers.scripted_service import ScriptedService, down
from tui.domain.superoffice.engine import Connection
from tui.store.connection_details import ConnectionsBook
from tui.store.on_demand import Asking, OnDemandValues
from tui.store.snapshot import Topic
from tui.store.store import Store


class Asked:
    """One question, with an answerer in the test's hands."""

    def __init__(self, every: float = 60.0) -> None:
        self.time = FakeTime()
        self.asked: list[int] = []
        self.told = 0
        self.most = self.in_flight = 0
        self.says: dict[int, object] = {}
        asking = Asking(self._tell, self.time.clock, self.time.monotonic, asyncio.Semaphore(4))
        self.answers: OnDemandValues[int, str] = OnDemandValues(self._ask, asking, every)

    def _tell(self) -> None:
        self.told += 1

    async def _ask(self, key: int) -> str:
        self.asked.append(key)
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        await asyncio.sleep(0)
        self.in_flight -= 1
        said = self.says.get(key, f"answer {key}")
        if isinstance(said, Exception):
            raise said
        return str(said)

    async def heard(self) -> None:
        """Until all that was asked is answered."""
        for _ in range(4):
            await self.time.settle()


async def test_what_is_wanted_is_asked_once_until_it_is_due() -> None:
    asked = Asked()
    asked.answers.want([1, 2])
    asked.answers.want([1, 2])
    await asked.heard()
    asked.answers.want([1, 2])
    await asked.heard()
    assert asked.asked == [1, 2]
    assert asked.answers.of(1).data == "answer 1"
    await asked.time.advance(61)
    asked.answers.want([1])
    await asked.heard()
    assert asked.asked == [1, 2, 1]


async def test_who_asks_while_an_older_ask_is_under_way_gets_an_answer_of_his_own() -> None:
    asked = Asked()
    asked.answers.want([1])
    await asyncio.sleep(0)
    asked.answers.ask([1])
    await asked.heard()
    assert asked.asked == [1, 1]
    assert not asked.answers.of(1).asking


async def test_who_asks_in_the_moment_of_an_answer_is_answered_too() -> None:
    asked = Asked()
    again = [1]

    def told() -> None:
        if again:
            asked.answers.ask([again.pop()])

    asked.answers._asking = replace(asked.answers._asking, notify=told)
    asked.answers.want([1])
    await asked.heard()
    assert asked.asked == [1, 1]
    assert not asked.answers.of(1).asking


async def test_a_few_are_asked_at_once() -> None:
    asked = Asked()
    asked.answers.want(range(40))
    await asked.heard()
    assert len(asked.asked) == 40
    assert asked.most == 4


async def test_the_same_answer_again_is_told_to_nobody() -> None:
    asked = Asked()
    asked.answers.want([1])
    await asked.heard()
    told = asked.told
    await asked.time.advance(61)
    asked.answers.want([1])
    await asked.heard()
    assert asked.told == told


@pytest.mark.parametrize("failure", [down("the line is cut"), RuntimeError("a fault of ours")])
async def test_a_failure_keeps_the_older_answer_and_spoils_no_other(failure: Exception) -> None:
    asked = Asked()
    asked.answers.want([1, 2])
    await asked.heard()
    asked.says[1] = failure
    await asked.time.advance(61)
    asked.answers.want([1, 2])
    await asked.heard()
    failed = asked.answers.of(1)
    assert failed.data == "answer 1"
    assert failed.error is not None
    assert failed.failed_at == START + timedelta(seconds=61)
    assert asked.answers.of(2).error is None
    asked.says[1] = "well again"
    await asked.time.advance(29)
    asked.answers.want([1])
    await asked.heard()
    assert asked.answers.of(1).error is not None
    await asked.time.advance(2)
    asked.answers.want([1])
    await asked.heard()
    assert (asked.answers.of(1).data, asked.answers.of(1).error) == ("well again", None)


async def test_what_an_operator_asks_for_is_shown_as_asked_and_asked_again_at_once() -> None:
    asked = Asked(every=0)
    asked.answers.ask([1])
    assert asked.answers.of(1).asking
    await asked.heard()
    assert not asked.answers.of(1).asking
    told = asked.told
    asked.answers.ask([1])
    await asked.heard()
    assert asked.asked == [1, 1]
    assert asked.told == told + 2


async def test_how_long_one_is_seen_inactive_is_since_the_first_answer_of_a_row() -> None:
    time, store, now = FakeTime(), Store(), [0.0]
    book = ConnectionsBook(
        ScriptedService(),
        store,
        60.0,
        clock=time.clock,
        monotonic=time.monotonic,
        elapsed=lambda: now[0],
    )

    def listed(minute: int, *connections: Connection) -> None:
        now[0] = 60.0 * minute
        store.succeed(Topic.CONNECTIONS, minute, connections, at=time.clock(), took=0.0)

    off = Connection(3, "Main", active=False)
    listed(1, off, Connection(4, active=True), Connection(5, active=False, deleted=True))
    assert [book.inactive_for(key) for key in (3, 4, 5)] == [0.0, None, None]
    listed(2, off, Connection(4, active=False))
    assert [book.inactive_for(key) for key in (3, 4)] == [60.0, 0.0]
    listed(3, Connection(3, "Main", active=True))
    assert book.inactive_for(3) is None
    listed(4, off)
    assert book.inactive_for(3) == 0.0


async def test_d6_a_key_that_is_held_down_asks_one_at_a_time_and_the_last_press_counts() -> None:
    asked = Asked()
    asked.answers._asking = replace(asked.answers._asking, sleep=asked.time.sleep)
    asked.answers.ask_again([1])
    await asked.heard()
    assert asked.asked == [1]
    for _ in range(5):
        asked.answers.ask_again([1])
        await asked.time.advance(0.09)
    assert asked.asked == [1]
    await asked.time.advance(0.06)
    assert asked.asked == [1, 1]
    await asked.time.advance(30)
    assert asked.asked == [1, 1]
    asked.answers.ask_again([1, 2])
    asked.answers.ask_again([1])
    await asked.time.advance(0.4)
    assert asked.asked[2:] == [1, 2]
    await asked.time.advance(0.2)
    assert asked.asked[2:] == [1, 2, 1]
    assert asked.most == 2


async def test_d6_a_test_that_was_asked_for_does_not_wait_for_a_held_key() -> None:
    asked = Asked()
    asked.answers.ask([1])
    await asyncio.sleep(0)
    asked.answers.ask([1])
    await asked.heard()
    assert asked.asked == [1, 1]
