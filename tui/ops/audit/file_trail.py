"""The audit trail: an `attempt` before anything is sent, an `outcome` after, joined by id; a `check`
if the target was read to find the outcome. A bulk has a `plan` before its first attempt, and a
`plan-end` once it ended by itself, which says whether a rest is left to offer; the plan of a rest names
the one that it resumes.

JSON Lines, only ever appended, one write and one fsync a record. No secret enters it: an option that
looks like one by its name is masked, a manifest is recorded by its size and SHA-512.
"""

import asyncio
import getpass
import json
import os
import socket
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from tui.domain.text import clean_tree
from tui.domain.writes import target_of
from tui.ops.audit.entries import History, Record
from tui.ops.audit.json_values import given
from tui.ops.audit.process_mark import mark_of
from tui.ops.audit.record import Attempt, Ending, Finding, stamp
from tui.ops.audit.trail_end import Reach
from tui.ops.audit.trail_follower import TrailFollower, read_end
from tui.ops.audit.trail_reader import EPOCH, join
from tui.ops.operations.kinds import kind_of
from tui.paths import private_dir, require_regular, sync_folder

_FARTHEST = 64_000_000
"""Bytes from the end in which older attempts without outcome are looked for: some 150,000 records."""


class AuditTrail(ABC):
    """Records attempts and their results. Every method raises OSError on failure."""

    lasts = True
    """Whether it outlives this run."""

    def __init__(self) -> None:
        self._own: set[str] = set()
        """Ids of the attempts recorded through this object."""

    @abstractmethod
    async def append(self, record: Record) -> None:
        """Returns when the record is stored durably."""

    @abstractmethod
    async def entries(self, most: int, back_to: datetime = EPOCH) -> History:
        """Read the newest `most` entries with an outcome, and all without; both as far as `back_to`."""

    async def newest(self, most: int, back_to: datetime) -> History:
        """The newest `most` entries with an outcome, and those without as far as `back_to` at least.

        For who reads again and again: only what was appended since is read.
        """
        return await self.entries(most)

    def beside(self) -> Sequence["AuditTrail"]:
        """The trails of other profiles on this machine, which may use the same server."""
        return ()

    async def attempt(self, attempt: Attempt) -> str:
        """Record an attempt before it is sent; returns its id."""
        key = uuid4().hex
        self._own.add(key)
        record = {
            "record": "attempt",
            "id": key,
            "time": stamp(attempt.at),
            **({"plan": attempt.plan} if attempt.plan else {}),
            **_here(),
            "profile": attempt.profile,
            "environment": attempt.environment,
            "system": attempt.system,
            "address": attempt.address,
            "operation": attempt.operation,
            "targets": [target_of(attempt.write)],
            "target_names": [attempt.target_name] if attempt.target_name else [],
            "before": {change.field: change.before for change in attempt.changes},
            "after": {change.field: change.after for change in attempt.changes},
            "sent": kind_of(attempt.write).to_json(attempt.write),
            **given(baseline=attempt.baseline, undoes=attempt.undoes or None),
        }
        await self.append(record)
        return key

    async def plan(self, at: datetime, planned: Record) -> str:
        """Record a bulk before its first attempt; returns its id. `planned`: the fields of `Plan`, and
        `resumes`: the id of the plan whose rest it is, which has an end then."""
        key = uuid4().hex
        self._own.add(key)
        facts = {name: value for name, value in planned.items() if value}
        process = {**_here(), "process": mark_of(os.getpid())}
        await self.append({"record": "plan", "id": key, "time": stamp(at), **process, **facts})
        return key

    async def end_plan(self, id: str, at: datetime, result: str, keys: int | None = None) -> None:
        """Record that the rest of plan `id` is not to be offered: `over`, `declined`; or `unsent`: that
        it is. `keys`: how many its files hold."""
        end = {"record": "plan-end", "id": id, "time": stamp(at), "result": result}
        await self.append({**end, **given(keys=keys)})

    async def outcome(self, id: str, ending: Ending) -> None:
        more = {
            "status": ending.status,
            "request_id": ending.request_id,
            "responses": [asdict(one) for one in ending.responses],
        }
        await self.append(_result_record("outcome", id, ending) | more)

    async def check(self, id: str, finding: Finding) -> None:
        await self.append(_result_record("check", id, finding))


class MemoryTrail(AuditTrail):
    """Keeps the records of this run only; for the demo, which writes no files."""

    lasts = False

    def __init__(self) -> None:
        super().__init__()
        self.records: list[Record] = []

    async def append(self, record: Record) -> None:
        self.records.append(record)

    async def entries(self, most: int, back_to: datetime = EPOCH) -> History:
        cleaned = (dict(record) for record in map(clean_tree, self.records) if isinstance(record, dict))
        return replace(join(enumerate(cleaned, 1), most), own=frozenset(self._own))


class FileTrail(AuditTrail):
    """Appends to a private file: 0600, in directories created with 0700."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._follower: TrailFollower | None = None

    async def append(self, record: Record) -> None:
        await asyncio.to_thread(_append, self.path, record)

    def beside(self) -> "tuple[FileTrail, ...]":
        others = sorted(self.path.parent.glob("*.jsonl"))
        return tuple(FileTrail(path) for path in others if path != self.path)

    async def entries(self, most: int, back_to: datetime = EPOCH) -> History:
        far = sys.maxsize if back_to == EPOCH else _FARTHEST
        history = await asyncio.to_thread(
            read_end, self.path, Reach(most, back_to=back_to, farthest=far)
        )
        return replace(history, own=frozenset(self._own))

    async def newest(self, most: int, back_to: datetime) -> History:
        if self._follower is None:
            reach = Reach(most, back_to=back_to, least=most, farthest=_FARTHEST)
            self._follower = TrailFollower(self.path, reach)
        history = await asyncio.to_thread(self._follower.read)
        return replace(history, own=frozenset(self._own))


def _append(path: Path, record: Record) -> None:
    private_dir(path.parent)
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    handle = os.open(path, flags, 0o600)
    try:
        require_regular(handle, path)
        facts = os.fstat(handle)
        if facts.st_mode & 0o077:
            os.fchmod(handle, 0o600)
        # A line cut short by a crash must not merge with this one.
        torn = facts.st_size > 0 and os.pread(handle, 1, facts.st_size - 1) != b"\n"
        whole = (b"\n" if torn else b"") + line + b"\n"
        if os.write(handle, whole) != len(whole):
            raise OSError(f"{path}: the record was only partly written")
        os.fsync(handle)
    finally:
        os.close(handle)
    if facts.st_size == 0:
        sync_folder(path.parent)


def _result_record(kind: str, key: str, found: Ending | Finding) -> dict[str, object]:
    return {
        "record": kind,
        "id": key,
        "time": stamp(found.at),
        "result": found.result.value,
        "sentence": found.sentence,
        **given(left=found.left or None),
    }


def _here() -> dict[str, object]:
    return {"user": user_name(), "host": socket.gethostname(), "pid": os.getpid()}


def user_name() -> str:
    """Who uses this program, by the system."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
