"""The first sign of life: what was known last, dated, before the console is there; never as live."""

import signal
from pathlib import Path

import pytest

from tests.drivers.terminal import Terminal
from tests.terminal.conftest import Console, every_topic_answered
from tests.terminal.erp_process import ErpProcess
from tui.startup.last_screen import LastStates

SWITCH = b"\x1b[?1049h"
PICTURE = SWITCH + b"\x1b[?25l\x1b[?7l"


@pytest.fixture
def forks() -> bool:
    return False


def assert_sane(terminal: Terminal) -> None:
    assert terminal.modes == set()
    assert terminal.settings_now == terminal.settings_before


@pytest.fixture
def known(erp: ErpProcess, syncdeck: Console) -> ErpProcess:
    """An ERP that an earlier console has seen."""
    live = every_topic_answered(syncdeck("--config", erp.config, forks=True))
    live.press("q")
    live.wait_ended()
    return erp


def test_the_last_state_is_there_first_and_taken_over_without_a_flicker(
    known: ErpProcess, syncdeck: Console
) -> None:
    terminal = syncdeck("--config", known.config)
    terminal.wait_for("connecting…")
    assert "as of " in terminal.line("UTC: last seen state")
    assert "401 from" in terminal.line("Temu DE")
    assert terminal.raw.startswith(PICTURE)
    assert "q quit" not in terminal.screen()
    assert " live" not in terminal.screen()
    while " live" not in terminal.screen():
        terminal.pump(1.0)
        assert "Temu DE" in terminal.screen()
        assert "State " in terminal.line("Channel")
    terminal.settle()
    assert terminal.raw.count(SWITCH) == 1
    assert "as of " not in terminal.screen()
    terminal.press("q")
    terminal.wait_ended()
    assert terminal.exit_code == 0
    assert_sane(terminal)


def test_l7_the_last_state_keeps_how_many_syncs_there_are(known: ErpProcess, places: Path) -> None:
    assert LastStates(str(places / "cache" / "last"), str(known.config)).syncs("sim") == 12


@pytest.mark.parametrize(
    ("typed", "shown"), [("/temu d", "· /temu d"), (":workers start", " :workers start")]
)
def test_keys_typed_before_the_first_frame_reach_the_line_that_the_first_of_them_opens(
    erp: ErpProcess, syncdeck: Console, typed: str, shown: str
) -> None:
    terminal = syncdeck("--config", erp.config)
    terminal.send(typed)
    terminal.wait_for(shown)
    terminal.settle()
    assert shown in terminal.screen()
    assert terminal.program.poll() is None


def test_it_stays_dated_while_the_server_does_not_answer(known: ErpProcess, syncdeck: Console) -> None:
    known.hang()
    terminal = syncdeck("--config", known.config, forks=True)
    terminal.wait_for("q quit")
    terminal.wait_for("asking…")
    assert "as of " in terminal.line("UTC: last seen state")
    assert "401 from" in terminal.line("Temu DE")
    assert " live" not in terminal.screen()
    assert "▌" not in terminal.screen()
    terminal.press("y")
    terminal.wait_for("nothing received yet")
    terminal.press("e")
    terminal.settle()
    assert "Configure" not in terminal.screen()


def test_when_the_server_is_gone_it_stays_with_the_cause(known: ErpProcess, syncdeck: Console) -> None:
    known.kill()
    terminal = syncdeck("--config", known.config, forks=True)
    terminal.wait_for("no data:")
    assert "as of " in terminal.screen()
    assert "401 from" in terminal.line("Temu DE")


def test_the_cursor_starts_on_the_first_live_row_whatever_was_first_before(
    known: ErpProcess, syncdeck: Console, places: Path
) -> None:
    [file] = (places / "cache" / "last").iterdir()
    lines = file.read_text().split("\n")
    rows = [line for line in lines if line.startswith("row")]
    file.write_text("\n".join(rows.pop() if line.startswith("row") else line for line in lines))
    terminal = syncdeck("--config", known.config)
    terminal.wait_for("connecting…")
    assert "off" in terminal.screen().split("\n")[3]
    terminal.wait_for("▌")
    assert "Temu DE" in terminal.line("▌")
    assert terminal.line("▌") == terminal.screen().split("\n")[3]


@pytest.mark.parametrize(
    ("more", "arguments"),
    [({}, ("--demo",)), ({"LANG": "C"}, ()), ({"LC_ALL": "C", "PYTHONUTF8": "1"}, ())],
    ids=["the demo", "no UTF-8", "UTF-8 in Python alone"],
)
def test_nothing_is_shown_early_where_it_does_not_belong(
    known: ErpProcess, syncdeck: Console, more: dict[str, str], arguments: tuple[str, ...]
) -> None:
    terminal = syncdeck("--config", known.config, *arguments, more=more, forks=True)
    terminal.wait_for("quit")
    assert not terminal.raw.startswith(PICTURE)


def test_it_uses_no_colour(known: ErpProcess, syncdeck: Console) -> None:
    terminal = syncdeck("--config", known.config, more={"NO_COLOR": "1"})
    terminal.wait_for("connecting…")
    assert terminal.hues == set()


def test_a_config_that_became_wrong_is_said_on_a_sane_terminal(
    known: ErpProcess, syncdeck: Console
) -> None:
    terminal = syncdeck("--config", known.config, "--profile", "nobody", forks=True)
    terminal.wait_ended()
    assert terminal.exit_code == 2
    assert "there is no profile 'nobody'" in terminal.text
    assert_sane(terminal)


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGQUIT, 131)],
)
def test_a_signal_right_then_leaves_a_sane_terminal(
    known: ErpProcess, syncdeck: Console, number: signal.Signals, code: int
) -> None:
    terminal = syncdeck("--config", known.config)
    terminal.wait_until(lambda: b"connecting" in terminal.raw, "the first sign of life")
    terminal.signal(number)
    terminal.wait_ended()
    assert terminal.exit_code == code
    assert_sane(terminal)


def test_ctrl_z_right_then_stops_it_and_what_follows_is_not_typed_into_the_console(
    known: ErpProcess, syncdeck: Console
) -> None:
    terminal = syncdeck("--config", known.config)
    terminal.wait_until(lambda: b"connecting" in terminal.raw, "the first sign of life")
    terminal.send("\x1a3fg\r")
    terminal.wait_until(lambda: terminal.is_stopped, "the stop")
    terminal.settle()
    assert_sane(terminal)
    terminal.signal(signal.SIGCONT)
    terminal.wait_for(" live")
    terminal.settle()
    assert "State " in terminal.line("Channel")
    terminal.press("q")
    terminal.wait_ended()
    assert_sane(terminal)


def test_the_file_is_private_and_holds_no_secret(known: ErpProcess, places: Path) -> None:
    [file] = (places / "cache" / "last").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    secrets = [one.read_text().strip() for one in known.config.with_name("sim.toml.d").iterdir()]
    assert secrets
    assert not [secret for secret in secrets if secret in file.read_text()]
