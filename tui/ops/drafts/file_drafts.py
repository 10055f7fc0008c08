"""Drafts on the disk: one file per target, until the change was applied.

Invariants: a file is 0600 and complete, or does not exist; an unreadable file is renamed, never fatal;
a draft of another console for the same target is neither overwritten nor removed.
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

from tui.domain.baseline import BaselineValue
from tui.domain.text import clean
from tui.ops.drafts.draft import Draft, DraftKey, DraftText
from tui.paths import read_regular, replace_private, set_aside

_SCHEMA = 1
_SUFFIX = ".json"
_LARGEST = 1_000_000
"""Maximum bytes of a file."""
_UNREADABLE = (ValueError, TypeError, KeyError, RecursionError)


@dataclass(slots=True)
class _File:
    path: Path
    draft: Draft | None
    """None: to be removed."""
    content: bytes | None = None
    """The content when this console last read or wrote the file; None: there was no file."""
    address: str = ""
    """Address of the system that it is for."""

    def settle(self) -> None:
        """Write or remove the file; a file that someone else changed meanwhile stays.

        Raises OSError: the file is unchanged.
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
    """Drafts as files in a private folder; on a disk error they stay in memory.

    If several consoles left a draft of one target, the newest is found, and after its removal the one
    before it.
    """

    lasts = True

    def __init__(self, folder: Path, address_of: Callable[[str], str] = lambda _operation: "") -> None:
        """Read the folder; `troubles` lists drafts that are unreadable or belong to another server.

        `address_of`: the address of the system that an operation writes to. A draft for another address
        stays on the disk and is not found.
        """
        self._folder, self._address_of = folder, address_of
        self._turn = asyncio.Lock()
        self.troubles: list[str] = []
        self._known: dict[DraftKey, list[_File]] = {}
        for draft, file in sorted(self._read_all(), key=lambda pair: pair[0].at):
            self._known.setdefault(draft.key, []).append(file)

    def find(self, key: DraftKey) -> Draft | None:
        files = self._known.get(key)
        return files[-1].draft if files else None

    async def keep(self, draft: Draft) -> None:
        """Save it; returns when it is on the disk.

        Raises OSError: it is only kept until the console ends.
        """
        files = self._known.setdefault(draft.key, [])
        if files:
            files[-1].draft = draft
        else:
            address = self._address_of(draft.key.operation)
            files.append(_File(self._path(draft.key), draft, address=address))
        await self._settle(files[-1])

    async def drop(self, key: DraftKey) -> None:
        """Remove it; returns when its file is removed.

        Raises OSError: it will reappear at the next start.
        """
        if files := self._known.get(key):
            file = files.pop()
            file.draft = None
            await self._settle(file)

    async def _settle(self, file: _File) -> None:
        """One after the other, so that the newest wins."""
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
        except (IsADirectoryError, *_UNREADABLE):
            self._set_aside(path)
        except OSError as failure:
            self.troubles.append(f"a draft could not be read: {path}: {failure.strerror}")
        else:
            if address == self._address_of(draft.key.operation):
                return draft, _File(path, draft, content, address)
            whose = f"for {address}" if address else "without the address of its server"
            self.troubles.append(f"a draft {whose} is kept but not offered: {path}")
        return None

    def _set_aside(self, path: Path) -> None:
        try:
            result = f"was set aside: {set_aside(path)}"
        except OSError as failure:
            result = f"could not be set aside: {path}: {failure.strerror}"
        self.troubles.append(f"an invalid draft {result}")


def drafts_in(folder: Path) -> tuple[Draft, ...]:
    """The drafts that can be read, oldest first, of whatever server; nothing is changed."""
    found: list[Draft] = []
    for path in sorted(folder.glob(f"*{_SUFFIX}")) if folder.is_dir() else ():
        with suppress(*_UNREADABLE, OSError), read_regular(path) as file:
            found.append(_draft(json.loads(file.read(_LARGEST))))
    return tuple(sorted(found, key=lambda draft: draft.at))


def _content(path: Path) -> bytes | None:
    """The content of a file; None if there is no readable file."""
    try:
        with read_regular(path) as file:
            return file.read()
    except OSError:
        return None


def _address(tree: Mapping[str, object]) -> str:
    """The address of its server; empty in drafts of older versions."""
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
        "opened": [[facet.key, facet.label, facet.value] for facet in draft.baseline],
        "texts": [[one.key, one.label, one.text] for one in draft.texts],
        "left_out": list(draft.left_out),
    }


def _draft(tree: object) -> Draft:
    """Read a tree back. Raises ValueError, TypeError, KeyError: this version did not write it."""
    if not isinstance(tree, dict) or tree["schema"] != _SCHEMA:
        raise ValueError("written by another version")
    texts = tuple(DraftText(*_texts(one)) for one in tree["texts"])
    at = datetime.fromisoformat(tree["at"])
    if not texts or at.tzinfo is None:
        raise ValueError("empty draft")
    operation, target, name = _texts([tree["operation"], tree["target"], tree["name"]])
    baseline = tuple(BaselineValue(*_texts(one)) for one in tree["opened"])
    left_out = tuple(clean(label) for label in tree.get("left_out", ()) if isinstance(label, str))
    return Draft(DraftKey(operation, target), name, texts, at, baseline, left_out)


def _texts(values: object) -> tuple[str, str, str]:
    """Three texts, cleaned because someone else may have written the file."""
    if not isinstance(values, list) or len(values) != 3:
        raise ValueError("not three texts")
    first, second, third = (clean(value) for value in values if isinstance(value, str))
    return first, second, third
