"""What changes below several dialogs is drawn through all of them."""

import pytest

from tests.drivers.console import console
from tests.drivers.simulator import RunningSimulator
from tests.drivers.through import ThroughDriver


async def test_the_header_goes_on_below_a_review_that_stands_on_a_form(
    erp: RunningSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textual.drivers.headless_driver.HeadlessDriver", ThroughDriver)
    monkeypatch.setattr(ThroughDriver, "differences", [], raising=False)
    async with console(erp) as deck:
        await deck.workers.focus("Temu DE")
        await deck.press("e")
        await deck.form.fill("Interval", "7m")
        await deck.form.review()
        await deck.opens("Configure sync")
        assert deck.lines()[0].endswith(" live ")
        erp.stop()
        await deck.until(lambda: "stale" in deck.lines()[0], "age in the header")
