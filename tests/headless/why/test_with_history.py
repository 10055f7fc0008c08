"""`why` with what a recorder kept in files."""

import re

from tests.drivers.command import Run
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tests.headless.history.recorder import until
from tests.headless.why.test_common_causes import put
from tui.simulator.jtl.world import FAILED, FINISHED


def record(erp: RunningSimulator, ran: Run, health: str) -> None:
    """Until the history has it: what a quick end of a recording does not write is not there."""
    temu = erp.worker_id("Temu DE")

    def is_there() -> bool:
        assert ran("record", "--once").code == 0
        items = ran("history", "at", "now", "--json").document["items"]
        return (temu, health) in [(one.get("id"), one.get("health")) for one in items]

    until(is_there)


def test_since_when_and_what_turned_with_it(erp: RunningSimulator, ran: Run) -> None:
    write_config(erp, history=True)
    put(FINISHED)(erp)
    record(erp, ran, "ok")
    put(FAILED, "timeout after 100 s", "Temu DE", "Otto Market")(erp)
    record(erp, ran, "error")
    found = ran("why", "Temu DE", "--json").document["explanations"]
    assert [one["id"] for one in found][:2] == ["run-failed", "same-words"]
    texts = [one["text"] for one in found[0]["evidence"]]
    assert texts[1].startswith("error since ")
    assert texts[2] == "no run was seen before that"
    assert texts[3].startswith("it was not seen before")
    assert "the same new words since" in found[1]["sentence"]


def test_a_recorded_target_of_a_server_that_is_gone(erp: RunningSimulator, ran: Run) -> None:
    write_config(erp, history=True)
    record(erp, ran, "error")
    erp.stop()
    done = ran("why", "Temu DE", "--json")
    assert done.code == 1
    assert done.document["target"] == erp.worker_id("Temu DE")
    assert done.document["explanations"][0]["id"] == "unreachable"
    texts = [one["text"] for one in done.document["explanations"][0]["evidence"]]
    [since] = [text for text in texts if re.search(r"^\w+ since \d", text)]
    assert since.startswith("error since ")
    assert since.endswith(", now unreachable"), "the history never had it as unreachable"
    assert not any("it was not seen before" in text for text in texts)
