"""Bugs of our own: told shortly, reported without anything secret, survived."""

from pathlib import Path

import pytest

from tests.drivers.console import console
from tests.drivers.simulator import RunningSimulator
from tui.ui.screens.connections.screen import ConnectionsScreen
from tui.ui.screens.engine.screen import EngineScreen
from tui.ui.screens.workers.screen import WorkersScreen
from tui.ui.widgets.row_list import RowList

SECRET = "hunter2"


def broken(*_: object, **__: object) -> None:
    raise KeyError(SECRET)


def reports(home: Path) -> list[Path]:
    return sorted((home / "state" / "reports").glob("*.txt"))


async def test_a_bug_in_an_operation_is_told_with_its_report_and_the_screens_go_on(
    erp: RunningSimulator, monkeypatch: pytest.MonkeyPatch, private_places: Path
) -> None:
    async with console(erp) as deck:
        deck.bugs = ["KeyError"]
        monkeypatch.setattr(WorkersScreen, "open_details", broken)
        await deck.press("enter")
        await deck.opens("A bug in syncdeck")
        (report,) = reports(private_places)
        assert "KeyError" in deck.text()
        assert report.name in deck.text().replace(" ", "")
        assert SECRET not in deck.text() + report.read_text()
        await deck.press("escape", "3")
        await deck.until(lambda: deck.tab() == "Engine", "Engine")
        await deck.sees("running")
        await deck.press("1", "e")
        await deck.opens("Configure")


async def test_a_screen_that_cannot_be_drawn_leaves_the_others_alone(
    erp: RunningSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with console(erp) as deck:
        deck.bugs = ["KeyError"]
        with monkeypatch.context() as patch:
            patch.setattr(ConnectionsScreen, "compose_body", broken)
            deck.hit("4")
            await deck.until(lambda: "A bug in syncdeck" in deck.heading(), "the bug")
        await deck.press("escape", "1")
        await deck.until(lambda: deck.tab() == "Workers", "Workers")
        await deck.sees("Temu DE")
        await deck.press("4")
        await deck.sees("Visma.net NO")


async def test_a_widget_that_breaks_while_it_is_drawn_is_built_anew(
    erp: RunningSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with console(erp) as deck:
        deck.bugs = ["KeyError"]
        broken_one = deck.app.screen.query_one(RowList)
        resized = RowList.on_resize
        monkeypatch.setattr(
            RowList, "on_resize", lambda self: broken() if self is broken_one else resized(self)
        )
        await deck.resize(100, 30)
        await deck.opens("A bug in syncdeck")
        await deck.press("escape")
        await deck.sees("Temu DE")
        await deck.press("down", "enter")
        await deck.opens("Outlet")


async def test_a_dialog_that_is_closing_part_by_part_is_laid_out_without_a_bug(
    erp: RunningSimulator,
) -> None:
    async with console(erp) as deck:
        await deck.press("x")
        await deck.opens("Stop sync")
        await deck.app.screen.query_one("#trouble").remove()
        await deck.resize(80, 20)
        assert deck.heading().startswith("Stop sync")
        await deck.press("escape")
        await deck.opens("")


async def test_a_bug_that_comes_again_and_again_ends_the_console(
    erp: RunningSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with console(erp) as deck:
            monkeypatch.setattr(EngineScreen, "_show_facts", broken)
            for _ in range(3):
                await deck.press("escape", "3", "escape", "1")
            await deck.ends()

    with pytest.raises(KeyError):
        await story()
