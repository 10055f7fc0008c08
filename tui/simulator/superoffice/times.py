"""Times as the SuperOffice side writes them: in the zone, and with the offset, that a header asks for.

Source: superoffice PROTOCOL §3, §4. Methods leave `datetime` in their trees; `told` turns it to text.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

NEVER = datetime(1, 1, 1, tzinfo=UTC)
TENANT_ZONE = timezone(timedelta(hours=1))
"""The tenant's base zone: what a time without an offset is in."""


def told(tree: Any, zone_header: str) -> Any:
    """The tree with its times as text; `zone_header` is SO-TimeZone, such as `UTC, includeTZOffset`."""
    if isinstance(tree, Mapping):
        return {name: told(value, zone_header) for name, value in tree.items()}
    if isinstance(tree, list):
        return [told(value, zone_header) for value in tree]
    return _text(tree, zone_header.lower()) if isinstance(tree, datetime) else tree


def _text(at: datetime, header: str) -> str:
    if at == NEVER:
        return "0001-01-01T00:00:00"
    utc = header.startswith("utc")
    local = at.astimezone(UTC if utc else TENANT_ZONE)
    offset = ("Z" if utc else "+01:00") if "includetzoffset" in header else ""
    return f"{local:%Y-%m-%dT%H:%M:%S.%f}0{offset}"
