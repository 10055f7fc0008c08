"""The grammar of `history`, `watch`, `record` and `note`."""

import argparse
from collections.abc import Sequence

from tui.cli.argument_types import add_json, duration, past, path

FORMS = """forms of `syncdeck history`:
  history [TARGET...] [--since T] [--until T]   changes in a window, 8 h by default
  history at T                                  every target as it was at T
  history cut --since T --until T -o FILE       a file for a ticket: syncdeck --replay FILE
  history forget --before T                     delete what is older
  history size                                  how much is kept
  history -- at                                 a target with the name of one of these

T: now, 2h, 2h ago, 01:00, yesterday 14:30, mon 01:00, or ISO 8601; in UTC, as all
times that syncdeck shows, unless an offset is given.

exit codes: 0 healthy in the window, 1 problems, 2 usage, 3 nothing was recorded then"""
_ACTIONS = ("at", "cut", "forget", "size")
_NEEDED = {"cut": ("since", "until", "output"), "forget": ("before",)}
_ALLOWED = {"": ("since", "until", "json"), "at": ("json",), "cut": ("since", "until", "output")}
_ALLOWED |= {"forget": ("before",), "size": ("json",)}
_OPTIONS = {
    "since": "--since",
    "until": "--until",
    "before": "--before",
    "output": "-o",
    "json": "--json",
}


def add_history(history: argparse.ArgumentParser) -> None:
    history.add_argument("words", metavar="TARGET", nargs="*", help="an identifier or a name")
    history.add_argument("--since", type=past, metavar="T", help="start of the window (8h ago)")
    history.add_argument("--until", type=past, metavar="T", help="its end (now)")
    history.add_argument("--before", type=past, metavar="T", help="with forget: delete what is older")
    history.add_argument("-o", dest="output", type=path, metavar="FILE", help="with cut: the new file")
    add_json(history)


def add_watch(watch: argparse.ArgumentParser) -> None:
    watch.add_argument("target", metavar="TARGET", nargs="*", help="an identifier or a name")
    watch.add_argument(
        "--problems", action="store_true", help="only changes to or from what needs attention"
    )
    watch.add_argument("--json", action="store_true", help="one JSON object per line")
    watch.add_argument(
        "--exec",
        dest="argv",
        nargs=argparse.REMAINDER,
        default=None,
        metavar="CMD",
        help="run it for each change, with the JSON object on stdin; the rest of the line belongs to it",
    )


def add_record(record: argparse.ArgumentParser) -> None:
    record.add_argument(
        "--profile",
        dest="profiles",
        action="append",
        default=[],
        metavar="NAME",
        help="a profile to record; repeatable",
    )
    record.add_argument(
        "--all",
        action="store_true",
        help="record every profile of the config; one that cannot be used is left out",
    )
    record.add_argument("--once", action="store_true", help="poll everything once, then end (for cron)")
    record.add_argument("--for", dest="seconds", type=duration, metavar="8h", help="end after this time")
    record.add_argument(
        "--status", action="store_true", help="print who records, since when and how completely"
    )
    record.add_argument("--print-unit", action="store_true", help="print a systemd unit")


def add_note(note: argparse.ArgumentParser) -> None:
    note.add_argument("text", metavar="TEXT", nargs="*", help="one line, kept with user and time")
    note.add_argument("--strike", metavar="ID", default="", help="strike a note through")
    note.add_argument("--list", action="store_true", help="list the notes with their ids")


def sort_out(args: argparse.Namespace, arguments: Sequence[str]) -> str:
    """Set `action`, `target` and `at` from the words of `history`; what is wrong, or empty.

    `arguments`: as they were typed: a word behind `--` is always a target.
    """
    behind = len(arguments) - arguments.index("--") - 1 if "--" in arguments else 0
    words, args.action, args.at = args.words, "", None
    if words and len(words) > behind and words[0] in _ACTIONS:
        args.action, *words = words
    args.target = tuple(words)
    given = [name for name in _OPTIONS if getattr(args, name)]
    command = f"history {args.action}".strip()
    for name in given:
        if name not in _ALLOWED[args.action]:
            return f"{command}: {_OPTIONS[name]} does not belong to it"
    if missing := [_OPTIONS[name] for name in _NEEDED.get(args.action, ()) if name not in given]:
        return f"{command}: {' and '.join(missing)} missing"
    if args.action == "at":
        return _read_at(args, " ".join(words))
    if args.action and words:
        return f"{command} takes no TARGET"
    return ""


def _read_at(args: argparse.Namespace, text: str) -> str:
    args.target = ()
    try:
        args.at = past(text)
    except argparse.ArgumentTypeError as error:
        return f"history at: {error}"
    return ""
