"""A real Prometheus with our rules scrapes a recorder, which is killed and started again."""

import json
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from tests.drivers.command import PATIENCE
from tests.drivers.simulator import RunningSimulator
from tests.headless.history.recorder import REFRESH, fails, recorder, until
from tui.headless.monitoring.share import FOLDER
from tui.simulator.client_config import write_config

CONFIG = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [syncdeck.rules.yml]
scrape_configs: [{{job_name: syncdeck, static_configs: [{{targets: ["127.0.0.1:{port}"]}}]}}]
"""
needs_prometheus = pytest.mark.skipif(
    shutil.which("prometheus") is None, reason="prometheus is not installed: apt-get install prometheus"
)


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


class Prometheus:
    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/api/v1"

    def ask(self, path: str, **query: object) -> Any:
        """The data of a response; None while it does not respond."""
        try:
            with urlopen(f"{self._url}/{path}?{urlencode(query)}", timeout=PATIENCE) as response:  # noqa: S310 - our own address
                return json.load(response)["data"]
        except URLError:
            return None

    def firing(self, alert: str, **labels: str) -> str | None:
        """Since when that alert has been active, if it fires."""
        for one in (self.ask("alerts") or {}).get("alerts", []):
            wanted = {"alertname": alert, **labels}.items() <= one["labels"].items()
            if wanted and one["state"] == "firing":
                return str(one["activeAt"])
        return None

    def target_is_up(self) -> bool:
        targets = (self.ask("targets") or {}).get("activeTargets", [])
        return [one["health"] for one in targets] == ["up"]


@contextmanager
def prometheus(folder: Path, scraped: int) -> Iterator[Prometheus]:
    rules = (FOLDER / "syncdeck.rules.yml").read_text(encoding="utf-8")
    (folder / "syncdeck.rules.yml").write_text(re.sub(r"\n +for: \w+", "", rules))
    (folder / "prometheus.yml").write_text(CONFIG.format(port=scraped))
    port = free_port()
    options = ("--config.file=prometheus.yml", f"--web.listen-address=127.0.0.1:{port}")
    with subprocess.Popen(
        ["prometheus", *options, "--storage.tsdb.path=data", "--log.level=error"], cwd=folder
    ) as running:
        try:
            yield Prometheus(port)
        finally:
            running.kill()


@needs_prometheus
def test_an_alert_keeps_firing_over_the_death_of_the_recorder(
    private_places: Path, tmp_path: Path
) -> None:
    port = free_port()
    served = ("--metrics", f"127.0.0.1:{port}")
    with RunningSimulator(still=True) as erp, prometheus(tmp_path, port) as watching:
        path = private_places / "config" / "config.toml"
        write_config(path, erp.url)
        path.write_text(path.read_text() + REFRESH.format("sim"))
        otto = {"id": erp.worker_id("Otto Market"), "severity": "critical"}
        with recorder(*served) as first:
            until(watching.target_is_up)
            assert watching.firing("ErpSyncFailing", **otto) is None
            fails(erp)
            since = until(lambda: watching.firing("ErpSyncFailing", **otto))
            began = int(time.time()) + 1
            first.send_signal(signal.SIGKILL)
            first.wait(PATIENCE)
        until(lambda: not watching.target_is_up())
        assert until(lambda: watching.firing("SyncdeckNotWatching"))
        with recorder(*served):
            until(watching.target_is_up)
            restarted = int(time.time())
            query = f'ALERTS{{alertname="ErpSyncFailing",id="{otto["id"]}"}}'

            def series() -> Any:
                """Once it was evaluated after the restart; the newest seconds may not be stored yet."""
                window = {"start": began, "end": int(time.time()) - 2, "step": 1}
                is_enough = window["end"] > restarted + 2
                return is_enough and watching.ask("query_range", query=query, **window)["result"]

            [found] = until(series)
            assert watching.firing("ErpSyncFailing", **otto) == since
    assert found["metric"]["alertstate"] == "firing"
    moments = [at for at, _ in found["values"]]
    assert moments == [began + number for number in range(len(moments))], "it never resolved"
    assert moments[-1] > restarted
