"""The grammar of `report` and `handover`."""

import argparse

from tui.cli.argument_types import past, path

FORMATS = ("md", "html", "json")
ABOUT_TIMES = """. T is read as in `syncdeck history`, in UTC unless an offset is given; the times of the
document are local. `syncdeck help reports` says what is in it."""
_CODES = """exit codes: 0 written, 2 wrong usage or configuration, or FILE cannot be used, 74 the output
could not be written"""


def add_report(report: argparse.ArgumentParser) -> None:
    report.add_argument("--since", type=past, metavar="T", help="start of the window (8h ago)")
    report.add_argument("--until", type=past, metavar="T", help="its end (now)")
    report.add_argument(
        "--sync",
        dest="syncs",
        action="extend",
        nargs="+",
        default=[],
        metavar="NAME",
        help="only these targets, by identifier or name",
    )
    report.add_argument(
        "--postmortem",
        dest="is_postmortem",
        action="store_true",
        help="add headings for causes and actions",
    )
    _add_output(report)


def add_handover(handover: argparse.ArgumentParser) -> None:
    handover.add_argument("--since", type=past, metavar="T", help="start of the shift (8h ago)")
    handover.set_defaults(until=None, syncs=[], is_postmortem=False)
    _add_output(handover)


def _add_output(command: argparse.ArgumentParser) -> None:
    command.epilog = _CODES
    command.add_argument(
        "--format", choices=FORMATS, default="md", help="how it is written (%(default)s)"
    )
    command.add_argument(
        "--anonymous",
        dest="is_anonymous",
        action="store_true",
        help="replace names, leave out notes",
    )
    command.add_argument(
        "-o",
        dest="output",
        type=lambda text: None if text == "-" else path(text),
        metavar="FILE",
        help="a new file, 0600, instead of stdout (-)",
    )
