"""The grammar of `syncdeck register`."""

import argparse
from collections.abc import Callable
from pathlib import Path


def add_to(register: argparse.ArgumentParser, path: Callable[[str], Path]) -> None:
    """Give the command its options; `path` reads a file name."""
    register.add_argument("--base-url", metavar="URL", help="https://HOST:PORT/api/DATABASE")
    register.add_argument(
        "--environment", metavar="WORD", help="production (usual), staging or development"
    )
    register.add_argument("--app-id", metavar="ID", help="the app's unique name in JTL-Wawi")
    register.add_argument("--display-name", metavar="NAME", help="the name that people see there")
    register.add_argument("--provider-name", metavar="NAME", help="who made the app")
    register.add_argument("--provider-website", metavar="URL", help="and where that is told")
    register.add_argument(
        "--scope",
        action="append",
        default=[],
        metavar="SCOPE",
        help="ask for this one instead of the usual ones; may be repeated",
    )
    register.add_argument(
        "--challenge", metavar="CODE", help="1 to 30 characters; better left out: one is made"
    )
    register.add_argument(
        "--secret-file",
        type=path,
        metavar="PATH",
        help="a new file for the key, 0600 (secrets/NAME-wawi-key beside the config)",
    )
    register.add_argument("--ca-bundle", type=path, metavar="FILE", help="whom to trust, PEM")
    register.add_argument(
        "--allow-plain-http", action="store_true", help="send the key unencrypted to another machine"
    )
    where = register.add_mutually_exclusive_group()
    where.add_argument(
        "--write-config",
        dest="add",
        action="store_const",
        const=True,
        help="add the profile at the end of the config file",
    )
    where.add_argument(
        "--print", dest="add", action="store_const", const=False, help="print its lines instead"
    )
    again = register.add_mutually_exclusive_group()
    again.add_argument("--resume", action="store_true", help="go on with a registration that waits")
    again.add_argument("--new", action="store_true", help="begin another one although one waits")
    register.add_argument(
        "--wait",
        type=_minutes,
        default=15.0,
        metavar="MINUTES",
        help="how long to wait for the answer (15)",
    )
    register.add_argument("--show-key", action="store_true", help="print the key once, after it is kept")
    register.add_argument("--yes", action="store_true", help="send without asking")


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = -1.0
    if not 0 <= minutes <= 1_440:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of minutes, at most 1440")
    return minutes
