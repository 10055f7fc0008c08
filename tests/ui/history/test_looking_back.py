"""Stories of looking back: what each screen shows of the time, and of now once it is left."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tests.ui.history.past import OK, Past, error, give, sync_of, typed_time
from tests.ui.history.test_history_keys import a_night
from tui.domain.health.rules import Level
from tui.domain.history.records import Cause, Change, State, Subject, SubjectKind
from tui.ui.screens.activity.screen import LOCAL


async def recorded(deck: Console) -> Past:
    """Ten hours in which one sync breaks, 365 min ago."""
    past = Past(datetime.now(UTC)).polled(600)
    temu = sync_of(deck, "Temu DE")
    for channel in ("Temu DE", "Otto Market", "Hauptshop"):
        past.was(sync_of(deck, channel), 600, OK, Cause.KEYFRAME)
    past.was(temu, 365, error("401 from marketplace"))
    await give(deck, past.records)
    return past


def states(deck: Console) -> list[str]:
    return [row.split()[1] for row in deck.rows()]


async def look_back(deck: Console, to: str) -> None:
    await typed_time(deck, to)
    await deck.opens("")


async def test_a_hidden_screen_shows_now_again_after_the_return(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await recorded(deck)
        await deck.until(lambda: any(" 6h " in row for row in deck.rows()), "since when")
        before = states(deck)
        await look_back(deck, "5h")
        await deck.sees("LOOKING AT")
        await deck.press("3", "B")
        await deck.loses("LOOKING AT")
        await deck.workers.show()
        assert "ahead" not in deck.text()
        assert states(deck) == before


async def test_a_hidden_screen_shows_the_time_that_was_chosen_on_another(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await recorded(deck)
        await deck.press("3")
        await look_back(deck, "7h")
        await deck.sees("LOOKING AT")
        await deck.workers.show()
        assert len(deck.rows()) == 3
        assert not any("error" in row for row in deck.rows())
        deck.app.tab_screens["workers"].minute_passed()
        await deck.press("3", "escape")
        await deck.loses("LOOKING AT")
        await deck.workers.show()
        assert "ahead" not in deck.text()


async def test_a_change_whose_time_cannot_be_read_is_said_and_the_time_stays(
    erp: RunningSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with console(erp) as deck:
        past = await recorded(deck)
        await look_back(deck, "5h")
        await deck.sees("LOOKING AT")
        assert deck.app.session.history is not None
        reader = deck.app.session.history.history.reader
        states_at = reader.states_at

        def unreadable(at: datetime) -> Mapping[Subject, Change]:
            if at == past.at(365):
                raise OSError("disk gone")
            return states_at(at)

        monkeypatch.setattr(reader, "states_at", unreadable)
        await deck.press("left_square_bracket")
        await deck.sees("the history cannot be read: disk gone")
        assert "5h ago" in deck.text()
        assert deck.app.survived == []


async def test_before_the_recording_began_nothing_is_shown_and_it_is_said_since_when(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        past = await recorded(deck)
        await look_back(deck, "20h")
        await deck.sees("LOOKING AT", "nothing was recorded yet")
        began = f"Nothing was recorded then: the recording began at {past.at(600):%H:%M}"
        assert began in deck.said("trouble")
        assert deck.rows() == []
        assert "nothing recorded then" in deck.said("status")
        assert deck.chip() == "not recorded"
        for key in "24":
            await deck.press(key)
            assert deck.rows() == []
        await deck.press("escape")
        await deck.loses("LOOKING AT")
        await deck.workers.show()
        assert len(deck.rows()) > 3
        await deck.connections.show()


async def test_within_a_minute_the_time_says_its_seconds(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        past = await recorded(deck)
        await look_back(deck, f"{past.at(366):%Y-%m-%dT%H:%MZ}")
        await deck.sees(f"LOOKING AT {past.at(366):%H:%M} ·")
        await deck.press("e")
        # A full minute has none.
        await deck.sees(f"LOOKING AT {past.at(365):%H:%M:%S}".removesuffix(":00"))


async def test_a_gap_has_both_its_ends_and_nothing_is_judged_in_it(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        past = Past(datetime.now(UTC)).polled(600, 480).polled(420)
        shop = sync_of(deck, "Hauptshop")
        past.was(shop, 600, OK, Cause.KEYFRAME)
        past.was(shop, 481, replace(OK, status_at=past.at(481)), Cause.STATUS_MOVED)
        past.was(shop, 420, replace(OK, status_at=past.at(422)), Cause.STATUS_MOVED)
        await give(deck, past.records)
        for minutes in (479, 450, 421):
            await look_back(deck, f"{past.at(minutes):%Y-%m-%dT%H:%M:%SZ}")
            await deck.sees(f"LOOKING AT {past.at(minutes):%H:%M}")
            said = f"Not seen from {past.at(480):%H:%M} to {past.at(420):%H:%M}"
            assert said in deck.said("trouble")
            assert states(deck) == ["ok"]
            await deck.press("escape")
            await deck.loses("LOOKING AT")
        await look_back(deck, f"{past.at(418):%Y-%m-%dT%H:%M:%SZ}")
        await deck.sees(f"LOOKING AT {past.at(418):%H:%M}")
        assert deck.said("trouble") == ""
        assert states(deck) == ["ok"]


async def test_a_time_that_has_not_passed_returns_to_now(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await recorded(deck)
        for typed in ("now", "2099-01-01T00:00Z"):
            await look_back(deck, "5h")
            await deck.sees("LOOKING AT")
            await deck.press("t")
            await deck.opens("Look back")
            await deck.press("ctrl+u")
            await deck.type(typed)
            await deck.press("enter")
            await deck.loses("LOOKING AT")
            assert deck.chip() == "live"


def tabs(deck: Console) -> str:
    return deck.lines()[1]


async def test_tabs_count_what_needed_attention_at_the_time(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await recorded(deck)
        now = tabs(deck)
        assert "Workers ✖1 !2" in now
        await look_back(deck, "7h")
        await deck.sees("LOOKING AT")
        assert "1 Workers  2" in tabs(deck)
        await look_back_further(deck, "5h")
        assert "1 Workers ✖1  2" in tabs(deck)
        await look_back_further(deck, "20h")
        assert "1 Workers  2" in tabs(deck)
        await deck.press("B")
        await deck.loses("LOOKING AT")
        assert tabs(deck) == now


async def look_back_further(deck: Console, to: str) -> None:
    await deck.press("t")
    await deck.opens("Look back")
    await deck.press("ctrl+u")
    await deck.type(to)
    await deck.press("enter")
    await deck.sees(f"· {to} ago")


async def test_an_interval_is_said_once_where_only_its_seconds_are_recorded(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await recorded(deck)
        await deck.workers.focus("Hauptshop")
        await deck.press("enter")
        await deck.opens("Hauptshop")
        assert "5m (00:05:00)" in await deck.read()
        await deck.press("escape")
        await deck.opens("")
        await look_back(deck, "5h")
        await deck.sees("LOOKING AT")
        await deck.workers.focus("Hauptshop")
        await deck.press("enter")
        await deck.opens("Hauptshop")
        said = await deck.read()
        assert "5m" in said
        assert "(5m)" not in said


async def test_what_is_not_recorded_is_not_shown_as_of_then(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        past = await recorded(deck)
        engine = Subject(SubjectKind.ENGINE, "engine", "ErpSync engine")
        shop = Subject(SubjectKind.CONNECTION, "1", "Shop of then")
        past.was(engine, 600, State("stopped", Level.WARNING), Cause.KEYFRAME)
        past.was(shop, 600, State("active", Level.OK), Cause.KEYFRAME)
        await give(deck, past.records)
        await deck.connections.show()
        await deck.until(lambda: any(" ago" in row for row in deck.rows()), "summaries")
        await deck.log.show()
        of_now = len(deck.rows())
        assert of_now
        await look_back(deck, "5h")
        await deck.sees("LOOKING AT")
        await deck.until(lambda: "read now" in deck.chip(), "chip of the log")
        assert "Changes up to this time" in deck.said("banner")
        assert deck.said("trouble") == ""
        assert not any("m ago" in row for row in deck.rows())
        await deck.press("4")
        [row] = deck.rows()
        assert "Shop of then" in row
        assert "ago" not in row
        assert "…" not in row
        await deck.press("enter")
        await deck.opens("Shop of then")
        assert "nothing else of it is recorded" in await deck.read()
        await deck.press("escape")
        await deck.opens("")
        await deck.press("3")
        await deck.sees("stopped")
        assert "Response at" not in deck.text()
        assert "observation" not in deck.text()
        assert "Tenant" not in deck.text()
        assert "not recorded" in deck.text()
        await deck.press("5")
        assert deck.chip() == "recorded"
        assert "Changes up to this time" in deck.said("banner")
        await deck.press("escape")
        await deck.loses("LOOKING AT")
        assert deck.chip() == LOCAL
        assert deck.said("banner") != "Changes up to this time"
        await deck.log.show()
        assert len(deck.rows()) == of_now
        await deck.press("3")
        await deck.sees("Response at")


async def test_since_when_is_never_that_of_another_time(erp: RunningSimulator) -> None:
    """Right after a jump it is not known yet, and then it is that of the time looked at."""
    async with console(erp) as deck:
        await a_night(deck)
        await deck.until(lambda: any("6h" in row for row in deck.rows()), "since when")
        view = deck.app.session.history
        assert view is not None
        otto, at = sync_of(deck, "Otto Market"), view.at - timedelta(minutes=300)
        await view.look_at(at)
        assert view.since(otto.kind, otto.key) is None
        await view.settled()
        since = view.since(otto.kind, otto.key)
        assert since is not None
        assert since.at <= at
