"""A registration that waits for its response, kept in a private file so that it can be resumed.

Invariant: the file is 0600 and complete, or does not exist. It holds the challenge code, which with the
id of the request fetches the key; it never holds the key.
"""

import json
from dataclasses import asdict, field
from datetime import UTC, datetime
from pathlib import Path

from tui.domain.text import clean_tree
from tui.frozen import frozen
from tui.paths import replace_private

_SCHEMA = 1
_LARGEST = 100_000
"""Maximum bytes of a file."""


@frozen
class Registration:
    """The values decided before the request is sent, and the id of the request."""

    profile: str
    """The name of the new profile."""
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
    add: bool
    """Whether the profile is added to the config file; else its lines are only printed."""
    ca_bundle: Path | None = None
    allow_plain_http: bool = False
    request_id: str = ""
    """Empty until JTL-Wawi has accepted the request."""
    asked_at: datetime | None = None
    api_version: str = ""
    """The `api-version` header that the server needs; empty: none, or not known yet."""


class Waiting:
    """The waiting registrations, one per profile, as files in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def profiles(self) -> tuple[str, ...]:
        return tuple(sorted(path.stem for path in self._folder.glob("*.json")))

    def find(self, profile: str) -> Registration | None:
        """The registration of a profile; None if there is none.

        Raises ValueError: its file cannot be read; the message names it.
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
            raise ValueError(f"{path} is not a registration that can be resumed") from None

    def keep(self, registration: Registration) -> None:
        """Store it, replacing an earlier one. Raises OSError: it cannot be written."""
        at = registration.asked_at or datetime.now(UTC)
        tree = {"schema": _SCHEMA, **asdict(registration), "asked_at": at.isoformat()}
        content = json.dumps(tree, default=str, indent=2).encode()
        replace_private(self.path(registration.profile), content)

    def drop(self, profile: str) -> None:
        """Remove the registration of a profile. Raises OSError: it cannot be removed."""
        self.path(profile).unlink(missing_ok=True)

    def path(self, profile: str) -> Path:
        """The file of a profile, existing or not."""
        return self._folder / f"{profile}.json"


def _read(content: bytes) -> Registration:
    from pydantic import TypeAdapter

    tree = json.loads(content)
    if not isinstance(tree, dict) or tree.get("schema") != _SCHEMA or clean_tree(tree) != tree:
        raise ValueError("written by another version")
    known = TypeAdapter(Registration).validate_json(content, strict=True)
    if known.asked_at is None or known.asked_at.tzinfo is None:
        raise ValueError("not a complete registration")
    return known
