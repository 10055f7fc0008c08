"""The grammar of `maintenance`."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime

from tui.cli.argument_types import add_json, duration, said

EXIT_CODES = """exit codes: 0 all done, 1 something is left, 2 refused: nothing was sent

T: 2h, 03:00, tomorrow 06:00, or ISO 8601; in UTC, as all times that syncdeck shows, unless
an offset is given. A maintenance belongs to the user who opened it: commands, `check` and the
console of other users do not see it. More: `syncdeck help maintenance`."""
_DAY = 86_400.0


def add_maintenance(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """`add` makes the parser of an action, of its name and its purpose."""
    opening = add("open", "stop a set of targets, and note what is to be started again")
    opening.add_argument("name", metavar="NAME", nargs="?", default="", help="a set of the config")
    opening.add_argument(
        "--target",
        dest="filters",
        action="append",
        default=[],
        metavar="FILTER",
        help='engine, or a filter such as channel:Amazon or name:"Temu DE"; repeatable',
    )
    opening.add_argument("--reason", metavar="TEXT", help="what it is for; required, but not to go on")
    opening.add_argument("--until", type=_end, metavar="T", help="the planned end; likewise")
    opening.add_argument(
        "--drain",
        dest="drain_s",
        type=_drain,
        metavar="TIME",
        help="let running syncs end first, for so long at most: 15m",
    )
    _confirmed(opening, "on production and for more than 10 targets also needs --profile NAME")
    add_json(add("list", "list what is open, and what was closed"))
    closing = add("close", "start exactly what was stopped")
    closing.add_argument("name", metavar="NAME", help="its name or id")
    closing.add_argument("--dry-run", action="store_true", help="show it without sending it")
    closing.add_argument(
        "--settle",
        dest="settled",
        action="append",
        default=[],
        metavar="TARGET",
        help="leave this one as it is, whatever is not known of it: its name or id; repeatable",
    )
    _confirmed(
        closing,
        "where it starts more than 10 targets, or connections on production, also needs --profile NAME",
    )
    forgetting = add("forget", "delete what was noted; starts nothing")
    forgetting.add_argument("name", metavar="NAME", help="its name or id")
    _confirmed(forgetting, "needed where something is off")


def _confirmed(command: argparse.ArgumentParser, more: str) -> None:
    command.add_argument("--yes", action="store_true", help=f"confirm; {more}")


@said
def _end(text: str) -> datetime:
    from tui.domain.time_grammar import planned_end

    return planned_end(text, datetime.now(UTC))


@said
def _drain(text: str) -> float:
    seconds = duration(text)
    if not 0 <= seconds <= _DAY:
        raise ValueError("a time up to 24h, such as 15m")
    return seconds
