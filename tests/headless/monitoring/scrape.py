"""Metrics as a scraper reads them, and `promtool`, the real reader, where it is installed."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool is not installed: apt-get install prometheus"
)


class Scrape:
    """A document, by the names and labels of its samples."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.families = {one.name: one for one in text_string_to_metric_families(text)}
        self.samples = [sample for one in self.families.values() for sample in one.samples]

    def labels(self, name: str) -> list[Mapping[str, str]]:
        """Of every series with that name."""
        return [sample.labels for sample in self.samples if sample.name == name]

    def value(self, name: str, **labels: str) -> float:
        """Of the one series with these labels, and perhaps more."""
        [found] = self.values(name, **labels)
        return found

    def values(self, name: str, **labels: str) -> list[float]:
        return [
            sample.value
            for sample in self.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        ]


def promtool(*arguments: str, stdin: str = "", cwd: Path | None = None) -> str:
    """What it printed; it must find nothing wrong."""
    done = subprocess.run(
        ["promtool", *arguments],
        # Its memory is small: collecting garbage on every core is dearer than what it frees.
        env={**os.environ, "GOMAXPROCS": "1", "GOGC": "400"},
        input=stdin,
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
