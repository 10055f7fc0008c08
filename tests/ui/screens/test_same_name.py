"""Two syncs of one name are told apart wherever one of them is named."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.drivers.answering import AnsweringServer, identifier, status, sync
from tests.drivers.console import Console, launch_for, started

LONG = "Temu Laden mit einem sehr langen Namen in der Filiale Nord"


@asynccontextmanager
async def two_of_one_name(channel: str = "Temu Laden") -> AsyncIterator[Console]:
    syncs = [
        sync(1, SalesChannelName=channel),
        sync(2, SalesChannelName=channel, SalesChannelId="2-2-1"),
        sync(3, SalesChannelName="Anderer"),
    ]
    statuses = [status(1, -120, 180), status(2, -120, 180, State=4), status(3, -120, 180)]
    with AnsweringServer(syncs, statuses) as server:
        async with started(launch_for(server.configured())) as deck:
            await deck.until(lambda: deck.chip() == "live", "live data")
            yield deck


@pytest.mark.parametrize("channel", ["Temu Laden", LONG])
async def test_t7_the_channel_id_is_shown_wherever_a_name_is_not_unique(channel: str) -> None:
    async with two_of_one_name(channel) as deck:
        assert [("2-2-1" in row, "1-1-1" in row) for row in deck.rows()] == [
            (True, False),
            (False, False),
            (False, True),
        ]
        assert "1-1-3" not in deck.text()
        await deck.workers.focus("2-2-1")
        await deck.press("y")
        await deck.press("enter")
        await deck.opens("2-2-1 · Shop · Temu Laden")
        await deck.press("escape", "e")
        await deck.opens("Configure 2-2-1")
        await deck.press("escape")
        await deck.opens("")
        await deck.press("R")
        await deck.opens("Restart sync · 2-2-1")
        await deck.press("escape")
        await deck.opens("")
        await deck.press("asterisk", "R")
        await deck.opens("3 syncs")
        said = await deck.read()
        assert "2-2-1 · Shop" in said
        assert "1-1-1 · Shop" in said


async def test_t7_activity_names_which_of_the_two_it_was() -> None:
    async with two_of_one_name() as deck:
        await deck.workers.focus("2-2-1")
        await deck.press("s")
        await deck.opens("Start sync · 2-2-1")
        await deck.press("a")
        await deck.press("escape")
        await deck.activity.show()
        await deck.sees("2-2-1")


@pytest.mark.parametrize("ids", [("", ""), ("1-1-1", "1-1-1"), ("", "2-2-1")])
async def test_t7_without_channel_ids_the_identifier_tells_them_apart(ids: tuple[str, str]) -> None:
    first, second = (
        sync(number, SalesChannelName="Temu", SalesChannelId=known)
        for number, known in zip((1, 2), ids, strict=True)
    )
    with AnsweringServer([first, second], [status(1, -60), status(2, -60)]) as server:
        async with started(launch_for(server.configured())) as deck:
            await deck.until(lambda: deck.chip() == "live", "live data")
            for number, row in zip((1, 2), deck.rows(), strict=True):
                assert f"…{identifier(number)[-8:]}" in row
