"""`syncdeck run` at a terminal: it asks for the last step, and what was typed before does not count."""

from pathlib import Path

import pytest

from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console
from tests.terminal.erp_process import ErpProcess


def stop(erp: ErpProcess, syncdeck: Console) -> Terminal:
    terminal = syncdeck("--config", erp.config, "run", "worker.stop", "Temu DE", size=(80, 40))
    terminal.wait_for("type y and press enter to confirm")
    read(terminal)
    return terminal


def read(terminal: Terminal) -> None:
    """Take the time that it takes to read the question."""
    terminal.settle(0.5)


def test_the_word_of_its_grade_sends_it(erp: ErpProcess, syncdeck: Console) -> None:
    terminal = stop(erp, syncdeck)
    assert "Stop sync · Temu · Temu DE · sim · development" in terminal.screen()
    assert "even after a restart of the JTL-Worker" in terminal.screen()
    assert erp.writes() == []
    terminal.press("y", "enter")
    terminal.wait_for("applied · Temu · Temu DE: now")
    terminal.wait_ended()
    assert terminal.exit_code == 0
    (request,) = erp.writes()
    assert request["body"] == {"Action": 1}


def test_what_changed_while_it_was_asked_is_a_conflict_and_is_not_sent(
    erp: ErpProcess, syncdeck: Console
) -> None:
    configure = ("run", "configure", "Temu DE", "--set", "interval=10m")
    terminal = syncdeck("--config", erp.config, *configure, size=(80, 40))
    terminal.wait_for("type a and press enter to apply")
    erp.merge({"jtl": {"workers": {"Temu DE": {"interval": 420}}}})
    read(terminal)
    terminal.press("a", "enter")
    terminal.wait_for("conflict · Temu · Temu DE")
    terminal.wait_ended()
    assert terminal.exit_code == 1
    assert erp.writes() == []


@pytest.mark.parametrize("typed", ["a\r", "\r", "yes\r", "\x04"])
def test_anything_else_sends_nothing(erp: ErpProcess, syncdeck: Console, typed: str) -> None:
    terminal = stop(erp, syncdeck)
    terminal.send(typed)
    terminal.wait_for("nothing was sent: it was not confirmed")
    terminal.wait_ended()
    assert terminal.exit_code == 2
    assert erp.writes() == []


def test_ctrl_c_at_the_question_sends_nothing(erp: ErpProcess, syncdeck: Console) -> None:
    terminal = stop(erp, syncdeck)
    terminal.press("ctrl+c")
    terminal.wait_ended()
    assert terminal.exit_code == 130
    assert erp.writes() == []


def test_what_was_typed_ahead_of_the_question_does_not_count(erp: ErpProcess, syncdeck: Console) -> None:
    terminal = syncdeck("--config", erp.config, "run", "worker.stop", "Temu DE", size=(80, 40))
    terminal.send("y\ry\r")
    terminal.wait_for("type y and press enter to confirm")
    terminal.settle()
    assert terminal.exit_code is None
    assert erp.writes() == []


def test_what_cannot_be_taken_back_wants_the_profile_s_name(erp: ErpProcess, syncdeck: Console) -> None:
    resync = ("run", "force-resync", "crm", "--set", "keys=670")
    terminal = syncdeck("--config", erp.config, *resync, size=(80, 40))
    terminal.wait_for("type sim, the profile's name, and press enter")
    read(terminal)
    terminal.press(*"sim", "enter")
    terminal.wait_ended()
    (request,) = erp.writes()
    assert request["body"]["InternalKeyIds"] == [670]


def test_of_a_resync_in_several_calls_the_question_names_how_many(
    erp: ErpProcess, syncdeck: Console, tmp_path: Path
) -> None:
    keys = tmp_path / "keys.txt"
    keys.write_text("\n".join(map(str, range(1, 5_001))))
    resync = ("run", "force-resync", "1", "--set", f"file={keys}")
    terminal = syncdeck("--config", erp.config, *resync, size=(100, 60))
    terminal.wait_for("the profile's name, and press enter to confirm")
    assert "Forced resync · 10 calls · sim · " in terminal.screen()
    assert "and Business Central DE · call 10 of 10, 500 keys" in terminal.screen()
    terminal.press("enter")
    terminal.wait_for("nothing was sent: it was not confirmed")
    terminal.wait_ended()
    assert erp.writes() == []


def test_of_two_targets_the_question_names_how_many(erp: ErpProcess, syncdeck: Console) -> None:
    two = ("run", "worker.stop", "Temu DE", "Hauptshop")
    terminal = syncdeck("--config", erp.config, *two, size=(100, 80))
    terminal.wait_for("type y and press enter to confirm; anything else sends nothing:")
    assert "Stop sync · 2 targets · sim · development" in terminal.screen()
    terminal.press("enter")
    terminal.wait_ended()
    assert terminal.exit_code == 2
