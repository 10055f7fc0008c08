"""Going to another profile: at once, and nothing of the old one can be acted upon afterwards."""

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tui.paths import config_path

TWO = {"live": "production"}


async def went_to(deck: Console, name: str) -> None:
    await deck.press("P")
    await deck.opens("Profiles")
    await deck.press("g")
    if name not in next(line for line in deck.lines() if "│ ▌" in line):
        await deck.press("j")
    await deck.press("enter")
    await deck.opens("")


async def test_a_profile_is_chosen_by_its_name_and_environment(erp: RunningSimulator) -> None:
    async with console(erp, others=TWO) as deck:
        await deck.press("P")
        await deck.opens("Profiles")
        said = deck.text()
        assert "PRODUCTION live" in said
        assert "development sim" in said
        assert "current" in said
        await deck.press("escape")
        await deck.opens("")
        await went_to(deck, "live")
        await deck.until(lambda: "live · PRODUCTION · read-only" in deck.lines()[0], "header of live")
        await deck.until(lambda: bool(deck.cursor_row()), "rows of live")
        await deck.press("x")
        assert "profile live is read-only" in deck.said("notice")
        await went_to(deck, "sim")
        await deck.until(lambda: "sim · development" in deck.lines()[0], "header of sim")
        await deck.until(lambda: bool(deck.cursor_row()), "rows of sim")
        await deck.press("x")
        await deck.opens("Stop sync")


async def test_the_old_connection_is_not_waited_for_and_its_rows_are_no_targets(
    erp: RunningSimulator,
) -> None:
    async with console(erp, others=TWO) as deck:
        erp.fault(".*=hang")
        await deck.press("r")
        await went_to(deck, "live")
        assert "live · PRODUCTION" in deck.lines()[0]
        assert deck.cursor_row() == ""
        for key in ("x", "e", "s", "enter"):
            await deck.press(key)
            assert deck.heading() == ""
        erp.clear_faults()
        assert deck.sent() == []


async def test_a_write_under_way_gets_its_answer_and_is_told_with_its_profile(
    erp: RunningSimulator,
) -> None:
    async with console(erp, others=TWO) as deck:
        erp.hold("PUT ")
        await deck.workers.focus("Hauptshop")
        await deck.press("x")
        await deck.opens("Stop sync")
        await deck.press("y")
        await deck.until(lambda: len(deck.sent()) == 1, "the request")
        await deck.press("escape")
        await deck.opens("")
        await went_to(deck, "live")
        erp.let_go()
        await deck.until(
            lambda: (
                "profile sim: Stop sync" in deck.said("notice") and "accepted" in deck.said("notice")
            ),
            "the old profile's outcome",
        )
        assert len(deck.sent()) == 1


async def test_a_profile_whose_config_is_not_valid_says_so_and_another_can_be_chosen(
    erp: RunningSimulator,
) -> None:
    async with console(erp, others=TWO) as deck:
        (config_path().parent / "jtl").unlink()
        await went_to(deck, "live")
        await deck.until(lambda: "there is no file" in deck.said("notice"), "what is wrong")
        assert deck.chip() == "no data: config"
        for key, title in (("x", "Stop"), ("r", "Refresh"), ("p", "Pause polling"), ("A", "Authorise")):
            await deck.press(key)
            assert title in deck.said("notice")
            assert "there is no file" in deck.said("notice")
        (config_path().parent / "jtl").write_text(erp.client_secret)
        (config_path().parent / "jtl").chmod(0o600)
        await went_to(deck, "sim")
        await deck.until(lambda: bool(deck.cursor_row()), "rows of sim")
        assert deck.chip() == "live"


async def test_where_there_is_one_profile_alone_the_key_says_so(erp: RunningSimulator) -> None:
    async with console(erp) as deck:
        await deck.press("P")
        assert deck.said("notice") == "there is no other profile: the config defines only sim"


async def test_what_was_not_sent_yet_is_not_sent_to_a_profile_that_was_left(
    erp: RunningSimulator,
) -> None:
    async with console(erp, others=TWO) as deck:
        await deck.workers.focus("Hauptshop")
        await deck.press("x")
        await deck.opens("Stop sync")
        erp.hold("GET ")
        await deck.press("y", "escape")
        await deck.opens("")
        await went_to(deck, "live")
        erp.let_go()
        await deck.sees("profile sim: Stop sync", "nothing was sent: another profile was chosen")
        assert deck.sent() == []
