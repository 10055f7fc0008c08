"""The grammar of `metrics` and `share`, and of the options that others have for metrics."""

import argparse
from typing import TYPE_CHECKING

from tui.cli.argument_types import number, path, said

if TYPE_CHECKING:
    from tui.headless.monitoring.address import Address


METRICS_CODES = """exit codes: 0 everything was read, 2 usage, or a profile that cannot be used (its
syncdeck_up is 0), 3 unreachable, 4 login refused or permission missing, 5 unexpected response,
74 the output could not be written"""
RECORD_CODES = """exit codes: 0 ended as requested; with --once or --for: 2 a profile cannot be recorded,
3 unreachable, 4 login refused or permission missing, 5 unexpected response, 74 not stored"""
_seconds = number("seconds from 0.1 to 3600", lambda found: 0.1 <= found <= 3_600)


@said
def _address(text: str) -> "Address":
    from tui.headless.monitoring.address import read_address

    return read_address(text)


def add_metrics(metrics: argparse.ArgumentParser) -> None:
    metrics.add_argument(
        "--profile",
        dest="profiles",
        action="append",
        default=[],
        metavar="NAME",
        help="a profile to read; repeatable",
    )
    metrics.add_argument("--all", action="store_true", help="read every profile of the config")
    metrics.add_argument(
        "--textfile",
        type=path,
        metavar="FILE",
        help="replace FILE instead of printing, for the textfile collector of the node exporter",
    )
    metrics.add_argument(
        "--timeout",
        type=_seconds,
        default=60.0,
        metavar="S",
        help="seconds that the systems may take (%(default)g)",
    )


def add_serving(record: argparse.ArgumentParser) -> None:
    record.add_argument(
        "--metrics",
        type=_address,
        metavar="127.0.0.1:9977",
        help="serve the metrics of all profiles there, at /metrics and /probe?profile=NAME",
    )
    record.add_argument(
        "--metrics-public",
        action="store_true",
        help="allow an address that other machines reach; there is no login",
    )


def add_share(share: argparse.ArgumentParser) -> None:
    share.add_argument("name", metavar="NAME", nargs="?", help="such as syncdeck.rules.yml")


def wrong_serving(args: argparse.Namespace) -> str:
    """What of the options of `add_serving` does not go together, or empty."""
    address: Address | None = args.metrics
    if address is None:
        return "record: --metrics-public needs --metrics" if args.metrics_public else ""
    if args.once:
        return "record: --metrics does not go with --once; `syncdeck metrics` reads once"
    if not address.is_loopback and not args.metrics_public:
        return f"record: other machines can reach {address.host}: --metrics-public allows that"
    return ""
