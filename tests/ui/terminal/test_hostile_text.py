"""Hostile text in every field of every answer, over real HTTP: every screen shows it as harmless words.

No control and no bidi override is in any line, markup stands as it came, the whole console goes on.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.drivers.console import Console, console
from tests.drivers.simulator import RunningSimulator
from tui.domain.text import clean
from tui.paths import state_dir
from tui.simulator.faults.corruptions import NASTY

HOSTILE = NASTY.replace("\ud800", "")
MARKUP = "[bold red]markup[/]"
EVERYWHERE = "GET|PUT|PATCH|DELETE|/workers|/extensions|ErpSync|/archive"
SCREENS = ("1", "2", "3", "4", "6")
SIZES = [(80, 24), (60, 15)]


@pytest.fixture
def erp() -> Iterator[RunningSimulator]:
    with RunningSimulator(still=True, extensions=5) as running:
        running.fault(f"{EVERYWHERE}=hostile:all")
        yield running


def assert_harmless(deck: Console) -> None:
    """What the operator sees is text and nothing else, and no line is wider than the screen."""
    for line in deck.lines():
        assert line.isprintable(), repr(line)
    assert deck.app.survived == []
    assert "taken over" not in deck.app.title


async def shown(deck: Console, *keys: str) -> str:
    """What is in sight after these keys, once it was judged."""
    await deck.press(*keys)
    await deck.looks()
    assert_harmless(deck)
    return deck.text()


@pytest.mark.parametrize(("key", "size"), [*((key, SIZES[1]) for key in SCREENS), ("3", SIZES[0])])
async def test_a_list_its_details_its_raw_view_and_its_copies(
    erp: RunningSimulator, key: str, size: tuple[int, int]
) -> None:
    async with console(erp, size=size) as deck:
        await deck.press(key)
        await deck.sees("Message" if key == "3" else "▌")
        await shown(deck)
        await shown(deck, "enter")
        seen = [await shown(deck, "pagedown") for _ in range(3)]
        seen += [await shown(deck, "v")] + [await shown(deck, "pagedown") for _ in range(3)]
        assert any("taken over" in page for page in seen), seen
        await shown(deck, "y")
        await shown(deck, "enter")
        await shown(deck, "escape", "y")
    copied = (state_dir() / "copied.txt").read_text()
    assert copied.replace("\n", "").isprintable()


@pytest.mark.parametrize("key", ["1", "2", "3", "4"])
async def test_the_forms_and_dialogs_of_every_screen(erp: RunningSimulator, key: str) -> None:
    async with console(erp) as deck:
        await deck.press(key)
        await deck.until(lambda: bool(deck.cursor_row()), "row under a cursor")
        for pressed in (
            "e",
            "n",
            "s",
            "x",
            "R",
            "t",
            "T",
            "f",
            "S",
            "D",
            "m",
            "space",
            "w",
            "P",
            "colon",
        ):
            await shown(deck, pressed)
            if deck.heading() or pressed == "colon":
                await shown(deck, "tab", "tab")
                await shown(deck, "f2")
                await shown(deck, "pagedown")
                await shown(deck, "escape", "escape", "escape")
        await shown(deck, "ctrl+p")
        await shown(deck, "escape")
        assert deck.sent() == []


async def test_markup_stands_as_it_came(erp: RunningSimulator) -> None:
    async with console(erp, size=(200, 60)) as deck:
        await deck.press("enter")
        await deck.looks()
        assert MARKUP in await deck.read()
        await deck.press("escape", "3")
        await deck.sees(MARKUP)


@pytest.mark.parametrize(("key", "place"), [("1", "/workers"), ("2", "/extensions"), ("3", "ErpSync")])
async def test_the_words_of_a_failure(erp: RunningSimulator, key: str, place: str) -> None:
    async with console(erp) as deck:
        await deck.press(key)
        erp.clear_faults()
        erp.fails(place, "message", HOSTILE)
        await deck.refresh()
        await deck.until(lambda: deck.chip().startswith(("stale", "no data")), "stale chip")
        assert_harmless(deck)
        assert "taken over" in deck.said("trouble")


async def test_the_words_of_a_refused_write(erp: RunningSimulator) -> None:
    erp.clear_faults()
    async with console(erp) as deck:
        await deck.press("e")
        await deck.form.fill("Interval", "20m")
        await deck.form.review()
        await deck.opens("Configure")
        erp.fails("POST .*/workers/", "message", HOSTILE)
        await deck.press("a")
        await deck.until(lambda: "esc closes" not in deck.text(), "an end")
        await shown(deck)
        await shown(deck, "escape", "escape", "escape", "5")
        await shown(deck, "enter")
    trail = (state_dir() / "audit" / "sim.jsonl").read_text()
    assert trail.replace("\n", "").isprintable()


async def test_a_file_whose_name_is_hostile(erp: RunningSimulator, tmp_path: Path) -> None:
    erp.clear_faults()
    name = "m\x1b]0;taken over\x07\u202e[red].json"
    (tmp_path / name).write_text("{}")
    async with console(erp) as deck:
        await deck.press("2")
        await deck.until(lambda: bool(deck.cursor_row()), "row under a cursor")
        await deck.press("m")
        await deck.paste(str(tmp_path / name))
        await shown(deck, "f2")
        assert clean(name) != name


WIDE = {
    "two cells a letter": "漢字かな交じり文" * 500,
    "letters with marks": "e\u0301\u0323\u0308" * 2_000,
    "joined pictures": "👩\u200d👩\u200d👧\u200d👦🌈" * 500,
    "a megabyte of lines": "y\n" * 500_000,
    "a megabyte of two cells": "漢" * 1_000_000,
}


@pytest.mark.parametrize(
    ("name", "size"), [*((name, SIZES[1]) for name in WIDE), ("a megabyte of two cells", SIZES[0])]
)
async def test_no_text_is_wider_than_its_place(
    erp: RunningSimulator, name: str, size: tuple[int, int]
) -> None:
    erp.clear_faults()
    erp.state(superoffice={"running": True, "message": WIDE[name]})
    async with console(erp, size=size) as deck:
        await deck.press("3")
        await deck.sees("Message")
        for keys in ((), ("enter",), ("v",), ("pagedown",), ("escape", "s"), ("escape", "escape", "1")):
            await shown(deck, *keys)
            assert {cell_len(line) for line in deck.lines()} == {size[0]}
            assert len(deck.lines()) == size[1]
