"""The options of `check`, and those of all one-shot commands: `--timeout` and `--all`."""

import argparse

from tui.cli.argument_types import number

SYSTEMS = ("jtl", "superoffice")
DEFAULT_TIMEOUT = 10.0
EXIT_CODES = """exit codes: 0 OK, 1 warning, 2 critical, 3 unknown (also wrong usage, a config that
cannot be used, --help and --version); of several, 2 comes first, then 3, 1 and 0"""
_seconds = number("seconds above 0", lambda found: 0 < found <= 86_400, unit="s")


def add_one_shot(command: argparse.ArgumentParser, timeout: float | None = None) -> None:
    add_timeout(command, timeout)
    command.add_argument("--all", action="store_true", help="every profile; the worst exit code wins")


def add_timeout(
    command: argparse.ArgumentParser,
    timeout: float | None = None,
    past: str = "exit 3, and where it waited",
) -> None:
    """`past`: what happens after it."""
    default = f" ({timeout:g})" if timeout else ""
    command.add_argument(
        "--timeout",
        type=_seconds,
        default=timeout,
        metavar="S",
        help=f"seconds for all requests{default}; past it: {past}",
    )


def add_check(check: argparse.ArgumentParser) -> None:
    add_one_shot(check, DEFAULT_TIMEOUT)
    check.add_argument("--system", choices=SYSTEMS, help="only this system")
    check.add_argument(
        "--sync",
        dest="syncs",
        action="extend",
        nargs="+",
        default=[],
        metavar="NAME",
        help="only these syncs, by identifier or name; one that is missing is unknown",
    )
    check.add_argument(
        "--expect",
        dest="expected",
        action="extend",
        nargs="+",
        default=[],
        metavar="NAME",
        help="warn if one of these syncs is not listed; everything else is checked as well",
    )
    check.add_argument(
        "--kind",
        default="",
        metavar="K",
        help="only this kind: sync, engine, connection, extension, or a kind of sync such as Ebay",
    )
    check.add_argument(
        "--unreachable",
        choices=("unknown", "critical"),
        default="unknown",
        help="result for a system that does not respond, refuses the login or sends nonsense",
    )
    check.add_argument(
        "--from-history",
        action="store_true",
        help="use the last values of `syncdeck record`; contacts no server",
    )


WHY_CODES = "exit codes: 0 nothing is wrong, 1 something is, 2 usage, or there is no such target"


def add_why(why: argparse.ArgumentParser) -> None:
    add_timeout(why, past="where it waited is the explanation")
    why.add_argument(
        "target",
        metavar="TARGET",
        help="a sync, extension or connection by identifier or name; engine, jtl or superoffice",
    )
    why.set_defaults(all=False)
