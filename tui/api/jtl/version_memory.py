"""Which API version a family of calls uses: remembered per profile, tried in a fixed order.

Source: jtl PROTOCOL §1, §7 quirks 1–4. Only 404, 405 and those quirks mean "not here".
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from tui.api.errors import ErpError, NotFound, NotOffered, Rejected
from tui.paths import read_regular, replace_private, set_aside


class Family(StrEnum):
    """Calls that share a version."""

    WORKERS = "workers"
    EXTENSIONS = "extensions"


Version: TypeAlias = Literal["v1", "v2", "unversioned"]
ORDER: tuple[Version, ...] = ("v1", "v2", "unversioned")

_LARGEST = 1_000_000
"""Bytes of the file that are read."""
_UNUSABLE = (OSError, ValueError, TypeError, RecursionError)
_NOT_HERE = re.compile(
    r"formatnotparsable|hexadecimal|key must \w+ type|invalid key format"
    r"|(unsupported|ambiguous|single).{0,40}version|version.{0,40}(unsupported|not supported|ambiguous)",
    re.IGNORECASE,
)


class VersionMemory(Protocol):
    def get(self, family: Family) -> Version | None:
        """The version that last worked, if it is known."""

    def set(self, family: Family, version: Version | None) -> None:
        """Remember it; None forgets."""


class SessionVersions:
    """Remembers as long as the process runs."""

    def __init__(self) -> None:
        self._known: dict[Family, Version] = {}

    def get(self, family: Family) -> Version | None:
        return self._known.get(family)

    def set(self, family: Family, version: Version | None) -> None:
        if version is None:
            self._known.pop(family, None)
        else:
            self._known[family] = version


class FileVersions:
    """Remembers one profile's versions in a cache file, 0600; a lost one is probed again."""

    def __init__(self, path: Path, profile: str) -> None:
        """Read the file; `troubles` says if it was broken."""
        self._path = path
        self._profile = profile
        self.troubles: list[str] = []
        try:
            self._read()
        except _UNUSABLE:
            self._set_aside()

    def get(self, family: Family) -> Version | None:
        """The version in the file, if it is a valid one."""
        mine = self._known().get(self._profile)
        found = mine.get(family.value) if isinstance(mine, dict) else None
        return next((version for version in ORDER if version == found), None)

    def set(self, family: Family, version: Version | None) -> None:
        """Replace the file; entries of other profiles stay."""
        known = dict(self._known())
        mine = known.get(self._profile)
        kept = {
            key: value
            for key, value in (mine if isinstance(mine, dict) else {}).items()
            if key != family
        }
        known[self._profile] = kept | ({} if version is None else {family.value: version})
        with suppress(OSError):
            replace_private(self._path, json.dumps(known).encode())

    def _known(self) -> Mapping[str, object]:
        try:
            return self._read()
        except _UNUSABLE:
            return {}

    def _read(self) -> Mapping[str, object]:
        """The file's content; nothing if it does not exist.

        Raises:
            OSError, ValueError, TypeError, RecursionError: it cannot be used.
        """
        try:
            with read_regular(self._path) as file:
                known = json.loads(file.read(_LARGEST))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        if not isinstance(known, dict):
            raise TypeError("not an object")
        return known

    def _set_aside(self) -> None:
        with suppress(OSError):
            aside = set_aside(self._path)
            self.troubles.append(f"the cache of API versions is broken and was set aside: {aside}")


def means_not_here(error: ErpError) -> bool:
    """Whether the failure of a list call means that the server does not offer this version."""
    if isinstance(error, NotFound | NotOffered):
        return True
    if not isinstance(error, Rejected) or error.status != 400:
        return False
    words = [error.detail, *(text for texts in error.fields.values() for text in texts)]
    return any(_NOT_HERE.search(text) for text in words)
