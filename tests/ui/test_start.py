"""Starting: without a config, with a bad one, without colours, on poor terminals."""

import re
import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from tests.drivers.console import console, launch_for, started, write_config
from tests.drivers.simulator import RunningSimulator
from tui.core import Core
from tui.launch import Launch, RunOptions
from tui.paths import config_path, state_dir
from tui.session.session_view import HISTORY_NOT_READ, NOT_CONNECTED
from tui.ui.screens.list_status import NO_ROW_YET
from tui.wiring import demo_core

SCRIPT = """
import asyncio
from tui.ui import theme_choice as theme
theme.choose()
from tests.drivers.console import started
from tui.launch import Launch, RunOptions
from tui.wiring import demo_core, demo_facts
from pathlib import Path

async def main():
    make = lambda: demo_core(RunOptions())
    launch = Launch(
        demo_facts(RunOptions()), make, make, mouse=False, slow=False, config_path=Path("none")
    )
    async with started(launch) as deck:
        await deck.sees("Temu DE")
        await deck.press("j", "e")
        print("\\n".join(deck.lines()))
        await deck.press("f10")
        await deck.opens("")
        print("\\n".join(deck.lines()))
        print("theme", deck.app.theme)

asyncio.run(main())
"""


def welcome() -> Launch:
    return Launch(
        facts=None,
        make_core=None,
        demo_core=lambda: demo_core(RunOptions()),
        mouse=False,
        slow=False,
        config_path=config_path(),
    )


async def test_without_a_config_the_welcome_screen_offers_the_demo() -> None:
    async with started(welcome()) as deck:
        await deck.sees("toml does not exist", "syncdeck config init", "d start the demo")
        await deck.press("e", "x", "escape")
        await deck.sees("syncdeck config init")
        await deck.press("d")
        await deck.sees("syncdeck · demo", "Temu DE", "401 from marketplace")
        await deck.until(lambda: deck.chip() == "live", "live chip")
        await deck.press("y")
        assert "the demo does not write the file" in deck.said("notice")
    assert not state_dir().exists()


async def test_the_demo_configures_a_sync() -> None:
    async with started(welcome()) as deck:
        await deck.press("d")
        await deck.sees("Temu DE")
        await deck.press("e")
        await deck.opens("Configure Temu")
        await deck.form.fill("Interval", "20m")
        await deck.form.review()
        await deck.press("a")
        await deck.opens("")
        await deck.until(lambda: "20m" in deck.cursor_row(), "new interval")
        assert deck.said("notice").endswith("applied")
    assert not state_dir().exists()


@pytest.mark.parametrize(
    ("addition", "sentence"),
    [
        ("wrokers = 5", "wrokers"),
        ("workers = 0", "workers"),
        ('[profiles.sim.superofice]\nbase_url = "http://127.0.0.1"', "superofice"),
    ],
)
async def test_a_bad_config_ends_the_console_with_code_2_and_a_sentence(
    erp: RunningSimulator, addition: str, sentence: str
) -> None:
    path = write_config(erp)
    lines = [line for line in path.read_text().splitlines() if not line.startswith("workers")]
    path.write_text("\n".join((*lines, addition)) + "\n")
    async with started(launch_for(path), erp) as deck:
        await deck.ends()
        assert deck.app.return_code == 2
        assert deck.app.trouble is not None
        assert sentence in deck.app.trouble
        assert f"config.toml:{len(lines) + 1}" in deck.app.trouble
        assert erp.log() == []


async def test_a_secret_that_is_not_there_ends_the_console_with_code_2(erp: RunningSimulator) -> None:
    path = write_config(erp)
    (path.parent / "jtl").unlink()
    async with started(launch_for(path), erp) as deck:
        await deck.ends()
        assert deck.app.return_code == 2
        assert "client_secret" in str(deck.app.trouble)


async def test_what_is_allowed_but_unwise_is_told_once_connected(erp: RunningSimulator) -> None:
    async with console(erp, refresh={"engine": 2}) as deck:
        await deck.until(lambda: "engine" in deck.said("notice"), "warning about the engine's interval")
        assert "polled every 2 s" in deck.said("notice")


def test_the_list_and_its_cursor_are_there_on_a_poor_terminal() -> None:
    done = subprocess.run(
        ["env", "TERM=linux", sys.executable, "-c", SCRIPT],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Configure Ebay" in done.stdout
    shown = " ".join(done.stdout.split())
    assert re.search(r"▌▲ locked (\S+ )?Ebay", shown)
    assert re.search(r"✖ error (\S+ )?Temu", shown)
    assert done.stdout.split()[-1] == "ansi-dark"


async def test_l7_the_first_start_requests_the_list_once(erp: RunningSimulator) -> None:
    async with console(erp, waits=False) as deck:
        await deck.until(lambda: deck.chip() == "live", "live data")
        assert [one["path"] for one in erp.received("GET", "/workers")] == [
            "/erp/v1/workers",
            "/erp/v1/workers/status",
        ]


async def test_a_refusal_of_the_first_moments_goes_once_it_no_longer_holds(
    erp: RunningSimulator,
) -> None:
    launch, connects = launch_for(write_config(erp)), threading.Event()
    make_core = launch.make_core
    assert make_core is not None

    def late() -> Core:
        connects.wait()
        return make_core()

    erp.hold("")
    async with started(replace(launch, make_core=late), erp) as deck:
        await deck.press("x")
        assert NOT_CONNECTED in deck.said("notice")
        connects.set()
        await deck.until(lambda: deck.said("notice") == "", "nothing refused")
        await deck.press("enter")
        assert deck.said("notice").endswith(NO_ROW_YET)
        erp.let_go()
        await deck.until(lambda: deck.said("notice") == "", "nothing refused")


async def test_a_history_that_is_read_withdraws_that_it_was_not(erp: RunningSimulator) -> None:
    erp.hold("")
    async with started(launch_for(write_config(erp, history=True)), erp) as deck:
        await deck.until(lambda: deck.app.session.core is not None, "a connection")
        await deck.press("H")
        assert deck.said("notice") == HISTORY_NOT_READ
        erp.let_go()
        await deck.until(lambda: deck.said("notice") == "", "nothing refused")
