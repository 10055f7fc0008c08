"""The server goes away and comes back while the operator looks on; and nothing happens at all."""

from tests.drivers.terminal import Terminal
from tests.terminal.erp_process import ErpProcess

SILENT_POLLS = 3
"""Asks for the status during which an idle list must stay silent."""


def test_what_was_known_stays_with_its_age_and_cause_until_the_server_is_back(
    erp: ErpProcess, live: Terminal
) -> None:
    erp.kill()
    live.wait_for("stale")
    assert "401 from marketplace" in live.line("Temu DE")
    live.wait_for("refused")
    assert "last response" in live.screen().replace("\n", " ")
    assert " live" not in live.line("syncdeck · sim")
    erp.start()
    live.wait_until(lambda: live.line("syncdeck · sim").endswith("live"), "live again")
    live.wait_gone("refused")
    assert "stale" not in live.screen()
    assert "401 from marketplace" in live.line("Temu DE")


def test_an_idle_list_sends_no_byte_to_the_terminal(erp: ErpProcess, live: Terminal) -> None:
    live.settle(quiet=1.0)
    drawn = live.bytes_received
    asked = len(erp.received("GET", "/workers/status"))

    def polled() -> bool:
        return len(erp.received("GET", "/workers/status")) >= asked + SILENT_POLLS

    live.wait_until(polled, f"{SILENT_POLLS} more polls")
    live.settle()
    assert live.bytes_received == drawn, f"after the silence came {live.raw[drawn:]!r}"
