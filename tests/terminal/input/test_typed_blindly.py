"""Text that was typed or pasted without looking confirms nothing at a real terminal (D9)."""

from tests.drivers.terminal import Terminal
from tests.terminal.erp_process import ErpProcess


def asked_to_delete(live: Terminal) -> None:
    """The review that wants the name, as soon as it is there."""
    live.press("2")
    live.wait_for("de.muster")
    live.press("D")
    live.wait_for("type sim and press enter")


def test_d9_words_on_a_list_send_nothing(live: Terminal, erp: ErpProcess) -> None:
    live.press("j")
    live.send("sales status report")
    live.settle()
    assert erp.writes() == []


def test_d9_a_name_that_is_pasted_sends_nothing(live: Terminal, erp: ErpProcess) -> None:
    asked_to_delete(live)
    live.send("sim\r")
    live.settle()
    for paste in ("\x1b[200~sim\x1b[201~\r", "\x1b[200~sim\r\x1b[201~", "sim\r"):
        live.confirm_by_name("", enter=False)
        live.settle(0.5)
        live.send(paste)
        live.wait_for("a pasted name does not count")
        live.settle()
    assert erp.writes() == []
    live.confirm_by_name("sim")
    erp.wait_received("DELETE", "/extensions/")
    assert len(erp.writes()) == 1
