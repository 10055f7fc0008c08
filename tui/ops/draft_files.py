"""Drafts on the disk: one file a target, until it was applied.

Invariants: a file is 0600 and whole or not there; one that cannot be read is set aside, never fatal;
what another console keeps of the same target is neither overwritten nor removed.
"""

import asyncio
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from tui.domain.basis import Facet
from tui.domain.text import clean
from tui.ops.drafts import Draft, DraftKey, DraftText
from tui.paths import read_regular, replace_private, set_aside

_SCHEMA = 1
_SUFFIX = ".json"
_LARGEST = 1_000_000
"""Bytes that are read; nobody types more."""


@dataclass(slots=True)
class _File:
    """One draft and its place on the disk."""

    path: Path
    draft: Draft | None
    """None: it is to go."""
    content: bytes | None = None
    """What was in the file when this console read or wrote it last; None: there was no file."""
    address: str = ""
    """What the system that it is meant for is known by."""

    def settle(self) -> None:
        """Bring the file in line with the draft; what somebody else wrote there meanwhile stays.

        Raises:
            OSError: it is as it was.
        """
        there, draft = _content(self.path), self.draft
        if draft is None:
            if there == self.content:
                self.path.unlink(missing_ok=True)
            return
        if there not in (None, self.content):
            own = f".{os.getpid()}-{uuid4().hex[:8]}{_SUFFIX}"
            self.path = self.path.with_name(self.path.name.removesuffix(_SUFFIX) + own)
        content = json.dumps(_tree(draft, self.address)).encode()
        replace_private(self.path, content)
        self.content = content


class FileDrafts:
    """Drafts as files in a private folder; what a failing disk does not take stays in memory.

    Where several consoles left a draft of one target, the newest is found, and the one before it once
    that is gone.
    """

    def __init__(self, folder: Path, address_of: Callable[[str], str] = lambda _operation: "") -> None:
        """Read what is there; `troubles` tells what could not be read, or belongs elsewhere.

        `address_of`: what the system that an operation writes to is known by. A draft of another one
        stays on the disk, and is not found.
        """
        self._folder, self._address_of = folder, address_of
        self._turn = asyncio.Lock()
        self.troubles: list[str] = []
        self._known: dict[DraftKey, list[_File]] = {}
        for draft, file in sorted(self._read_all(), key=lambda pair: pair[0].at):
            self._known.setdefault(draft.key, []).append(file)

    @property
    def lasts(self) -> bool:
        """They do."""
        return True

    def kept(self) -> tuple[Draft, ...]:
        """All of them, oldest first."""
        drafts = (file.draft for files in self._known.values() for file in files)
        return tuple(sorted(filter(None, drafts), key=lambda draft: draft.at))

    def find(self, key: DraftKey) -> Draft | None:
        """The newest draft, if there is one."""
        files = self._known.get(key)
        return files[-1].draft if files else None

    async def keep(self, draft: Draft) -> None:
        """Keep it; returns once it is on the disk."""
        files = self._known.setdefault(draft.key, [])
        if files:
            files[-1].draft = draft
        else:
            address = self._address_of(draft.key.operation)
            files.append(_File(self._path(draft.key), draft, address=address))
        await self._settle(files[-1])

    async def drop(self, key: DraftKey) -> None:
        """Forget it; returns once its file is gone."""
        if files := self._known.get(key):
            file = files.pop()
            file.draft = None
            await self._settle(file)

    async def _settle(self, file: _File) -> None:
        """One after the other: the newest wins."""
        async with self._turn:
            await asyncio.to_thread(file.settle)

    def _path(self, key: DraftKey) -> Path:
        mark = hashlib.sha256(key.target.encode("utf-8", "replace")).hexdigest()[:16]
        return self._folder / f"{key.operation}-{mark}{_SUFFIX}"

    def _read_all(self) -> Iterator[tuple[Draft, _File]]:
        with suppress(OSError):
            for path in sorted(self._folder.glob(f"*{_SUFFIX}")):
                read = self._read(path)
                if read is not None:
                    yield read

    def _read(self, path: Path) -> tuple[Draft, _File] | None:
        try:
            with read_regular(path) as file:
                content = file.read(_LARGEST)
            tree = json.loads(content)
            draft = _draft(tree)
            address = _address(tree)
        except (IsADirectoryError, ValueError, TypeError, KeyError, RecursionError):
            self._set_aside(path)
        except OSError as failure:
            self.troubles.append(f"a draft could not be read: {path}: {failure.strerror}")
        else:
            if address == self._address_of(draft.key.operation):
                return draft, _File(path, draft, content, address)
            whose = f"for {address}" if address else "without the address of its server"
            self.troubles.append(f"a draft {whose} is kept and not offered: {path}")
        return None

    def _set_aside(self, path: Path) -> None:
        try:
            told = f"was set aside: {set_aside(path)}"
        except OSError as failure:
            told = f"could not be set aside: {path}: {failure.strerror}"
        self.troubles.append(f"a draft is broken and {told}")


def _content(path: Path) -> bytes | None:
    """What is in a file now; None where there is none that can be read."""
    try:
        with read_regular(path) as file:
            return file.read()
    except OSError:
        return None


def _address(tree: Mapping[str, object]) -> str:
    """For which server it was typed; empty where an older version wrote it."""
    address = tree.get("address", "")
    return clean(address) if isinstance(address, str) else ""


def _tree(draft: Draft, address: str) -> Mapping[str, object]:
    return {
        "schema": _SCHEMA,
        "operation": draft.key.operation,
        "target": draft.key.target,
        "address": address,
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
