"""The command line's grammar. Options go before or after a subcommand with the same meaning; where
both are given, the later wins."""

import argparse
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from tui import __version__
from tui.launch import RunOptions

ONE_SHOT = {
    "status": "what needs attention, and why",
    "workers": "list the worker syncs",
    "extensions": "list the extensions",
    "engine": "show the ErpSync engine",
    "connections": "list the ErpSync connections",
    "log": "list the newest changes of the ErpSync change log",
}
CONFIG = {
    "path": "print where the config file is",
    "show": "print the effective config, secrets as references",
    "validate": "check the config file",
    "init": "write a commented template",
}
_EPILOG = """exit codes: 0 healthy, 1 something needs attention, 2 usage or configuration, 3 unreachable,
4 not authorised, 5 the server answered nonsense, 128+n ended by signal n"""
_DEFAULTS = {
    "command": None,
    "profile": None,
    "config": None,
    "demo": False,
    "read_only": False,
    "slow": False,
    "no_mouse": False,
    "stock_driver": False,
    "log": None,
    "json": False,
}


class _Parser(argparse.ArgumentParser):
    appendix: Callable[[], str] | None = None
    """More help, made only when it is shown."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")

    def format_help(self) -> str:
        return super().format_help() + (f"\n{self.appendix()}\n" if self.appendix else "")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line; ends the process with 0 or 2 for --help, --version and wrong usage."""
    # The console itself needs no command, and twenty parsers take as long as some of its screens.
    given, more = _console().parse_known_args(arguments)
    if more:
        given = _parser().parse_args(arguments)
    return argparse.Namespace(**(_DEFAULTS | vars(given)))


def options_of(given: argparse.Namespace) -> RunOptions:
    """The options that concern a running profile."""
    return RunOptions(given.read_only, given.slow, given.no_mouse, given.log, given.stock_driver)


def _console() -> _Parser:
    """What is understood without a command; anything else is left over, a wish for help as well."""
    return _Parser(prog="syncdeck", parents=[_common()], allow_abbrev=False, add_help=False)


def _parser() -> _Parser:
    common = _common()
    parser = _Parser(
        prog="syncdeck",
        description="A terminal console for ERP synchronisation. Without a command: the console.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common],
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    for name, purpose in ONE_SHOT.items():
        one = commands.add_parser(
            name, help=purpose, description=purpose, parents=[common], allow_abbrev=False
        )
        one.add_argument("--json", action="store_true", help="one JSON document on stdout")
    _add_audit(commands, common)
    _add_run(commands, common)
    _add_register(commands, common)
    _add_doctor(commands, common)
    _add_simulate(commands, common)
    config = commands.add_parser(
        "config",
        help="the config file",
        description="the config file",
        parents=[common],
        allow_abbrev=False,
    )
    actions = config.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=_Parser)
    for name, purpose in CONFIG.items():
        actions.add_parser(name, help=purpose, description=purpose, parents=[common], allow_abbrev=False)
    return parser


def _common() -> _Parser:
    """The options of every command; absent where not given, so that a subcommand resets none."""
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS, allow_abbrev=False)
    common.add_argument(
        "--profile", metavar="NAME", help="the profile to use instead of the default one"
    )
    common.add_argument("--config", type=_path, metavar="FILE", help="the config file")
    common.add_argument(
        "--demo", action="store_true", help="use the embedded simulator; needs no config"
    )
    common.add_argument("--read-only", action="store_true", help="refuse every write")
    common.add_argument("--slow", action="store_true", help="for slow lines: draw and ask less")
    common.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    common.add_argument(
        "--stock-driver", action="store_true", help="let Textual draw everything anew each time"
    )
    common.add_argument(
        "--log", type=_path, metavar="FILE", help="write a redacted log of every request"
    )
    common.add_argument("--version", action="version", version=f"syncdeck {__version__}")
    return common


def _add_audit(commands: "argparse._SubParsersAction[_Parser]", common: _Parser) -> None:
    purpose = "what was changed from here, and what became of it"
    audit = commands.add_parser(
        "audit",
        help=purpose,
        description=f"{purpose}; `audit verify` tells what of it needs a look",
        parents=[common],
        allow_abbrev=False,
    )
    audit.add_argument(
        "action",
        nargs="?",
        choices=("verify",),
        help="attempts without outcome and lines that cannot be read",
    )
    audit.add_argument("--json", action="store_true", help="one JSON document on stdout")
    audit.add_argument(
        "--since", type=_when, metavar="WHEN", help="30m, 2h, 3d, or an ISO date or date-time (UTC)"
    )


def _add_run(commands: "argparse._SubParsersAction[_Parser]", common: _Parser) -> None:
    purpose = "change something: show it, ask, send it, say what became of it"
    run = commands.add_parser(
        "run", help=purpose, description=purpose, parents=[common], allow_abbrev=False
    )
    run.appendix = _about_run
    run.add_argument("operation", metavar="OPERATION", help="such as worker.restart, or restart")
    run.add_argument("target", metavar="TARGET", nargs="+", help="an identifier or a name")
    run.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="a setting; may be repeated"
    )
    run.add_argument(
        "--yes",
        action="store_true",
        help="take the last step; what cannot be taken back needs --profile NAME as well",
    )
    run.add_argument(
        "--no-wait", action="store_true", help="do not wait for the effect of a start, stop or restart"
    )
    run.add_argument("--dry-run", action="store_true", help="show it, and send nothing")
    run.add_argument("--json", action="store_true", help="one JSON document on stdout")


def _add_register(commands: "argparse._SubParsersAction[_Parser]", common: _Parser) -> None:
    from tui.register_arguments import add_to

    purpose = "register syncdeck as an app of a JTL-Wawi on-premises"
    register = commands.add_parser(
        "register",
        help=purpose,
        description=f"{purpose}, step by step; --profile names the profile that comes of it. What is"
        " not given is asked for; where nobody can be asked, --base-url, --profile, --yes and one of"
        " --write-config and --print are needed.",
        parents=[common],
        allow_abbrev=False,
    )
    add_to(register, _path)


def _about_run() -> str:
    from tui.headless.run_help import appendix

    return appendix()


def _add_doctor(commands: "argparse._SubParsersAction[_Parser]", common: _Parser) -> None:
    purpose = "what is wrong between this terminal and the servers, and what helps"
    doctor = commands.add_parser(
        "doctor",
        help=purpose,
        description=f"{purpose}; it changes nothing, and no secret is in what it prints",
        parents=[common],
        allow_abbrev=False,
    )
    doctor.add_argument("--json", action="store_true", help="one JSON document on stdout")
    doctor.add_argument(
        "--reset-terminal",
        action="store_true",
        help="only end the modes that a killed console has left this terminal in",
    )


def _add_simulate(commands: "argparse._SubParsersAction[_Parser]", common: _Parser) -> None:
    from tui.simulator.options import SimulateOptions

    default = SimulateOptions()
    purpose = "serve a simulated ERP on this machine"
    simulate = commands.add_parser(
        "simulate", help=purpose, description=purpose, parents=[common], allow_abbrev=False
    )
    simulate.add_argument(
        "--port", type=_count, default=default.port, help="0: a free one (%(default)s)"
    )
    for name in ("workers", "extensions", "connections"):
        amount = getattr(default, name)
        simulate.add_argument(
            f"--{name}", type=_count, default=amount, metavar="N", help="(%(default)s)"
        )
    simulate.add_argument("--seed", type=int, default=default.seed, metavar="N", help="(%(default)s)")
    simulate.add_argument("--still", action="store_true", help="freeze the world")
    simulate.add_argument("--write-config", type=_path, metavar="FILE", help="write a ready config file")
    simulate.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="REGEX=KIND[:ARG][*COUNT]",
        help="answer matching requests wrongly; may be repeated",
    )


def _path(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("a file name is needed")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise argparse.ArgumentTypeError(
            f"{text!r}: the home directory that ~ stands for is not known"
        ) from None


def _when(text: str) -> datetime:
    from tui.domain.moments import since

    try:
        return since(text, datetime.now(UTC))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 8):
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 up")
    return int(text)
