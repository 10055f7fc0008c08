"""The change log: asked for when it is shown, read a page at a time, and always dated."""

from datetime import datetime, timedelta
from functools import partial

from tests.drivers.console import Console, console, wall_clock
from tests.drivers.simulator import RunningSimulator

ARCHIVE = "archive/ErpSyncLog"

BAR = " ▁▂▃▄▅▆▇█"
"""What the scrollbar may draw at the end of a line."""


def asked(erp: RunningSimulator) -> int:
    return len(erp.received("GET", ARCHIVE))


async def at_its_end(deck: Console) -> None:
    """Read every page."""
    await deck.log.show()
    for count in (400, 430):
        await deck.press("m")
        await deck.sees(f"{count} changes")


async def test_it_is_asked_for_when_it_is_shown_and_not_before(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.refresh()
        assert asked(erp) == 0
        await deck.log.show()
        await deck.sees("200 changes", "as of", "UTC", "more: m")
        newest = erp.world.so.log.rows[-1]
        name = erp.world.so.connections[newest.connection].name
        assert newest.field[:9] in deck.cursor_row()
        assert name[:13] in deck.cursor_row()
        assert f"{newest.at:%H:%M}" in deck.cursor_row()
        assert deck.chip() == "read now"
        assert not deck.is_dimmed()
        assert asked(erp) == 1


async def test_going_there_again_asks_anew_and_looking_at_a_change_does_not(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.log.show()
        await deck.press("enter")
        await deck.opens("Change")
        await deck.press("escape")
        await deck.opens("")
        assert asked(erp) == 1
        await deck.workers.show()
        await deck.log.show()
        await deck.until(lambda: asked(erp) == 2, "second request")


async def test_pages_are_read_to_the_end_and_no_total_is_invented(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await at_its_end(deck)
        assert "more" not in deck.said("status")
        await deck.press("m")
        assert "no further page" in deck.said("notice")
        queries = [entry["query"] for entry in erp.received("GET", ARCHIVE)]
        assert [query.get("$skip") for query in queries] == [None, "200", "400"]
        assert deck.sent() == []


async def test_a_refresh_puts_what_is_new_on_top_and_keeps_the_place(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await at_its_end(deck)
        await deck.press("G")
        last = deck.cursor_row()
        erp.world.so.log.add([1], erp.world.seen_at, 3)
        await deck.press("r")
        await deck.sees("433 changes")
        assert deck.cursor_row().rstrip(BAR) == last.rstrip(BAR)


async def test_the_same_filter_language_as_in_every_list(erp: RunningSimulator) -> None:
    rows = erp.world.so.log.rows[-200:]
    mails = sum(row.field == "EMAIL" for row in rows)
    of_one = sum(row.connection == 1 for row in rows)
    young = sum(erp.world.born - row.at < timedelta(hours=2) for row in rows)
    async with console(erp) as deck:
        await deck.log.show()
        await deck.log.filter("field:email")
        await deck.sees(f"{mails} of 200 changes · more: m")
        assert all("EMAIL" in row for row in deck.rows())
        await deck.press("escape")
        await deck.log.filter('connection:"business central de"')
        await deck.sees(f"{of_one} of 200 changes")
        await deck.press("escape")
        await deck.log.filter("age<2h")
        await deck.sees(f"{young} of 200 changes")
        await deck.press("escape")
        await deck.log.filter("source:contact old:köln")
        assert all("Köln" in row for row in deck.rows())
        await deck.press("escape")
        await deck.sees("200 changes")


async def test_details_tell_all_of_a_change_and_the_raw_row(erp: RunningSimulator) -> None:
    newest = erp.world.so.log.rows[-1]
    name = erp.world.so.connections[newest.connection].name
    async with console(erp) as deck:
        await deck.log.show()
        await deck.press("enter")
        await deck.opens(f"Change · {newest.field}")
        said = await deck.read()
        for word in (
            f"Source {newest.source}",
            f"Target {newest.target}",
            f"Field {newest.field}",
            f"Old {newest.old or '(blank)'}",
            f"New {newest.new or '(blank)'}",
            f"{name} (number {newest.connection})",
            f"{newest.at:%Y-%m-%d %H:%M:%S} UTC",
        ):
            assert word in said
        await deck.press("v")
        assert f'"PrimaryKey": "{newest.id}"' in await deck.read()
        await deck.press("escape", "y")
        assert "copied" in deck.said("notice").lower()


async def test_a_server_that_dies_leaves_what_was_read_dimmed_and_dated(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.log.show()
        whens = [row.split()[0] for row in deck.rows()]
        erp.stop()
        await deck.press("m")
        await deck.until(lambda: deck.chip().startswith("stale"), "stale chip")
        assert "refused the connection" in deck.said("trouble")
        assert "last response" in deck.said("trouble")
        assert deck.is_dimmed()
        shown = [row.split()[0] for row in deck.rows()]
        assert shown
        assert shown == whens[: len(shown)]
        await deck.sees("200 changes", "as of")
        erp.start()
        await deck.press("m")
        await deck.sees("400 changes")
        assert deck.chip() == "read now"
        assert not deck.is_dimmed()
        assert deck.said("trouble") == ""


async def test_its_age_is_told_and_grows_also_while_polling_is_paused(erp: RunningSimulator) -> None:
    ahead = timedelta(0)

    def clock() -> datetime:
        return wall_clock() + ahead

    async with console(erp, clock=clock) as deck:
        await deck.log.show()
        await deck.press("p")
        ahead = timedelta(minutes=6)
        await deck.until(lambda: deck.chip() == "read 6m ago", "older chip")
        assert not deck.is_dimmed()
        await deck.press("r")
        await deck.until(lambda: asked(erp) == 2, "second request")


async def test_nonsense_is_told_in_its_own_words_and_no_row_is_shown(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        for fault, said in (
            ("message:The archive is closed", "The archive is closed"),
            ("html", "Welcome to the gateway"),
            ("null", "it is empty"),
            ("wrong-types", "none of 200 rows can be read"),
        ):
            erp.fault(f"{ARCHIVE}={fault}")
            await deck.press("6")
            await deck.until(partial(is_in, said, deck), said)
            assert deck.chip().startswith("no data")
            assert "nothing received yet" in deck.said("status")
            assert deck.rows() == []
            await deck.press("m")
            assert "nothing received yet" in deck.said("notice")
            await deck.press("1")
            erp.clear_faults()


def is_in(text: str, deck: Console) -> bool:
    return text in deck.said("trouble")


async def test_a_row_that_cannot_be_read_is_marked(erp: RunningSimulator) -> None:
    erp.fault(f"{ARCHIVE}=one-bad-row")
    async with console(erp) as deck:
        await deck.log.show()
        await deck.sees("200 changes", "1 needs attention")
        assert "! " in deck.rows()[1]
        await deck.press("j", "enter")
        await deck.opens("Change")
        assert "Unreadable" in await deck.read()


async def test_a_server_that_cannot_sort_is_said_to_give_its_own_order(erp: RunningSimulator) -> None:
    erp.fault(f"{ARCHIVE}=status:400*1")
    async with console(erp) as deck:
        await deck.log.show()
        await deck.sees("200 changes", "in the server's order")
        assert erp.world.so.log.rows[0].field[:9] in deck.cursor_row()
        assert deck.said("trouble") == ""


async def test_a_log_that_grew_meanwhile_says_so_and_lists_nothing_twice(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.log.show()
        erp.world.so.log.add([1], erp.world.seen_at, 3)
        await deck.press("m")
        await deck.sees("397 changes", "changed since: r")
        await deck.press("r")
        await deck.sees("400 changes")
        assert "changed since" not in deck.said("status")


async def test_without_superoffice_it_says_how_to_add_it(erp: RunningSimulator) -> None:
    async with console(erp, systems=("jtl",), refresh={}) as deck:
        await deck.press("6")
        await deck.sees("add [profiles.sim.superoffice] to the config file")
        await deck.press("r", "m")
        assert asked(erp) == 0


async def test_another_profile_that_is_chosen_here_has_its_log_asked_for(erp: RunningSimulator) -> None:
    async with console(erp, others={"live": "development"}) as deck:
        await deck.log.show()
        await deck.press("P")
        await deck.opens("Profiles")
        await deck.press("g", "enter")
        await deck.until(lambda: "live" in deck.lines()[0], "other profile")
        await deck.until(lambda: bool(deck.cursor_row()), "row under a cursor")
        await deck.sees("200 changes")
        assert asked(erp) == 2
