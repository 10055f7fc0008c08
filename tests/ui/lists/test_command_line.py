"""`:` does what its line says to the row that was under the cursor when `:` was pressed."""

from functools import partial
from pathlib import Path

import pytest

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator


async def test_a_stop_is_reviewed_and_hits_the_row_under_the_cursor(erp: RunningSimulator) -> None:
    erp.state(jtl={"control_delay": 0})
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.command("stop")
        await deck.opens("Stop sync · Shop · Hauptshop")
        assert deck.sent() == []
        await deck.press("y")
        await deck.opens("")
        (sent,) = deck.sent()
        assert sent["path"].endswith(erp.worker_id("Hauptshop"))


async def test_settings_open_the_review_at_once_and_none_the_form(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Temu DE")
        await deck.command('configure interval=10m "stock reserve"=7')
        await deck.opens("Configure sync · Temu · Temu DE")
        said = await deck.read()
        assert "5m → 10m" in said
        assert "Stock reserve 2 → 7" in said
        await deck.press("a")
        await deck.opens("")
        (sent,) = deck.sent()
        assert sent["body"]["Interval"] == "00:10:00"
        await deck.command("configure")
        await deck.opens("Configure Temu · Temu DE")


async def test_what_is_wrong_is_said_where_the_line_is_and_the_text_stays(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Temu DE")
        for line, said in (
            ("stp", "there is no operation 'stp': did you mean stop"),
            ("5", "there is no operation '5'; the palette (ctrl+p) lists them"),
            (
                "toggle",
                "toggle is not available on this screen, but on Extensions (2) or Connections (4)",
            ),
            (
                "force-resync",
                "Forced resync is not available on this screen, but on Engine (3) or Connections (4)",
            ),
            ("configure interval=10 x=1", "interval: 10 is ambiguous: write 10s, 10m or 10h"),
            ("stop now", "stop acts on the row under the cursor: write KEY=VALUE, not 'now'"),
            ("refresh now", "refresh has no arguments: write refresh alone"),
            ('configure "x', 'a " is not closed'),
        ):
            await deck.command(line)
            assert said in deck.said("command-message")
            assert deck.form.typed() == line
            await deck.press("escape")
            assert deck.heading() == ""
            assert deck.cursor_row() != ""
        assert deck.sent() == []


async def test_the_row_is_the_one_of_the_key_press_though_the_list_is_sorted_anew(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        before = deck.rows()
        await deck.press("colon")
        await deck.type("stop")
        erp.state(jtl={"workers": {"Hauptshop": {"state": 4, "text": "broke"}}})
        await deck.until(lambda: deck.rows()[0] != before[0], "list in another order")
        await deck.press("enter")
        await deck.opens("Stop sync · Shop · Hauptshop")
        assert "Changed since you opened" in await deck.read()


async def test_a_row_that_is_gone_meanwhile_is_refused_and_said(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        for count, (channel, line) in enumerate(
            {
                "Hauptshop": "stop",
                "B2B-Shop": "configure interval=10m",
                "Otto Market": "configure",
                "Amazon FR": "details",
            }.items(),
            start=1,
        ):
            await deck.workers.focus(channel)
            await deck.press("colon")
            await deck.type(line)
            erp.state(jtl={"workers": {channel: {"listed": False, "reported": False}}})
            await deck.until(partial(says_syncs, deck, 12 - count), "shorter list")
            await deck.press("enter")
            assert "the row that was under the cursor was removed" in deck.said("command-message")
            assert deck.heading() == ""
            await deck.press("escape")
        assert deck.sent() == []


def says_syncs(deck: Console, number: int) -> bool:
    return deck.said("status").startswith(f"{number} syncs")


async def test_tab_completes_and_the_arrows_recall(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Temu DE")
        await deck.press("colon")
        await deck.type("st")
        await deck.press("tab")
        assert deck.said("command-message") == "start  stop"
        await deck.type("o")
        await deck.press("tab", "escape", "colon")
        await deck.type("conf")
        await deck.press("tab")
        await deck.type("stock")
        await deck.press("tab")
        assert deck.form.typed() == 'configure "Stock reserve"='
        await deck.type("x")
        await deck.press("enter")
        assert "Stock reserve: 'x' is not a whole number" in deck.said("command-message")
        await deck.press("escape")
        await deck.command("extensions")
        await deck.until(lambda: deck.tab() == "Extensions", "the extensions")
        await deck.press("colon")
        await deck.type("new")
        await deck.press("up")
        assert deck.form.typed() == "extensions"
        await deck.press("up")
        assert deck.form.typed() == 'configure "Stock reserve"=x'
        await deck.press("down", "down")
        assert deck.form.typed() == "new"


async def test_a_refused_line_is_recalled_as_any_other(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.command("workers")
        await deck.command("configure interval=5")
        await deck.sees("5 is ambiguous")
        await deck.press("up")
        assert deck.form.typed() == "workers"
        await deck.press("down")
        assert deck.form.typed() == "configure interval=5"
        await deck.press("escape", "colon", "up")
        assert deck.form.typed() == "configure interval=5"


def written_with(text: bytes, places: Path) -> list[Path]:
    return [path for path in places.rglob("*") if path.is_file() and text in path.read_bytes()]


async def test_the_history_is_kept_nowhere(erp: RunningSimulator, private_places: Path) -> None:
    async with console(erp) as deck:
        await deck.command("filter zwiebelkuchen")
    assert written_with(b"sim", private_places) != []
    assert written_with(b"zwiebelkuchen", private_places) == []


async def test_screens_help_and_filter_have_their_names(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.command("filter amazon")
        assert len(deck.rows()) == 2
        await deck.command("help")
        await deck.opens("Help · Workers")
        await deck.press("escape")
        await deck.command("filter")
        assert "esc clear filter" in deck.keys_offered()
        await deck.press("escape")
        await deck.command("engine")
        await deck.until(lambda: deck.tab() == "Engine", "the engine")


async def test_quit_ends_the_console(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("colon")
        await deck.type("quit")
        await deck.leaves("enter")
        assert deck.app.return_code == 0


async def test_what_has_no_row_names_its_target(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.extensions.show()
        await deck.command("create version=1 hash=ff")
        assert "name one target: create NAME version=1.4.0" in deck.said("command-message")
        await deck.press("escape")
        await deck.command("create my.shop version=1 hash=ff")
        await deck.opens("Create extension · my.shop")
        await deck.press("a")
        await deck.opens("")
        await deck.until(lambda: "my.shop" in deck.cursor_row(), "cursor on the new row")
        await deck.press("3")
        await deck.command("force-resync crm keys=670")
        await deck.opens("Forced resync · CRM")
        await deck.press(*"sim", "enter")
        await deck.opens("the server's response")
        assert deck.sent()[-1]["body"] == {"ErpConnectionId": 0, "InternalKeyIds": [670]}


async def test_a_packet_with_a_whole_command_and_its_last_step_confirms_nothing(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.burst("colon", *"stop", "enter", "y")
        await deck.opens("Stop sync · Shop · Hauptshop")
        assert deck.sent() == []


async def test_settings_go_to_all_that_is_marked(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.filter("amazon")
        await deck.press("asterisk")
        await deck.command("configure interval=12m")
        await deck.opens("Configure sync · 2 syncs")
        await deck.press("a")
        await deck.until(lambda: len(deck.sent()) == 2, "two writes")
        assert {entry["body"]["Interval"] for entry in deck.sent()} == {"00:12:00"}


async def test_a_status_goes_to_all_that_is_marked(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.extensions.show()
        await deck.press("space", "space")
        await deck.command("toggle status=active")
        await deck.opens("Enable or disable · 2 extensions")
        await deck.press("a")
        await deck.until(lambda: len(deck.sent()) == 2, "two writes")


async def test_marks_are_those_of_the_key_press(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.workers.filter("amazon")
        await deck.press("asterisk")
        await deck.command("stop")
        await deck.opens("Stop sync · 2 syncs")
        assert deck.sent() == []


@pytest.mark.parametrize("text", ["q", "Q"])
async def test_q_written_at_the_colon_quits(erp: RunningSimulator, text: str) -> None:
    async with console(erp) as deck:
        await deck.press("colon")
        await deck.type(text)
        await deck.leaves("enter")
        assert deck.app.return_code == 0
