"""Which API version a family of calls answered under: remembered per profile, tried in a fixed order.

Source: jtl-erp-api §1, §7 quirks 1–4. Only 404, 405 and those quirks mean "not here".
"""

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from tui.api.errors import ErpError, NotFound, NotOffered, Rejected


class Family(StrEnum):
    """Calls that share a version."""

    WORKERS = "workers"
    EXTENSIONS = "extensions"


Version: TypeAlias = Literal["v1", "v2", "unversioned"]
ORDER: tuple[Version, ...] = ("v1", "v2", "unversioned")

_NOT_HERE = re.compile(
    r"formatnotparsable|hexadecimal|key must \w+ type|invalid key format"
    r"|(unsupported|ambiguous|single).{0,40}version|version.{0,40}(unsupported|not supported|ambiguous)",
    re.IGNORECASE,
)


class VersionMemory(Protocol):
    """Where the versions of one profile are kept."""

    def get(self, family: Family) -> Version | None:
        """The version that answered last, if it is known."""

    def set(self, family: Family, version: Version | None) -> None:
        """Remember it; None forgets."""


class SessionVersions:
    """Remembers for as long as the process runs."""

    def __init__(self) -> None:
        self._known: dict[Family, Version] = {}

    def get(self, family: Family) -> Version | None:
        """The version that answered last."""
        return self._known.get(family)

    def set(self, family: Family, version: Version | None) -> None:
        """Remember it, or forget it."""
        if version is None:
            self._known.pop(family, None)
        else:
            self._known[family] = version


class FileVersions:
    """Remembers one profile's versions in a file of the cache, 0600; what is lost is probed again."""

    def __init__(self, path: Path, profile: str) -> None:
        self._path = path
        self._profile = profile

    def get(self, family: Family) -> Version | None:
        """The version in the file, if it is one that exists."""
        mine = self._read().get(self._profile)
        found = mine.get(family.value) if isinstance(mine, dict) else None
        return next((version for version in ORDER if version == found), None)

    def set(self, family: Family, version: Version | None) -> None:
        """Replace the file; other profiles in it stay."""
        known = dict(self._read())
        mine = known.get(self._profile)
        kept = {
            key: value
            for key, value in (mine if isinstance(mine, dict) else {}).items()
            if key != family
        }
        known[self._profile] = kept | ({} if version is None else {family.value: version})
        fresh = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh.unlink(missing_ok=True)
            file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(file, "w", encoding="utf-8") as out:
                json.dump(known, out)
            fresh.replace(self._path)

    def _read(self) -> Mapping[str, object]:
        try:
            known = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return known if isinstance(known, dict) else {}


def means_not_here(error: ErpError) -> bool:
    """Whether the failure of a list call says that this version is not offered."""
    if isinstance(error, NotFound | NotOffered):
        return True
    if not isinstance(error, Rejected) or error.status != 400:
        return False
    words = [error.detail, *(text for texts in error.fields.values() for text in texts)]
    return any(_NOT_HERE.search(text) for text in words)
