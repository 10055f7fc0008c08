"""Which API version a family of calls uses: remembered per profile, tried in a fixed order.

Source: jtl PROTOCOL §1, §7 quirks 1–4, §10 (codes count in any language). Only 404, 405 and those quirks
mean "not here".
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Literal, TypeAlias

from tui.api.errors import ErpError, NotFound, NotOffered, Rejected
from tui.paths import read_object, replace_private, set_aside


class Family(StrEnum):
    """Calls that share a version."""

    WORKERS = "workers"
    EXTENSIONS = "extensions"


Version: TypeAlias = Literal["v1", "v2", "unversioned"]
ORDER: tuple[Version, ...] = ("v1", "v2", "unversioned")

_LARGEST = 1_000_000
"""Bytes of the file that are read."""
_UNUSABLE = (OSError, ValueError, TypeError, RecursionError)
_READ_AS_ID = re.compile(
    r"formatnotparsable|hexadecimal|key must \w+ type|invalid key format", re.IGNORECASE
)
_NO_VERSION = re.compile(
    r"apiversionunspecified|unspecified.{0,40}version|version.{0,40}(required|unspecified)",
    re.IGNORECASE,
)
_OTHER_VERSION = re.compile(
    r"(unsupported|ambiguous|invalid)api-?version|(unsupported|ambiguous|single|invalid).{0,40}version"
    r"|version.{0,40}(unsupported|not supported|ambiguous|invalid)",
    re.IGNORECASE,
)
_PROBLEMS = {"unsupported", "unspecified", "ambiguous", "invalid"}
"""What the `type` of ProblemDetails about a version ends in, in any language (§10)."""


class FileVersions:
    """Remembers one profile's versions in a cache file, 0600; a lost one is probed again."""

    def __init__(self, path: Path, profile: str) -> None:
        """Read the file; `troubles` says if it was broken."""
        self._path = path
        self._profile = profile
        self.troubles: list[str] = []
        try:
            read_object(self._path, _LARGEST)
        except _UNUSABLE:
            self._set_aside()

    def get(self, family: Family) -> Version | None:
        """The version that last worked, if the file holds a valid one."""
        mine = self._known().get(self._profile)
        found = mine.get(family.value) if isinstance(mine, dict) else None
        return next((version for version in ORDER if version == found), None)

    def set(self, family: Family, version: Version | None) -> None:
        """Remember it, None forgets; entries of other profiles stay."""
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
            return read_object(self._path, _LARGEST)
        except _UNUSABLE:
            return {}

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
    return (
        error.code.lower() in _PROBLEMS
        or reads_as_id(error)
        or wants_version_header(error)
        or _says(error, _OTHER_VERSION)
    )


def reads_as_id(error: ErpError) -> bool:
    """Whether the server took the path's last part for an identifier (§7 quirk 1, §10)."""
    return _says(error, _READ_AS_ID)


def wants_version_header(error: ErpError) -> bool:
    """Whether the server requires an API version that the path did not name (§10)."""
    return error.code.lower() == "unspecified" or _says(error, _NO_VERSION)


def _says(error: ErpError, pattern: re.Pattern[str]) -> bool:
    fields = error.fields if isinstance(error, Rejected) else {}
    texts = (error.code, error.detail, *(text for texts in fields.values() for text in texts))
    return any(pattern.search(text) for text in texts)
