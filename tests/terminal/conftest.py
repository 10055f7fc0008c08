"""The real program in a real pseudo-terminal, the real simulator over real HTTP, and private places."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.drivers.command import command
from tests.drivers.forked import is_like_started
from tests.drivers.terminal import Terminal
from tests.terminal.erp_process import ErpProcess

Console: TypeAlias = Callable[..., Terminal]


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """The folder that holds everything these programs may write to."""
    folder = tmp_path / "operator"
    (folder / "home").mkdir(parents=True)
    return folder


@pytest.fixture
def environment(places: Path) -> dict[str, str]:
    """A clean environment: nothing of the user's gets through."""
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(places / "home"),
        "SYNCDECK_STATE_DIR": str(places / "state"),
        "SYNCDECK_CACHE_DIR": str(places / "cache"),
    }


@pytest.fixture
def simulate(tmp_path: Path, environment: dict[str, str]) -> Iterator[Callable[..., ErpProcess]]:
    """Start a simulator with options: `erp = simulate("--still")`."""
    started: list[ErpProcess] = []

    def start(*options: str) -> ErpProcess:
        folder = tmp_path / f"erp{len(started)}"
        folder.mkdir()
        started.append(ErpProcess(folder, environment, *options))
        return started[-1]

    yield start
    for erp in started:
        erp.kill()


@pytest.fixture
def erp(simulate: Callable[..., ErpProcess]) -> ErpProcess:
    """A simulator whose world stands still."""
    return simulate("--still")


@pytest.fixture
def forks() -> bool:
    """Whether consoles start with most of their imports done; not where the start is what counts."""
    return True


@pytest.fixture
def syncdeck(places: Path, environment: dict[str, str], forks: bool) -> Iterator[Console]:
    """Start the program in a terminal: `syncdeck("--config", file, size=(80, 24))`."""
    with ExitStack() as stack:

        def start(
            *arguments: object,
            size: tuple[int, int] = (80, 24),
            more: Mapping[str, str] | None = None,
            answers_after: float | None = None,
            forks: bool = forks,
        ) -> Terminal:
            whole = {**environment, **(more or {})}
            is_forked = forks and is_like_started(whole)
            terminal = Terminal(
                list(map(str, arguments)) if is_forked else command(*arguments),
                whole,
                size=size,
                cwd=places,
                answers_after=answers_after,
                forks=is_forked,
            )
            return stack.enter_context(terminal)

        yield start


@pytest.fixture
def live(erp: ErpProcess, syncdeck: Console) -> Terminal:
    """The console on the simulator, with every topic answered."""
    return every_topic_answered(syncdeck("--config", erp.config))


def every_topic_answered(terminal: Terminal) -> Terminal:
    terminal.wait_for("Temu DE")
    terminal.wait_for("engine ✔ running")
    terminal.wait_for("live")
    return terminal
