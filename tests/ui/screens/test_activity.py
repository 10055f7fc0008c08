"""Activity: what was changed from here, what became of it, and what an earlier console left open."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.benchmarks.load_trail import write
from tests.drivers.console import Console, console, jtl_of, wall_clock
from tests.drivers.fake_time import START
from tests.drivers.simulator import RunningSimulator
from tests.ops.commands import operation_for
from tui.api.receipts import Receipt
from tui.domain.jtl.workers import ControlAction
from tui.domain.result import Result
from tui.domain.writes import ConfigureWorker, ControlWorker, FieldChange, Write
from tui.ops.audit.entries import Entry, Standing
from tui.ops.audit.file_trail import FileTrail
from tui.ops.audit.record import Attempt, Ending, Finding
from tui.paths import trail_path
from tui.ui.screens.activity.rows import listed, order
from tui.ui.screens.activity.screen import LOCAL
from tui.ui.screens.list_row import ListRow
from tui.ui.screens.row_cache import Listing

SLOWER = ConfigureWorker("a1", "00:10:00")
STOP = ControlWorker("sync-2", ControlAction.STOP)
HOUR = timedelta(hours=1)


async def note(
    result: str | None,
    *,
    write: Write = SLOWER,
    ago: timedelta = HOUR,
    target: str = "Temu DE",
    profile: str = "sim",
    erp: RunningSimulator | None = None,
) -> str:
    """Note an attempt as a console of an hour ago did, on JTL-Wawi of `erp`; its id."""
    trail, at = FileTrail(trail_path(profile)), wall_clock() - ago
    change = FieldChange("Interval", "5m", "10m")
    key = await trail.attempt(
        Attempt(
            at,
            profile,
            "development",
            operation_for(write).id,
            write,
            (change,),
            target,
            "jtl",
            jtl_of(erp) if erp else "",
        )
    )
    if result is not None:
        await trail.outcome(key, Ending(at, Result(result), f"it was {result}", None, "req-7"))
    return key


async def stopped(deck: Console, channel: str) -> None:
    await deck.workers.show()
    await deck.workers.focus(channel)
    await deck.press("x")
    await deck.opens("Stop sync")
    await deck.press("y")
    await deck.opens("")


@pytest.fixture
async def lived(erp: RunningSimulator) -> RunningSimulator:
    """An ERP, and a trail that holds one entry of each kind; newest last."""
    await note("applied", ago=4 * HOUR)
    await note("failed", write=STOP, ago=3 * HOUR, target="Outlet")
    await note("unknown", ago=2 * HOUR)
    await note(None, write=STOP, ago=1.5 * HOUR)
    await note("refused", ago=HOUR)
    history = await FileTrail(trail_path("sim")).entries(10)
    for entry in history.unsettled(wall_clock()):
        await FileTrail(trail_path("sim")).check(
            entry.id, Finding(wall_clock(), Result.UNKNOWN, entry.sentence)
        )
    return erp


async def test_what_was_done_is_listed_newest_first_with_sign_and_word(lived: RunningSimulator) -> None:
    async with console(lived) as deck:
        await deck.activity.show()
        await deck.sees("5 entries · 2 need attention")
        assert [" ".join(row.split()[:3]) for row in deck.rows()] == [
            f"○ refused {deck.rows()[0].split()[2]}",
            "! no outcome",
            f"? unknown {deck.rows()[2].split()[2]}",
            f"✖ failed {deck.rows()[3].split()[2]}",
            f"✔ applied {deck.rows()[4].split()[2]}",
        ]


async def test_the_header_says_whose_data_it_is_whatever_the_server_does(
    lived: RunningSimulator,
) -> None:
    async with console(lived) as deck:
        lived.fault(".*=expired")
        await deck.until(lambda: "login refused" in deck.chip(), "chip without authorisation")
        await deck.activity.show()
        assert (deck.chip(), deck.is_dimmed()) == (LOCAL, False)


async def test_a_write_appears_as_soon_as_it_is_answered(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("5")
        await deck.sees("0 entries")
        await stopped(deck, "Temu DE")
        await deck.activity.show()
        row = deck.cursor_row()
        assert "→ accepted" in row
        assert "Stop sync" in row
        assert "Temu · Temu DE" in row


@pytest.fixture
def tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's clock on the wall is nine hours ahead of UTC."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "JST-9")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("tokyo")
@pytest.mark.parametrize(
    ("ago", "listed"), [(timedelta(minutes=1), "02:59:00"), (4 * HOUR, "2026-02-28")]
)
async def test_times_are_utc_wherever_they_stand(
    erp: RunningSimulator, ago: timedelta, listed: str
) -> None:
    await note("applied", ago=wall_clock() - START + ago)
    async with console(erp, waits=False, clock=lambda: START) as deck:
        await deck.activity.show()
        await deck.sees("At (UTC)", listed)
        await deck.press("enter")
        await deck.sees(f"At {START - ago:%Y-%m-%d %H:%M:%S} UTC")


async def test_what_is_on_its_way_is_in_flight(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        erp.fault("PUT .*/workers/=hang")
        await deck.workers.focus("Temu DE")
        await deck.press("x")
        await deck.opens("Stop sync")
        await deck.press("y")
        await deck.sees("sending…")
        await deck.press("escape", "5")
        await deck.sees("… in flight", "it was sent", "1 entry")
        assert "attention" not in deck.said("status")


async def test_details_show_before_and_after_what_was_sent_and_what_was_found(
    erp: RunningSimulator,
) -> None:
    key = await note("unknown")
    found = Finding(wall_clock(), Result.APPLIED, "the interval is 10m")
    await FileTrail(trail_path("sim")).check(key, found)
    async with console(erp) as deck:
        await deck.activity.show()
        assert "✔ applied" in deck.cursor_row()
        await deck.press("enter")
        await deck.opens("Configure sync · Temu DE")
        said = await deck.read()
        for text in (
            "Result applied the interval is 10m",
            "First result it was unknown",
            "Operation Configure sync (worker.configure)",
            "Identifier a1",
            "Request id req-7",
            "Profile sim · development",
            "Before → after Interval 5m → 10m",
            "Sent interval 00:10:00",
            "Checked since applied the interval is 10m",
        ):
            assert text in said
        await deck.press("v")
        assert f'"id": "{key}"' in await deck.read()
        await deck.press("q")
        await deck.opens("")


async def test_the_filter_finds_entries(lived: RunningSimulator) -> None:
    async with console(lived) as deck:
        await deck.activity.show()
        for text, count in (
            ("result:unknown", 1),
            ("outlet", 1),
            ("operation:worker.stop", 2),
            ("operation:stop", 2),
            ("id:sync-2", 2),
            ("age>100m", 3),
            ("!result:applied", 4),
            ("user:nobody", 0),
        ):
            await deck.activity.filter(text)
            assert (text, len(deck.rows())) == (text, count)
            assert f"{count} of 5 entries" in deck.said("status")
            await deck.press("escape")


async def test_sorted_by_operation_and_back(lived: RunningSimulator) -> None:
    async with console(lived) as deck:
        await deck.activity.show()
        before = deck.rows()
        await deck.press("o", "o", "o")
        assert "by Operation" in deck.said("status")
        names = [("Configure" if "Configure" in row else "Stop") for row in deck.rows()]
        assert names == sorted(names)
        await deck.press("o", "o", "o", "o")
        assert deck.rows() == before


async def test_what_another_console_did_appears_on_refresh(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("5")
        await deck.sees("0 entries")
        await note("applied")
        await deck.press("r")
        await deck.sees("1 entry")


async def test_a_trail_that_cannot_be_read_says_so_and_is_read_once_it_can_be(
    erp: RunningSimulator,
) -> None:
    trail_path("sim").mkdir(parents=True)
    async with console(erp) as deck:
        await deck.sees("the audit trail cannot be read: Is a directory")
        await deck.press("5")
        await deck.sees("no data: Is a dir", "nothing read yet")
        assert "the audit trail cannot be read: Is a directory" in deck.said("trouble")
        trail_path("sim").rmdir()
        await deck.press("r")
        await deck.until(lambda: deck.chip() == LOCAL, "trail that was read")
        assert deck.said("trouble") == ""


async def test_what_was_read_stays_when_it_can_no_longer_be_read(lived: RunningSimulator) -> None:
    async with console(lived) as deck:
        await deck.activity.show()
        loop = trail_path("sim").with_suffix(".loop")
        loop.symlink_to(trail_path("sim"))
        loop.replace(trail_path("sim"))
        await deck.press("r")
        await deck.until(lambda: deck.chip().startswith("stale"), "stale trail")
        await deck.until(lambda: len(deck.rows()) == 5, "rows as they were")
        assert deck.is_dimmed()


async def test_lines_that_cannot_be_used_are_told(lived: RunningSimulator) -> None:
    with trail_path("sim").open("a") as file:
        file.write('{"record":"att')
    async with console(lived) as deck:
        await deck.activity.show()
        assert "1 line of the audit trail unreadable" in deck.said("trouble")
        assert "5 entries" in deck.said("status")


async def test_hostile_text_in_the_trail_is_shown_harmlessly(erp: RunningSimulator) -> None:
    await note("failed", target="[red]Temu\x1b[2J\nDE")
    async with console(erp) as deck:
        await deck.activity.show()
        assert "[red]Temu" in deck.cursor_row()
        assert "\x1b" not in "".join(deck.lines())


async def test_a_long_trail_shows_its_newest_and_says_so(erp: RunningSimulator) -> None:
    await note("applied")
    line, outcome = trail_path("sim").read_text().splitlines()
    key = line.split('"')[7]
    with trail_path("sim").open("a") as file:
        for number in range(2_100):
            file.write(f"{line}\n{outcome}\n".replace(key, f"n{number}"))
    async with console(erp) as deck:
        await deck.activity.show()
        await deck.sees("2000 entries", "101 older not shown")


async def test_the_demo_lists_what_was_done_and_writes_no_file(private_places: Path) -> None:
    from tests.drivers.console import started
    from tui.cli.arguments import parse
    from tui.cli.main import plan

    async with started(plan(parse(["--demo"]), private_places / "none.toml")) as deck:
        await deck.until(lambda: bool(deck.cursor_row()), "row under a cursor")
        await stopped(deck, "Temu DE")
        await deck.activity.show()
        assert "Stop sync" in deck.cursor_row()
    assert not trail_path("demo").exists()


# What an earlier console left open.


async def test_an_attempt_without_outcome_is_said_at_the_start(erp: RunningSimulator) -> None:
    await note(None, erp=erp)
    async with console(erp) as deck:
        await deck.sees("no response; at ", " UTC: unknown, it is no longer listed · 5 shows it")
        said = deck.said("notice")
        at = wall_clock() - HOUR
        assert f"Configure sync · Temu DE ({at:%m-%d %H:}" in said
        await deck.press("escape")
        await deck.activity.show()
        await deck.press("r", "1")
        assert deck.said("notice") == ""


async def test_what_a_look_told_is_said_once_and_stays_open_where_no_look_can_tell(
    erp: RunningSimulator,
) -> None:
    outlet = ControlWorker(erp.worker_id("Outlet"), ControlAction.STOP)
    await note("unknown", write=outlet, target="Outlet", erp=erp)
    async with console(erp) as deck:
        await deck.sees("no response; at ", "unknown, its state is now locked")
    async with console(erp) as deck:
        await deck.activity.show()
        await deck.sees("? unknown")
        await deck.press("1")
        assert deck.said("notice") == ""


async def test_of_several_one_is_named_and_the_others_are_counted(erp: RunningSimulator) -> None:
    await note(None, ago=2 * HOUR, erp=erp)
    await note(None, write=STOP, target="Outlet", erp=erp)
    async with console(erp) as deck:
        await deck.sees("no response; at ", "UTC: unknown", "1 more · 5 shows it")


async def test_what_was_looked_at_since_or_has_an_outcome_is_not_said(erp: RunningSimulator) -> None:
    keys = (await note(None), await note("unknown"))
    await note("failed")
    for key in keys:
        await FileTrail(trail_path("sim")).check(
            key, Finding(wall_clock(), Result.UNKNOWN, "it is gone")
        )
    async with console(erp) as deck:
        await deck.activity.show()
        assert deck.said("notice") == ""


async def test_another_profile_has_its_own_trail_and_its_own_reminder(erp: RunningSimulator) -> None:
    await note("applied")
    await note(None, target="Outlet", profile="live", erp=erp)
    async with console(erp, others={"live": "production"}) as deck:
        await deck.activity.show()
        assert "Temu DE" in deck.cursor_row()
        assert deck.said("notice") == ""
        await deck.press("P")
        await deck.opens("Profiles")
        await deck.press("g", "enter")
        await deck.until(lambda: "Outlet" in deck.cursor_row(), "the trail of live")
        assert len(deck.rows()) == 1
        await deck.sees("Configure sync · Outlet (", "no response; at ", "UTC: unknown")


# The tab line.


async def test_all_tabs_and_the_help_fit(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        for width in (60, 80, 120):
            await deck.resize(width, 15)
            tabs = deck.lines()[1]
            assert [part for part in "123456?" if f" {part} " not in tabs] == []
            assert "Activity" in tabs
            assert "Log" in tabs
            assert tabs.rstrip().endswith(" ? help")


async def test_what_the_server_said_is_there_at_every_width(erp: RunningSimulator) -> None:
    said = "JTL-Wawi rejected the values (422): Interval: the marketplace allows no less than 15 minutes"
    trail = FileTrail(trail_path("sim"))
    at = wall_clock() - HOUR
    key = await trail.attempt(Attempt(at, "sim", "development", "worker.configure", SLOWER, (), "Temu"))
    await trail.outcome(key, Ending(at, Result.FAILED, said, 422, "req-7"))
    async with console(erp) as deck:
        await deck.activity.show()
        for size in ((80, 24), (60, 15), (100, 30)):
            await deck.resize(*size)
            assert "Message" in deck.text()
            assert "JTL-Wawi reje" in deck.cursor_row()
            assert "✖ failed" in deck.cursor_row()
            await deck.sees(said)


async def test_t11_details_show_every_response_on_the_way(erp: RunningSimulator) -> None:
    on_the_way = (Receipt("PUT", "/erp/v1/workers/a1", 401, "r-1"), Receipt("POST", "/token", 200))
    trail = FileTrail(trail_path("sim"))
    at = wall_clock() - HOUR
    key = await trail.attempt(Attempt(at, "sim", "development", "worker.stop", STOP, (), "Temu"))
    await trail.outcome(key, Ending(at, Result.FAILED, "refused", 401, "r-1", on_the_way))
    async with console(erp) as deck:
        await deck.activity.show()
        await deck.press("enter")
        said = await deck.read()
        for text in (
            "HTTP status 401",
            "Request id r-1",
            "401 PUT /erp/v1/workers/a1 · r-1",
            "200 POST /token",
        ):
            assert text in said


async def test_t11_status_and_request_id_of_a_successful_write_are_shown(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await stopped(deck, "Temu DE")
        await deck.activity.show()
        await deck.press("enter")
        await deck.opens("Stop sync")
        entry = erp.received("PUT", "/workers/")[0]
        await deck.sees("HTTP status 204", f"Request id sim-{entry['n']:06}")


async def test_l6_the_newest_entries_of_a_long_trail_are_known_before_every_row_is_made(
    tmp_path: Path,
) -> None:
    path = tmp_path / "audit" / "sim.jsonl"
    write(path, 2_000, wall_clock())
    entries = (await FileTrail(path).newest(2_000, wall_clock() - 9 * HOUR)).entries
    made: list[str] = []

    def make(entry: Entry) -> ListRow:
        made.append(entry.id)
        return listed(entry, Standing.APPLIED, wall_clock())

    listing: Listing[Entry] = Listing()
    steps = listing.follow(
        entries, lambda one: one.id, "now", make, rank=lambda one: (order(one), False)
    )
    assert any(steps), "the order was never known"
    early = listing.keys(None)
    assert len(early) == len(entries) > len(made)
    assert not any(steps)
    assert listing.keys(None) == early
