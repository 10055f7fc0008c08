"""The arguments of `syncdeck run`."""

import argparse
from collections.abc import Callable

from tui.cli.argument_types import duration


def add_run(run: argparse.ArgumentParser, note: Callable[[str], str], *, of_rest: bool) -> None:
    """`note` is given the operation's word before anything else is checked.

    `of_rest`: neither operation nor target is named. If that were always possible, argparse would not
    accept an option between them.
    """
    run.add_argument(
        "operation",
        metavar="OPERATION",
        type=note,
        nargs="?" if of_rest else None,
        default="",
        help="such as worker.restart, or restart",
    )
    run.add_argument(
        "targets", metavar="TARGET", nargs="*" if of_rest else "+", help="an identifier or a name"
    )
    run.add_argument(
        "--rest",
        default="",
        metavar="ID",
        help="instead of both: what a run or bulk that did not end well never sent; `audit` lists them",
    )
    run.add_argument(
        "--drop-rest", default="", metavar="ID", help="do not offer that again; sends nothing"
    )
    run.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a setting; may be repeated",
    )
    run.add_argument(
        "--yes",
        action="store_true",
        help="confirm; irreversible operations, disruptive ones on production and more than 10 targets"
        " also need --profile NAME",
    )
    waiting = run.add_mutually_exclusive_group()
    waiting.add_argument(
        "--no-wait", action="store_true", help="do not wait for the effect of a start, stop or restart"
    )
    waiting.add_argument(
        "--wait",
        dest="first_run_s",
        type=_first_run,
        metavar="run[:LIMIT]",
        help="after a start or restart, wait until the first run ended: run, run:2h (limit: 15m)",
    )
    run.add_argument("--dry-run", action="store_true", help="show it without sending it")


def _first_run(text: str) -> float:
    """Seconds that the first run is waited for."""
    from tui.session.effect_watcher import FIRST_RUN_S

    word, _, limit = text.partition(":")
    if word != "run":
        raise argparse.ArgumentTypeError(f"{text!r} is not run or run:LIMIT, such as run:2h")
    return duration(limit) if limit else FIRST_RUN_S


def unknown(word: str) -> str:
    from tui.ops.operations.names import find_operation
    from tui.ops.operations.registry import writes
    from tui.ops.refusal import Refusal

    found = find_operation(word, writes())
    return found.sentence if isinstance(found, Refusal) else ""


def about_run() -> str:
    from tui.headless.run.help import appendix

    return appendix()
