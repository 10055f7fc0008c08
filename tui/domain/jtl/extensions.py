"""JTL-Wawi extensions. Source: jtl PROTOCOL §3."""

from dataclasses import field
from enum import IntEnum

from tui.domain.jtl.workers import Raw
from tui.domain.timestamps import ABSENT, Moment
from tui.frozen import frozen


class ExtensionStatus(IntEnum):
    DISABLED = 0
    PENDING = 1
    ACTIVE = 2

    @property
    def word(self) -> str:
        return self.name.lower()


@frozen
class Extension:
    id: str
    """The uuid: the key in paths."""
    extension_id: str = ""
    """The extension's own unique name."""
    version: str = ""
    status: int | None = None
    manifest_hash: str = ""
    """SHA-512 of the manifest in hexadecimal, as reported."""
    created: Moment = ABSENT
    last_changed: Moment = ABSENT
    problem: str | None = None
    doubled: bool = False
    """Whether another row of the same list has its identifier: a write could reach either."""
    raw: Raw = field(default_factory=dict, repr=False, hash=False)

    @property
    def name(self) -> str:
        return self.extension_id or self.id

    @property
    def status_word(self) -> str:
        """`disabled`, `pending`, `active`; else `unknown` or `status 9`."""
        if self.status is None:
            return "unknown"
        known = ExtensionStatus._value2member_map_
        return ExtensionStatus(self.status).word if self.status in known else f"status {self.status}"


@frozen
class ExtensionPage:
    items: tuple[Extension, ...]
    number: int
    """First is 1."""
    total_items: int | None
    """None if the server does not report it."""
    last: bool
