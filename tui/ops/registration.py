"""A registration that waits for its answer, kept privately so that it can be picked up again.

Invariant: the file is 0600 and whole or not there. It holds the challenge code, which together with
the request's id fetches the key; it never holds the key.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tui.domain.text import clean
from tui.paths import replace_private

_SCHEMA = 1
_LARGEST = 100_000
"""Bytes that are read."""
_TEXTS = (
    "profile",
    "environment",
    "base_url",
    "app_id",
    "app_version",
    "display_name",
    "provider",
    "website",
    "challenge",
    "request_id",
)


@dataclass(frozen=True, slots=True)
class Registration:
    """Everything that was decided before the request is sent, and what identifies it after."""

    profile: str
    """The name of the profile that comes of it."""
    environment: str
    base_url: str
    app_id: str
    app_version: str
    display_name: str
    provider: str
    website: str
    scopes: tuple[str, ...]
    challenge: str = field(repr=False)
    key_file: Path
    """Where the key will be kept."""
    add: bool
    """Whether the profile is added to the config file, or its lines are only printed."""
    ca_bundle: Path | None = None
    allow_plain_http: bool = False
    request_id: str = ""
    """Empty until JTL-Wawi has taken the request."""
    asked_at: datetime | None = None


class Waiting:
    """The registrations that wait, one a profile, as files in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def profiles(self) -> tuple[str, ...]:
        """The profiles whose registration waits."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.json")))

    def find(self, profile: str) -> Registration | None:
        """The one of that profile; None where there is none.

        Raises:
            ValueError: there is a file that cannot be read; the message says which.
        """
        path = self.path(profile)
        try:
            with path.open("rb") as file:
                content = file.read(_LARGEST + 1)
            return _read(content)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ValueError(f"{path} cannot be read: {error.strerror}") from None
        except (ValueError, TypeError, KeyError, RecursionError):
            raise ValueError(f"{path} is no registration that can be gone on with") from None

    def keep(self, registration: Registration) -> None:
        """Keep it in place of the one before.

        Raises:
            OSError: it cannot be written.
        """
        at = registration.asked_at or datetime.now(UTC)
        tree = {"schema": _SCHEMA, **asdict(registration), "asked_at": at.isoformat()}
        content = json.dumps(tree, default=str, indent=2).encode()
        replace_private(self.path(registration.profile), content)

    def drop(self, profile: str) -> None:
        """Forget it.

        Raises:
            OSError: it cannot be removed.
        """
        self.path(profile).unlink(missing_ok=True)

    def path(self, profile: str) -> Path:
        """The file of that profile, whether it exists or not."""
        return self._folder / f"{profile}.json"


def _read(content: bytes) -> Registration:
    tree = json.loads(content)
    if not isinstance(tree, dict) or tree.get("schema") != _SCHEMA:
        raise ValueError("of another version")
    known: dict[str, Any] = {name: _text(tree, name) for name in _TEXTS}
    known |= {name: _flag(tree, name) for name in ("add", "allow_plain_http")}
    known["scopes"] = tuple(_text({"scope": one}, "scope") for one in tree["scopes"])
    known["key_file"] = Path(_text(tree, "key_file"))
    known["ca_bundle"] = None if tree["ca_bundle"] is None else Path(_text(tree, "ca_bundle"))
    known["asked_at"] = datetime.fromisoformat(tree["asked_at"])
    if known["asked_at"].tzinfo is None or known.keys() != {one.name for one in fields(Registration)}:
        raise ValueError("not what was kept")
    return Registration(**known)


def _text(tree: Mapping[str, object], name: str) -> str:
    """A text that is shown or sent as it stands: one that had to be cleaned is not ours."""
    value = tree[name]
    if not isinstance(value, str) or clean(value) != value:
        raise ValueError(f"{name} is no text of ours")
    return value


def _flag(tree: Mapping[str, object], name: str) -> bool:
    value = tree[name]
    if not isinstance(value, bool):
        raise TypeError(f"{name} is neither true nor false")
    return value
