"""What JTL-Wawi reports of itself: among the credentials, and as a notice if it is the wrong one."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.drivers.console import launch_for, started
from tests.drivers.simulator import RunningSimulator
from tui.launch import Launch
from tui.simulator.client_config import write_config


@pytest.fixture
def launch(erp: RunningSimulator, private_places: Path) -> Launch:
    """The console on an on-premises profile."""
    path = private_places / "config" / "config.toml"
    write_config(path, erp.url)
    path.write_text(
        f'default_profile = "sim-onprem"\n{path.read_text()}'.replace('default_profile = "sim"\n', "")
    )
    return replace(launch_for(path), mouse=False)


async def test_build_and_database_are_shown_among_the_credentials(
    erp: RunningSimulator, launch: Launch
) -> None:
    async with started(launch, erp) as deck:
        await deck.until(lambda: deck.chip() == "live", "live data")
        await deck.press("A")
        await deck.sees("JTL-Wawi version 1.11.7.0 · database eazybusiness")
        assert len(erp.received("GET", "/info")) == 1


async def test_another_database_than_base_url_names_is_a_notice(
    erp: RunningSimulator, launch: Launch
) -> None:
    erp.state(jtl={"database": "Mandant2"})
    async with started(launch, erp) as deck:
        await deck.sees("base_url names the database eazybusiness, the server reports Mandant2")


async def test_a_server_without_info_changes_nothing(erp: RunningSimulator, launch: Launch) -> None:
    erp.state(jtl={"info": False})
    async with started(launch, erp) as deck:
        await deck.until(lambda: deck.chip() == "live", "live data")
        await deck.until(lambda: len(erp.received("GET", "/info")) == 2, "both paths tried")
        await deck.press("A")
        assert "version" not in deck.text()
        assert deck.chip() == "live"
