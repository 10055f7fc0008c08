"""`python -m tests.benchmarks.load_trail`: section `load`, the audit trail (L5, L6).

Each figure is the time with a long trail as a multiple of that with a short one, in one run; the short
trail has the same newest records. Flat is 1. The reading of the whole trail, as it was done before, is
shown beside it.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from tui.ops.audit.file_trail import FileTrail
from tui.ops.audit.trail_reader import read_trail
from tui.session.audit_view import MOST

SHORT = 5_000
"""Records of the short trail: more than Activity holds, so both show the same."""
_BULK_RECORDS, _RECORDS = 100_000, 500_000
_OUTCOMES = 200
_DAY = timedelta(days=1)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.load_trail", description=__doc__)
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="runs; the best counts")
    parser.add_argument("--bulk-records", type=int, default=_BULK_RECORDS, metavar="N", help="for L5")
    parser.add_argument("--records", type=int, default=_RECORDS, metavar="N", help="for L6")
    given = parser.parse_args()
    for name, (base, seconds) in _measured(given.repeat, given.bulk_records, given.records).items():
        print(f"{name:<38}{seconds / base:>8.1f} ×   ({base * 1000:.0f} → {seconds * 1000:.0f} ms)")


def ratios() -> dict[str, float]:
    """A long trail as a multiple of a short one, one run each."""
    found = _measured(1, _BULK_RECORDS, _RECORDS)
    return {f"{name}, x": seconds / base for name, (base, seconds) in found.items()}


def _measured(repeat: int, bulk_records: int, records: int) -> dict[str, tuple[float, float]]:
    """Seconds with the short trail and with the long one."""
    found: dict[str, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory(prefix="syncdeck-load-") as folder:
        short, bulk, long = (Path(folder) / f"{name}/audit/acme.jsonl" for name in ("s", "b", "l"))
        now = datetime.now(UTC)
        for path, count in ((short, SHORT), (bulk, bulk_records), (long, records)):
            write(path, count, now)
        for name, measure, path in (
            ("L5 read after each of 200 outcomes", after_outcomes, bulk),
            ("L5 the same, all read (before)", whole_after_outcome, bulk),
            ("L6 first opening of Activity", first_opening, long),
            ("L6 the same, all read (before)", whole, long),
            ("L6 audit --since 2h", audit_since, long),
        ):
            found[name] = best(measure, short, repeat), best(measure, path, repeat)
    return found


def write(path: Path, records: int, now: datetime) -> None:
    """Attempts with their outcomes, five seconds apart, the newest just now."""
    path.parent.mkdir(parents=True)
    with path.open("w") as file:
        for place in range(records // 2, 0, -1):
            file.write(pair(now - timedelta(seconds=5 * place)))


def pair(at: datetime) -> str:
    stamp = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    key = uuid4().hex
    attempt = {
        "record": "attempt",
        "id": key,
        "time": stamp,
        "user": "ops",
        "host": "elsewhere",
        "pid": 4711,
        "profile": "acme",
        "environment": "production",
        "system": "jtl",
        "address": "https://jtl.example/api",
        "operation": "worker.restart",
        "targets": [str(uuid4())],
        "target_names": ["Temu · Temu DE"],
        "before": {"State": "running"},
        "after": {"State": "restart requested"},
        "sent": {"action": "restart"},
    }
    outcome = {
        "record": "outcome",
        "id": key,
        "time": stamp,
        "result": "accepted",
        "sentence": "accepted",
    }
    return "".join(
        json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n" for one in (attempt, outcome)
    )


def best(measure: Callable[[Path], float], path: Path, repeat: int) -> float:
    return min(measure(path) for _ in range(repeat))


def after_outcomes(path: Path) -> float:
    async def story() -> float:
        trail, spent = FileTrail(path), 0.0
        back_to = datetime.now(UTC) - _DAY
        await trail.newest(MOST, back_to)
        for _ in range(_OUTCOMES):
            with path.open("a") as file:
                file.write(pair(datetime.now(UTC)))
            began = time.perf_counter()
            await trail.newest(MOST, back_to)
            spent += time.perf_counter() - began
        return spent

    return asyncio.run(story())


def whole_after_outcome(path: Path) -> float:
    return whole(path) * _OUTCOMES


def whole(path: Path) -> float:
    began = time.perf_counter()
    read_trail(path, MOST)
    return time.perf_counter() - began


def first_opening(path: Path) -> float:
    began = time.perf_counter()
    asyncio.run(FileTrail(path).newest(MOST, datetime.now(UTC) - 2 * _DAY))
    return time.perf_counter() - began


def audit_since(path: Path) -> float:
    """The command, its start included."""
    command = [sys.executable, "-m", "tui", "audit", "--profile", "acme", "--since", "2h"]
    began = time.perf_counter()
    subprocess.run(
        command,
        env={"SYNCDECK_STATE_DIR": str(path.parent.parent), "PATH": ""},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
