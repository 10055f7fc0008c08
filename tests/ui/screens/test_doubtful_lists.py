"""Lists whose content cannot be believed or says nothing: they say so instead of looking well."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from tests.drivers.answering import AnsweringServer, status, sync
from tests.drivers.console import Console, console, launch_for, started
from tests.drivers.simulator import RunningSimulator

HOUR = 3_600


@asynccontextmanager
async def shown(
    syncs: Any, statuses: Any, ahead: timedelta = timedelta(), size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Console]:
    with AnsweringServer(syncs, statuses) as server:
        server.ahead = ahead
        async with started(launch_for(server.configured()), size=size) as deck:
            await deck.until(lambda: deck.chip() == "live", "live data")
            yield deck


async def test_t5_times_ahead_of_the_server_are_said_and_need_attention() -> None:
    statuses = [status(1, HOUR - 60, HOUR + 240), status(2, HOUR - 3_000, HOUR - 2_700)]
    async with shown([sync(1), sync(2)], statuses) as deck:
        await deck.sees(
            "times are 5", "m ahead of the server's clock: zone? Overdue is not judged for 2"
        )
        assert all("! time ahead" in row for row in deck.rows())
        assert deck.said("status") == "2 syncs · 2 need attention"
        assert "in 9m" not in deck.text()


async def test_t5_a_single_future_status_leaves_the_others_as_they_are() -> None:
    statuses = [status(1, 1_800), status(2, -60, 240), status(3, -1_800, -1_500)]
    async with shown([sync(1), sync(2), sync(3)], statuses) as deck:
        assert sorted(row.split()[1] for row in deck.rows()) == ["ok", "overdue", "time"]
        await deck.sees("Overdue is not judged for 1 sync")


async def test_t5_a_time_without_an_offset_is_not_taken_for_any_zone() -> None:
    local = "2026-11-29T17:05:00"
    async with shown([sync(1), sync(2)], [status(1, local, local), status(2, -60, 240)]) as deck:
        late, fine = deck.rows()
        assert " no zone " in late
        assert " ok " in fine
        await deck.sees("times without an offset: overdue is not judged for 1 sync")
        await deck.press("g", "enter")
        await deck.opens("Laden 1")
        assert f"{local} (tenant time, no offset given)" in await deck.read()


async def test_t5_all_times_behind_by_whole_hours_may_be_a_zone() -> None:
    statuses = [status(1, -2 * HOUR - 60), status(2, -2 * HOUR - 200), status(3, -2 * HOUR - 10)]
    async with shown([sync(1), sync(2), sync(3)], statuses) as deck:
        await deck.sees("all times are about 2h behind: zone? Or no sync has run since")
        assert deck.said("status") == "3 syncs · 3 need attention"


async def test_t5_syncs_that_are_late_by_different_times_are_simply_late() -> None:
    statuses = [status(1, -2 * HOUR - 60), status(2, -5 * HOUR), status(3, -60)]
    async with shown([sync(1), sync(2), sync(3)], statuses) as deck:
        assert "zone" not in deck.text()
        assert deck.said("status") == "3 syncs · 2 need attention"


@pytest.mark.parametrize("minutes", [-25, 25])
async def test_t5_a_server_whose_own_clock_is_off_dates_its_syncs_rightly(minutes: int) -> None:
    ahead = timedelta(minutes=minutes)
    off = ahead.total_seconds()
    async with shown([sync(1)], [status(1, off - 60, off + 240)], ahead) as deck:
        assert "✔ ok" in deck.rows()[0]
        assert "1m ago" in deck.rows()[0]
        assert "attention" not in deck.said("status")


async def test_t5_year_1_is_never_and_no_time_ahead() -> None:
    never = "0001-01-01T00:00:00+00:00"
    async with shown([sync(1)], [status(1, never, never)]) as deck:
        assert "never" in deck.rows()[0]
        assert "zone" not in deck.text()


@pytest.mark.parametrize("size", [(80, 24), (60, 15)])
async def test_t6_an_empty_list_says_what_it_can_mean_and_needs_attention(
    size: tuple[int, int],
) -> None:
    async with shown([], [], size=size) as deck:
        await deck.sees(
            "no sync was reported: a scope may be missing, it may be another mandant or database, or the"
            " worker was never set up"
        )
        assert deck.said("status") == "0 syncs · 1 needs attention"
        await deck.press("R")
        assert deck.heading() == ""
        await deck.press("2")
        await deck.sees("No extensions are registered.")
        assert deck.said("status") == "0 extensions"


async def test_t6_statuses_without_any_sync_are_no_list_of_syncs() -> None:
    async with shown([], [status(1, -60)]) as deck:
        await deck.sees("no sync was reported")
        assert "needs attention" in deck.said("status")


async def test_t6_syncs_without_a_status_are_said_one_by_one() -> None:
    async with shown([sync(1), sync(2)], [status(2, -60)]) as deck:
        assert ["no status reported" in row for row in deck.rows()] == [True, False]
        assert deck.said("status") == "2 syncs · 1 needs attention"


async def test_t6_no_connection_at_all_needs_attention(erp: RunningSimulator) -> None:
    erp.world.so.connections.clear()
    async with console(erp) as deck:
        await deck.press("4")
        await deck.sees("no connection was reported")
        assert "0 connections · 1 needs attention" in deck.said("status")
