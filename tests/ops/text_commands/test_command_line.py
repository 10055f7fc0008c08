"""The console's command line: how it is read, and how tab goes on with it."""

import pytest

from tui.domain.jtl.workers import Worker, WorkerOption, WorkerSync
from tui.ops.operations.operation import Operation
from tui.ops.operations.registry import OPERATIONS
from tui.ops.text_commands.command_line import Command, complete, parse_command
from tui.ops.text_commands.proposal_from_text import settings_for
from tui.ops.text_commands.setting import Setting

TEMU = Worker(
    "w1",
    WorkerSync(
        "w1",
        "Temu",
        "Temu DE",
        options=(
            WorkerOption("o1", "Stock reserve", type_name="int"),
            WorkerOption("o2", "Create orders", type_name="bool"),
        ),
    ),
    None,
)
OFFERED = tuple(
    OPERATIONS[one]
    for one in ("worker.configure", "worker.start", "worker.stop", "worker.restart", "refresh", "sort")
)


def offers(operation: Operation) -> tuple[Setting, ...]:
    return settings_for(operation, TEMU)


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", Command("")),
        (" stop ", Command("stop")),
        ("configure interval=10m", Command("configure", given=(("interval", "10m"),))),
        ('configure "Stock reserve"=7', Command("configure", given=(("Stock reserve", "7"),))),
        ('configure note="a b=c" x=', Command("configure", given=(("note", "a b=c"), ("x", "")))),
        ('create "my = shop" version=1', Command("create", ("my = shop",), (("version", "1"),))),
        ("filter temu !ok", Command("filter", ("temu", "!ok"))),
    ],
)
def test_a_line_is_read_word_by_word(text: str, command: Command) -> None:
    assert parse_command(text) == command


def test_an_open_quote_is_said() -> None:
    assert str(parse_command('configure "Stock')) == 'a " is not closed'


@pytest.mark.parametrize(
    ("text", "completed", "offered"),
    [
        ("c", "configure ", ("configure",)),
        ("st", "st", ("start", "stop")),
        ("sto", "stop ", ("stop",)),
        ("RE", "re", ("restart", "refresh")),
        ("worker.st", "worker.st", ("worker.start", "worker.stop")),
        ("zz", "zz", ()),
        ("configure ", "configure ", ("interval=", '"Stock reserve"=', '"Create orders"=')),
        ("configure in", "configure interval=", ("interval=",)),
        ("configure sto", 'configure "Stock reserve"=', ('"Stock reserve"=',)),
        ('configure "Sto', 'configure "Stock reserve"=', ('"Stock reserve"=',)),
        (
            "configure interval=5m ",
            "configure interval=5m ",
            ('"Stock reserve"=', '"Create orders"='),
        ),
        ('configure "create orders"=t', 'configure "create orders"=true ', ("true",)),
        ("configure interval=", "configure interval=", ()),
        ("stop ", "stop ", ()),
        ("zz in", "zz in", ()),
    ],
)
def test_tab_completes_what_can_be_completed(
    text: str, completed: str, offered: tuple[str, ...]
) -> None:
    found = complete(text, OFFERED, offers)
    assert (found.text, found.offers) == (completed, offered)
