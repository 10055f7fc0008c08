"""What was typed into a form and not sent: kept privately, one draft a target, until it was applied.

Invariants: a file is 0600 and whole or not there; one that cannot be read is set aside, never fatal;
drafts of one profile are never seen by another; what may be a secret by its name is not kept.
"""

import asyncio
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from tui.domain.basis import Basis, Facet
from tui.domain.text import clean
from tui.paths import read_regular, replace_private

_SCHEMA = 1
_SUFFIX = ".json"
_LARGEST = 1_000_000
"""Bytes that are read; nobody types more."""


@dataclass(frozen=True, slots=True)
class DraftKey:
    """Which form on which target."""

    operation: str
    target: str = ""
    """Its identifier; empty where the form makes a new thing."""


@dataclass(frozen=True, slots=True)
class DraftText:
    """What was typed into one field."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that was changed and not sent."""

    key: DraftKey
    name: str
    """What a person calls the target."""
    texts: tuple[DraftText, ...]
    """The changed fields."""
    at: datetime
    basis: Basis = ()
    """The target as it was when the form was opened."""
    left_out: tuple[str, ...] = ()
    """The labels of changed fields that may hold secrets, and were not kept."""


class Drafts(Protocol):
    """The drafts of one profile; what is known is known at once, what is kept is kept in time."""

    @property
    def lasts(self) -> bool:
        """Whether they outlive the console."""

    def find(self, key: DraftKey) -> Draft | None:
        """The draft of a form on a target, if there is one."""

    async def keep(self, draft: Draft) -> None:
        """Keep it in place of the one before.

        Raises:
            OSError: it is only kept until the console ends.
        """

    async def drop(self, key: DraftKey) -> None:
        """Forget it.

        Raises:
            OSError: it will be there again at the next start.
        """


@dataclass(slots=True)
class MemoryDrafts:
    """Drafts of this run only, for the demo."""

    known: dict[DraftKey, Draft] = field(default_factory=dict)

    @property
    def lasts(self) -> bool:
        """They do not."""
        return False

    def find(self, key: DraftKey) -> Draft | None:
        """The draft, if there is one."""
        return self.known.get(key)

    async def keep(self, draft: Draft) -> None:
        """Keep it."""
        self.known[draft.key] = draft

    async def drop(self, key: DraftKey) -> None:
        """Forget it."""
        self.known.pop(key, None)


class FileDrafts:
    """Drafts as files in a private folder; what a failing disk does not take stays in memory."""

    def __init__(self, folder: Path) -> None:
        """Read what is there; `troubles` tells what could not be read."""
        self._folder = folder
        self._turn = asyncio.Lock()
        self.troubles: list[str] = []
        self._known = {draft.key: draft for draft in self._read_all()}

    @property
    def lasts(self) -> bool:
        """They do."""
        return True

    def kept(self) -> tuple[Draft, ...]:
        """All of them, oldest first."""
        return tuple(sorted(self._known.values(), key=lambda draft: draft.at))

    def find(self, key: DraftKey) -> Draft | None:
        """The draft, if there is one."""
        return self._known.get(key)

    async def keep(self, draft: Draft) -> None:
        """Keep it; returns once it is on the disk."""
        self._known[draft.key] = draft
        await self._settle(draft.key)

    async def drop(self, key: DraftKey) -> None:
        """Forget it; returns once its file is gone."""
        if self._known.pop(key, None) is not None:
            await self._settle(key)

    async def _settle(self, key: DraftKey) -> None:
        """Bring the file in line with what is known, one after the other: the newest wins."""
        async with self._turn:
            draft = self._known.get(key)
            if draft is None:
                await asyncio.to_thread(self._path(key).unlink, missing_ok=True)
            else:
                content = json.dumps(_tree(draft)).encode()
                await asyncio.to_thread(replace_private, self._path(key), content)

    def _path(self, key: DraftKey) -> Path:
        mark = hashlib.sha256(key.target.encode("utf-8", "replace")).hexdigest()[:16]
        return self._folder / f"{key.operation}-{mark}{_SUFFIX}"

    def _read_all(self) -> Iterator[Draft]:
        with suppress(OSError):
            for path in sorted(self._folder.glob(f"*{_SUFFIX}")):
                draft = self._read(path)
                if draft is not None:
                    yield draft

    def _read(self, path: Path) -> Draft | None:
        try:
            with read_regular(path) as file:
                return _draft(json.loads(file.read(_LARGEST)))
        except OSError as failure:
            self.troubles.append(f"a draft could not be read: {path}: {failure.strerror}")
        except (ValueError, TypeError, KeyError, RecursionError):
            aside = path.with_name(f"{path.name}.broken")
            with suppress(OSError):
                path.replace(aside)
            self.troubles.append(f"a draft is broken and was set aside: {aside}")
        return None


def _tree(draft: Draft) -> Mapping[str, object]:
    return {
        "schema": _SCHEMA,
        "operation": draft.key.operation,
        "target": draft.key.target,
        "name": draft.name,
        "at": draft.at.astimezone(UTC).isoformat(),
        "opened": [[facet.key, facet.label, facet.value] for facet in draft.basis],
        "texts": [[one.key, one.label, one.text] for one in draft.texts],
        "left_out": list(draft.left_out),
    }


def _draft(tree: object) -> Draft:
    """Read a tree back.

    Raises:
        ValueError, TypeError, KeyError: it is none that this version wrote.
    """
    if not isinstance(tree, dict) or tree["schema"] != _SCHEMA:
        raise ValueError("of another version")
    texts = tuple(DraftText(*_texts(one)) for one in tree["texts"])
    at = datetime.fromisoformat(tree["at"])
    if not texts or at.tzinfo is None:
        raise ValueError("nothing in it")
    operation, target, name = _texts([tree["operation"], tree["target"], tree["name"]])
    basis = tuple(Facet(*_texts(one)) for one in tree["opened"])
    left_out = tuple(clean(label) for label in tree.get("left_out", ()) if isinstance(label, str))
    return Draft(DraftKey(operation, target), name, texts, at, basis, left_out)


def _texts(values: object) -> tuple[str, str, str]:
    """Three texts, cleaned: somebody else may have written the file."""
    if not isinstance(values, list) or len(values) != 3:
        raise ValueError("not three texts")
    first, second, third = (clean(value) for value in values if isinstance(value, str))
    return first, second, third
