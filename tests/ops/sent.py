"""What a simulator received that could change anything."""

from typing import Any

from tests.drivers.console import READING_BY_POST, WRITES
from tests.drivers.simulator import RunningSimulator


def sent(erp: RunningSimulator) -> list[dict[str, Any]]:
    return [
        entry
        for entry in erp.log()
        if entry["method"] in WRITES and not any(part in entry["path"] for part in READING_BY_POST)
    ]
