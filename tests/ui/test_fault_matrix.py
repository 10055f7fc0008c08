"""Failures on every topic, over real HTTP: what is known stays, dimmed and dated, with the cause and the
next step in words; nothing pops up, and one good answer makes it live again."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.api.http.test_failure_words import WORDS
from tests.drivers.console import Console, console, wall_clock
from tests.drivers.simulator import RunningSimulator

TOPICS = {
    "workers": ("1", r"GET .*/workers$"),
    "status": ("1", r"GET .*/workers/status$"),
    "extensions": ("2", r"GET .*/extensions$"),
    "engine": ("3", r"GetEngineStatus$"),
    "connections": ("4", r"GetAllConnections$"),
}
KINDS = ("status:401", "status:429,600", "status:503,600", "html", "message:no such thing", "reset")
"""Of failures: what each says is proven in `tests/api/http/test_failure_words.py`."""


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True, extensions=5) as running:
        yield running


async def lives(deck: Console) -> list[str]:
    await deck.refresh()
    await deck.until(lambda: deck.chip() == "live", "live chip")
    assert deck.said("trouble") == ""
    assert not deck.is_dimmed()
    return deck.rows()


async def fails(deck: Console, topic: str, words: str) -> None:
    """The screen says so, and keeps what it had."""
    await deck.refresh()
    await deck.until(lambda: deck.chip().startswith("stale"), f"stale chip for {words}")
    said = deck.said("trouble")
    assert said.startswith(f"{topic}: ")
    assert any(word in said for word in words.split("|")), said
    cause, step, last = said.removeprefix(f"{topic}: ").rsplit(" · ", 2)
    assert cause
    assert step[0].isupper(), said
    assert last.startswith("last response ")
    assert deck.is_dimmed()
    assert deck.heading() == ""


@pytest.mark.parametrize("topic", TOPICS)
async def test_a_failure_keeps_the_data_and_tells_why(erp: RunningSimulator, topic: str) -> None:
    key, path = TOPICS[topic]
    async with console(erp, refresh=dict.fromkeys(("workers", "engine"), 60)) as deck:
        await deck.press(key)
        before = await lives(deck)
        for kind in KINDS[list(TOPICS).index(topic) % 2 :: 2]:
            erp.fault(f"{path}={kind}")
            await fails(deck, topic, WORDS[kind])
            if topic == "engine":
                assert deck.said("engine") == "engine ? was running"
            else:
                assert deck.rows() == before
            erp.clear_faults()
            assert topic == "engine" or await lives(deck) == before, kind


@pytest.mark.parametrize("topic", TOPICS)
async def test_a_server_that_hangs_is_told_by_the_age_of_the_data(
    erp: RunningSimulator, topic: str
) -> None:
    ahead = timedelta(0)
    key, path = TOPICS[topic]
    async with console(erp, clock=lambda: wall_clock() + ahead) as deck:
        await deck.press(key)
        await lives(deck)
        erp.fault(f"{path}=hang")
        await deck.press("r")
        ahead = timedelta(minutes=10)
        await deck.until(lambda: deck.chip().startswith("no response for"), "no response")
        await deck.until(lambda: ": no response since" in deck.said("trouble"), "the hang")
        assert "r polls again at once" in deck.said("trouble")
        assert deck.is_dimmed()
        erp.clear_faults()
        ahead = timedelta(0)
        await lives(deck)
