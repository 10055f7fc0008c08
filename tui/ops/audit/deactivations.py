"""Which connections were deactivated from here, and when, according to the audit trail."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from os import SEEK_END
from pathlib import Path

from tui.domain.elapsed import utc_now
from tui.domain.superoffice.inactive_connections import Deactivated
from tui.paths import read_regular
from tui.store.connection_sightings import FileSightings, MemorySightings, SeenConnections

_LOOKED_AT = 16_000_000
"""Bytes read from the end of a trail."""
_TOGGLE = "connection.toggle"
_WITHOUT_EFFECT = ("failed", "refused", "not sent", "not applied", "as before", "conflict")
_ID = re.compile(rb'"id": ?"([0-9a-f]{32})"')


def seen_in_files(state: Path, profile: str, address: str) -> SeenConnections:
    """The records about the connections at one address of a profile, below the state directory."""
    keeper = FileSightings(state / "seen" / f"{profile}.json", address.rstrip("/"))
    trail = state / "audit" / f"{profile}.jsonl"
    return SeenConnections(keeper, lambda: deactivated_in(trail), utc_now)


def seen_in_memory(
    records: Iterable[Mapping[str, object]], clock: Callable[[], datetime] | None = None
) -> SeenConnections:
    """The same from the memory trail of this run."""
    return SeenConnections(MemorySightings(), lambda: deactivated_by(records), clock or utc_now)


def deactivated_in(path: Path) -> Deactivated:
    """Read the end of a trail; empty if it cannot be read."""
    lines: list[bytes] = []
    with suppress(OSError), read_regular(path) as file:
        size = file.seek(0, SEEK_END)
        file.seek(max(0, size - _LOOKED_AT))
        lines = file.read(_LOOKED_AT).splitlines()
    toggle = f'"{_TOGGLE}"'.encode()
    toggles = [line for line in lines if toggle in line]
    ids = {found[1] for line in toggles if (found := _ID.search(line))}
    endings = [line for line in lines if (found := _ID.search(line)) and found[1] in ids]
    return deactivated_by(filter(None, map(_record, endings)))


def _record(line: bytes) -> Mapping[str, object] | None:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def deactivated_by(records: Iterable[Mapping[str, object]]) -> Deactivated:
    """The last toggle of each connection, if that deactivated it, or may have."""
    toggles: dict[object, tuple[int, datetime, bool]] = {}
    for record in records:
        if record.get("record") == "attempt" and record.get("operation") == _TOGGLE:
            with suppress(ValueError, TypeError, KeyError, IndexError):
                toggles[record["id"]] = _toggle(record)
        elif record.get("result") in _WITHOUT_EFFECT:
            toggles.pop(record.get("id"), None)
    last: dict[int, tuple[datetime, bool]] = {}
    for number, at, active in toggles.values():
        if number not in last or at >= last[number][0]:
            last[number] = at, active
    return {number: at for number, (at, active) in last.items() if not active}


def _toggle(record: Mapping[str, object]) -> tuple[int, datetime, bool]:
    targets, sent = record["targets"], record["sent"]
    if not isinstance(targets, list) or not isinstance(sent, dict):
        raise TypeError("not a toggle")
    at = datetime.fromisoformat(str(record["time"]))
    if at.tzinfo is None:
        raise ValueError("time without offset")
    return int(targets[0]), at, sent["active"] is True
