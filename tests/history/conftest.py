"""A folder for a history, and other programs that record into it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.history.recordings import Folder, Program


@pytest.fixture
def kept(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "history" / "test")


@pytest.fixture
def program() -> Iterator[Callable[[], Program]]:
    """Starts another program, which is ended with the test."""
    with ExitStack() as ends:

        def start() -> Program:
            started = Program()
            ends.callback(started.end)
            return started

        yield start
