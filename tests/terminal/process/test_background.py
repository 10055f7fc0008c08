"""Jobs of a shell: the console draws on its terminal only while it is in the foreground."""

import shlex
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.drivers.command import command
from tests.drivers.terminal import Terminal
from tests.terminal.erp_process import ErpProcess

Shell = Callable[[], Terminal]


@pytest.fixture
def shell(environment: dict[str, str], places: Path) -> Iterator[Terminal]:
    """A shell with job control."""
    with ExitStack() as stack:
        argv = ["bash", "--norc", "--noprofile", "-i"]
        terminal = stack.enter_context(Terminal(argv, {**environment, "PS1": "$ "}, cwd=places))
        terminal.wait_for("$")
        yield terminal
        terminal.send("kill -KILL %1\n")
        terminal.settle(0.2)


@pytest.fixture
def console(erp: ErpProcess) -> str:
    """The line that starts it."""
    return shlex.join(command("--config", erp.config))


def leave(shell: Terminal) -> None:
    """What is typed before the prompt may go to the console's end."""
    shell.press("q")
    shell.wait_until(lambda: "alternate screen" not in shell.modes, "the end")
    shell.wait_until(lambda: shell.said_at_the_end.endswith("$"), "the prompt")


@pytest.fixture
def known(shell: Terminal, console: str) -> None:
    """An earlier console has left a picture for the early frame."""
    shell.send(f"{console}\n")
    shell.wait_for("live")
    leave(shell)


@pytest.mark.parametrize("setting", ["-tostop", "tostop"])
@pytest.mark.usefixtures("known")
def test_x6_in_the_background_it_says_so_and_draws_nothing(
    shell: Terminal, console: str, setting: str
) -> None:
    shell.send(f"stty {setting}\n")
    drawn = len(shell.raw)
    shell.send(f"{console} & wait $!; echo code=$?\n")
    shell.wait_for("code=2")
    said = " ".join(shell.screen().split())
    assert "syncdeck: the console cannot start in the background; start it without `&`" in said
    assert b"\x1b[?1049h" not in shell.raw[drawn:]
    assert "alternate screen" not in shell.modes


def test_x6_suspended_and_put_into_the_background_it_draws_nothing(
    shell: Terminal, console: str
) -> None:
    shell.send(f"{console}\n")
    shell.wait_for("live")
    shell.press("ctrl+z")
    shell.wait_for("Stopped")
    shell.settle()
    drawn = len(shell.raw)
    stops = shell.text.count("Stopped")
    shell.send("bg\n")
    shell.settle()
    shell.send("jobs\n")
    shell.wait_until(lambda: shell.text.count("Stopped") > stops, "the second stop")
    assert b"\x1b[?1049h" not in shell.raw[drawn:]
    assert shell.modes <= {"bracketed paste"}
    shell.send("fg\n")
    shell.wait_for("live")
    shell.press("3")
    shell.wait_for("Observed since")
    leave(shell)
    shell.send("stty -a; echo code=$?\n")
    shell.wait_for("code=0")
    assert " echo " in shell.screen()
    assert " icanon" in shell.screen()


def test_x6_stopped_without_a_word_it_comes_back_and_leaves_the_terminal_sane(
    shell: Terminal, console: str
) -> None:
    shell.send(f"{console}\n")
    shell.wait_for("live")
    [job] = [int(one.split()[0]) for one in shell.left_behind if "python" in one]
    subprocess.run(["kill", f"-{signal.SIGSTOP.value}", str(job)], check=True)
    shell.wait_until(lambda: "Stopped" in shell.text, "the stop")
    shell.send("fg\n")
    shell.settle(1.0)
    shell.wait_for("Temu DE")
    shell.press("3")
    shell.wait_for("Observed since")
    leave(shell)
    shell.send("stty -a; echo code=$?\n")
    shell.wait_for("code=0")
    assert " echo " in shell.screen()
    assert " icanon" in shell.screen()


@pytest.mark.parametrize(
    "line", ["{} < /dev/null", "{} | cat", "true | {}", "{} 2> err.txt", "nohup {}"]
)
def test_x6_without_the_terminal_it_draws_nothing_and_says_what_it_needs(
    shell: Terminal, console: str, line: str
) -> None:
    drawn = len(shell.raw)
    shell.send(f"({line.format(console)}; echo code=${{PIPESTATUS[0]}}${{PIPESTATUS[1]}})\n")
    shell.wait_until(lambda: "code=2" in shell.screen() or "code=02" in shell.screen(), "exit code 2")
    shell.send("cat err.txt nohup.out\n")
    shell.wait_until(
        lambda: "needs a terminal" in shell.screen() or "draws on stderr" in shell.screen(), "why not"
    )
    assert b"\x1b[?1049h" not in shell.raw[drawn:]
