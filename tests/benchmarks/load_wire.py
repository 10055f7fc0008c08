"""What goes over the wire under load: polling of a long list (L7), and a watch over many syncs (L2).

Each figure compares two programs that run at the same time, on simulators of the same size.
"""

import json
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from tests.benchmarks.measures import Figures, Place, installed
from tests.benchmarks.metered import Metered
from tests.terminal.erp_process import ErpProcess

SYNCS = 5_000
OLD = 5
"""Seconds between two lists before the status had a pace of its own."""
_WINDOW = 54.0
"""Seconds: the shortest wait of the default of 60, which varies by a tenth."""
WATCHED = 200
_FEW = 20


def polling(place: Place, erp: ErpProcess) -> Figures:
    """MB in a minute at the defaults, and with the list as often as the status."""
    often = erp.config.with_name("often.toml")
    text = erp.config.read_text()
    often.write_text(f"{text}\n[profiles.sim.refresh]\nworkers = {OLD}\n")
    often.chmod(0o600)
    logs = {name: place.folder / f"{name}.log" for name in ("default", "often")}
    configs = {"default": erp.config, "often": often}
    _listed(place, erp.config)  # The API version is known from now on.
    with ExitStack() as running:
        consoles = [
            running.enter_context(place.terminal(installed(), "--config", configs[name], "--log", log))
            for name, log in logs.items()
        ]
        _pump(consoles, _WINDOW + 10)
    return {f"{name} MB/min": _megabytes(log) for name, log in logs.items()}


def _pump(consoles: Sequence[Metered], seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for one in consoles:
            one.pump(0.2)


def _megabytes(log: Path) -> float:
    """Received from the first list on, within the window, as a minute."""
    lines = [line.split() for line in log.read_text().splitlines() if "/workers" in line]
    log.unlink()
    at = [datetime.fromisoformat(line[0]).timestamp() for line in lines]
    sizes = [int(line[-2].removesuffix("B")) for line in lines]
    within = (size for when, size in zip(at, sizes, strict=True) if when - at[0] < _WINDOW)
    return sum(within) / _WINDOW * 60 / 1_000_000


def watching(place: Place, many: ErpProcess, few: ErpProcess) -> Figures:
    """Status requests during a restart of syncs that do not move, beyond the one before each write."""
    counts = {"many": (many, WATCHED), "few": (few, _FEW)}
    runs = {name: _restart(place, erp, count) for name, (erp, count) in counts.items()}
    for run in runs.values():
        run.wait()
    return {f"{name} requests": float(_looks(erp)) for name, (erp, _) in counts.items()}


def _listed(place: Place, config: Path) -> Sequence[Mapping[str, str]]:
    words = [installed(), "workers", "--json", "--config", str(config)]
    done = subprocess.run(words, env=place.environment, capture_output=True, check=False)
    items: Sequence[Mapping[str, str]] = json.loads(done.stdout)["items"]
    return items


def _restart(place: Place, erp: ErpProcess, count: int) -> "subprocess.Popen[bytes]":
    erp.merge({"jtl": {"control_delay": 3_600}})
    items = _listed(place, erp.config)
    running = [one["id"] for one in items if one["state"] in ("ok", "running", "error")]
    confirmed = ("--yes", "--profile", "sim", "--config", str(erp.config))
    words = [installed(), "run", "worker.restart", *running[:count], *confirmed]
    return subprocess.Popen(
        words, env=place.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _looks(erp: ErpProcess) -> int:
    return len(erp.received("GET", "/workers/status")) - len(erp.received("PUT", "/workers/"))
