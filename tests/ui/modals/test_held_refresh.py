"""D6: `r` held down uses up no rate limit."""

import time

from tests.drivers.console import console
from tests.drivers.simulator import RunningSimulator


async def test_d6_r_in_one_burst_is_two_requests_of_each_list_at_most(erp: RunningSimulator) -> None:
    slow = {"workers": 60, "engine": 60, "extensions": 60, "connections": 60}
    async with console(erp, refresh=slow) as deck:
        for tab in "146":
            await deck.press(tab)
            await deck.until(lambda: deck.chip() in ("live", "read now"), "data on the tab")
            await deck.looks()
            erp.clear_log()
            erp.fault("(workers|extensions|ErpSync|/log|Traveltransactionlog)=slow:0.2")
            began = time.monotonic()
            await deck.burst(*["r"] * 40)
            await deck.refresh()
            # On a busy machine the keys themselves take their time.
            most = 3 + int(2 * (time.monotonic() - began))
            asked: dict[str, int] = {}
            for entry in erp.log():
                body = str(entry["body"]) if "Summary" in entry["path"] else ""
                asked[entry["path"] + body] = asked.get(entry["path"] + body, 0) + 1
            assert asked
            assert max(asked.values()) <= most, asked
            erp.clear_faults()
