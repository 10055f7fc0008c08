"""The command line's grammar.

Options go before or after a subcommand with the same meaning; where both are given, the later one wins.
"""

import argparse
from collections.abc import Callable, Sequence
from functools import cache
from typing import NoReturn

from tui import __version__
from tui.cli.argument_types import add_json, count, past, path
from tui.cli.check_arguments import EXIT_CODES, WHY_CODES, add_check, add_one_shot, add_timeout, add_why
from tui.cli.console_arguments import DEFAULTS, Arguments
from tui.cli.history_arguments import FORMS, add_history, add_note, add_record, add_watch, sort_out
from tui.cli.metrics_arguments import (
    METRICS_CODES,
    RECORD_CODES,
    add_metrics,
    add_serving,
    add_share,
    wrong_serving,
)
from tui.cli.report_arguments import ABOUT_TIMES, add_handover, add_report
from tui.cli.run_arguments import about_run, add_run, unknown

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
    "show": "print the effective config without secret values",
    "validate": "check the config file",
    "init": "write a commented template",
}
_EPILOG = """exit codes: 0 healthy, 1 something needs attention, 2 usage or configuration, 3 unreachable,
4 login refused or permission missing, 5 unexpected response, 128+n ended by signal n"""


class _Parser(argparse.ArgumentParser):
    appendix: Callable[[], str] | None = None
    """Added to --help; made only when it is shown."""

    known: Callable[[str], str] | None = None
    """Of `run`: why its operation is unknown, or empty; that comes before a target that is missing."""
    operation = ""

    def error(self, message: str) -> NoReturn:
        operation, self.operation = self.operation, ""
        unknown = self.known(operation) if self.known and operation else ""
        if unknown:
            self.exit(2, f"syncdeck: {unknown}\n")
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")

    def format_help(self) -> str:
        return super().format_help() + (f"\n{self.appendix()}\n" if self.appendix else "")


def parse(arguments: Sequence[str]) -> Arguments:
    """Ends the process with 0 or 2 for --help, --version and wrong usage."""
    # The console needs no command, and twenty parsers take as long as some of its screens.
    # What follows --exec belongs to another program.
    own = arguments[: arguments.index("--exec")] if "--exec" in arguments else arguments
    args, more = _console().parse_known_args(own)
    if more:
        of_rest = any(one.partition("=")[0] in ("--rest", "--drop-rest") for one in arguments)
        parser = _parser(of_rest=of_rest)
        args = parser.parse_args(arguments)
        wrong = sort_out(args, arguments) if args.command == "history" else ""
        if wrong or (args.command == "record" and (wrong := wrong_serving(args))):
            parser.exit(2, f"syncdeck: {wrong}; see syncdeck {args.command} --help\n")
    return Arguments(**(DEFAULTS | vars(args)))


def _console() -> _Parser:
    """What is understood without a command; everything else is left over, --help as well."""
    parser = _Parser(prog="syncdeck", parents=[_common()], allow_abbrev=False, add_help=False)
    _add_replay(parser)
    return parser


@cache
def _parser(*, of_rest: bool) -> _Parser:
    """Made once a process: it takes as long as some commands."""
    common = _common()
    parser = _Parser(
        prog="syncdeck",
        description="A terminal console for ERP synchronisation. Without a command: the console."
        " `syncdeck help` lists the reference pages.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[common],
        allow_abbrev=False,
    )
    _add_replay(parser)
    commands = _Commands(parser, common, "command")
    for name, purpose in ONE_SHOT.items():
        one_shot = commands.add(name, purpose)
        add_json(one_shot)
        add_one_shot(one_shot)
    check = commands.add("check", "check everything once, as a monitoring plugin", epilog=EXIT_CODES)
    add_json(check)
    add_check(check)
    purpose = "explain why a target is as it is, and what to do"
    why = commands.add("why", purpose, epilog=WHY_CODES)
    add_json(why)
    add_why(why)
    _add_audit(commands)
    _add_history(commands)
    add_report(commands.add("report", "write what happened, for a ticket", ABOUT_TIMES))
    add_handover(commands.add("handover", "write what the next shift has to know", ABOUT_TIMES))
    _add_monitoring(commands)
    _add_run(commands, of_rest=of_rest)
    _add_maintenance(commands)
    _add_register(commands)
    _add_doctor(commands)
    pages = commands.add("help", "show a reference page; without TOPIC list the topics")
    pages.add_argument("topic", metavar="TOPIC", nargs="?", help="such as keys or configuration")
    _add_simulate(commands)
    actions = commands.actions_of(commands.add("config", "the config file"))
    for name, purpose in CONFIG.items():
        actions.add(name, purpose)
    return parser


class _Commands:
    """Adds commands, each of which takes the options of every command."""

    def __init__(
        self, parser: _Parser, common: _Parser, dest: str, *, is_required: bool = False
    ) -> None:
        self._common = common
        self._parsers = parser.add_subparsers(
            dest=dest, metavar=dest.upper(), required=is_required, parser_class=_Parser
        )

    def add(
        self,
        name: str,
        purpose: str,
        more: str = "",
        *,
        epilog: str | None = None,
        has_own_profile: bool = False,
    ) -> _Parser:
        """`more` continues the purpose in its own help.

        `has_own_profile`: its --profile replaces that of the others, which must stay as it is.
        """
        return self._parsers.add_parser(
            name,
            help=purpose,
            description=f"{purpose}{more}",
            epilog=epilog,
            parents=[_common() if has_own_profile else self._common],
            allow_abbrev=False,
            conflict_handler="resolve" if has_own_profile else "error",
        )

    def actions_of(self, command: _Parser) -> "_Commands":
        return _Commands(command, self._common, "action", is_required=True)


def _common() -> _Parser:
    """The options of every command; absent where not given, so that a subcommand resets none."""
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS, allow_abbrev=False)
    common.add_argument(
        "--profile", metavar="NAME", help="the profile to use instead of the default one"
    )
    common.add_argument("--config", type=path, metavar="FILE", help="the config file")
    common.add_argument(
        "--demo", action="store_true", help="use the built-in simulator; needs no config"
    )
    common.add_argument("--read-only", action="store_true", help="refuse every write")
    common.add_argument("--slow", action="store_true", help="for slow lines: draw and poll less")
    common.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    common.add_argument(
        "--stock-driver", action="store_true", help="let Textual redraw the whole screen each time"
    )
    common.add_argument("--log", type=path, metavar="FILE", help="write a redacted log of every request")
    common.add_argument("--version", action="version", version=f"syncdeck {__version__}")
    return common


def _add_replay(console: _Parser) -> None:
    console.add_argument(
        "--replay", type=path, metavar="FILE", help="open the console on a file of `history cut`"
    )


def _add_audit(commands: _Commands) -> None:
    purpose = "list the changes made from here and their results"
    audit = commands.add("audit", purpose, "; `audit verify` lists what needs a check")
    audit.add_argument(
        "action",
        nargs="?",
        choices=("verify",),
        help="list attempts without outcome and unreadable lines",
    )
    add_json(audit)
    add_timeout(audit)
    audit.add_argument(
        "--since", type=past, metavar="T", help="only what is newer: 2h, 01:00, mon 01:00, 2026-03-01"
    )


def _add_history(commands: _Commands) -> None:
    history = commands.add("history", "show what changed, and since when")
    history.appendix = lambda: FORMS
    add_history(history)
    add_watch(commands.add("watch", "print changes as they come"))
    purpose = "record without a screen, for a service or cron"
    record = commands.add("record", purpose, epilog=RECORD_CODES, has_own_profile=True)
    add_record(record)
    add_serving(record)
    add_note(commands.add("note", "add a note to the history"))


def _add_monitoring(commands: _Commands) -> None:
    purpose = "print the metrics of a profile for Prometheus"
    more = "; `record --metrics` serves them"
    add_metrics(commands.add("metrics", purpose, more, epilog=METRICS_CODES, has_own_profile=True))
    add_share(commands.add("share", "print a file for a monitoring system; without NAME list them"))


def _add_run(commands: _Commands, *, of_rest: bool) -> None:
    run = commands.add("run", "make a change: show it, ask, send it, report the result")
    run.appendix, run.known = about_run, unknown
    add_run(run, _noted_by(run), of_rest=of_rest)
    add_json(run)


def _add_maintenance(commands: _Commands) -> None:
    from tui.cli.maintenance_arguments import EXIT_CODES, add_maintenance

    purpose = "stop a set together, and later start exactly that again"
    maintenance = commands.add("maintenance", purpose)
    maintenance.appendix = lambda: EXIT_CODES
    add_maintenance(commands.actions_of(maintenance).add)


def _add_register(commands: _Commands) -> None:
    from tui.cli.register_arguments import add_to

    purpose = "register syncdeck as an app of a JTL-Wawi on-premises"
    more = (
        ", step by step; --profile names the new profile. Missing"
        " values are asked for; without a terminal, --base-url, --profile, --yes and one of"
        " --write-config and --print are needed."
    )
    add_to(commands.add("register", purpose, more))


def _noted_by(run: _Parser) -> Callable[[str], str]:
    def note(word: str) -> str:
        run.operation = word
        return word

    return note


def _add_doctor(commands: _Commands) -> None:
    purpose = "check the terminal, the config and the servers"
    doctor = commands.add("doctor", purpose, "; it changes nothing and prints no secret")
    add_json(doctor)
    add_timeout(doctor)
    doctor.add_argument(
        "--reset-terminal",
        action="store_true",
        help="only reset the terminal after a killed console",
    )


def _add_simulate(commands: _Commands) -> None:
    from tui.simulator.options import SimulateOptions

    default = SimulateOptions()
    simulate = commands.add("simulate", "serve a simulated ERP on this machine")
    simulate.add_argument(
        "--port", type=count, default=default.port, help="the port; 0 picks a free one (%(default)s)"
    )
    for name in ("workers", "extensions", "connections"):
        amount = getattr(default, name)
        listed = f"how many {name} it has (%(default)s)"
        simulate.add_argument(f"--{name}", type=count, default=amount, metavar="N", help=listed)
    simulate.add_argument(
        "--seed", type=int, default=default.seed, metavar="N", help="another world (%(default)s)"
    )
    simulate.add_argument("--still", action="store_true", help="do not change the state over time")
    simulate.add_argument("--write-config", type=path, metavar="FILE", help="write a ready config file")
    simulate.add_argument(
        "--fault",
        dest="faults",
        action="append",
        default=[],
        metavar="REGEX=KIND[:ARG][*COUNT]",
        help="inject a fault into matching requests; repeatable",
    )
