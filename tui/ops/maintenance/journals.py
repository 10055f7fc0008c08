"""The journals of a profile's maintenances, a file each: `maintenance/PROFILE/ID.json`, 0600.

Invariants: a journal is on the disk before anything is stopped; it is replaced as a whole, and never by
another maintenance. It is also the lock: it names the process that opens or closes it.
"""

import fcntl
import os
import socket
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from errno import EBUSY, EIO
from pathlib import Path

from tui.domain.maintenance.records import Holder, Maintenance, NotedTarget, open_ones
from tui.domain.text import cited
from tui.frozen import frozen
from tui.ops.audit.file_trail import user_name
from tui.ops.audit.process_mark import mark_of, still_runs
from tui.ops.maintenance.hindrances import (
    already_open,
    being_closed,
    busy,
    changed_since,
    shared,
    still_arriving,
)
from tui.ops.maintenance.journal_json import as_bytes, from_bytes
from tui.ops.refusal import Refusal
from tui.paths import private_dir, read_regular, reason_of, replace_private, state_dir

KEPT_FOR = timedelta(days=90)
"""How long the journal of a closed maintenance is kept."""
_LARGEST = 64_000_000
_LOCK = ".lock"
_working: set[tuple[object, str]] = set()
"""What this process works on: where it is noted, and its id."""


@frozen
class Known:
    """All journals that can be read, the oldest first, and why others cannot."""

    items: tuple[Maintenance, ...] = ()
    troubles: tuple[str, ...] = ()

    @property
    def open(self) -> tuple[Maintenance, ...]:
        return open_ones(self.items)

    def find(self, word: str) -> Maintenance | Refusal:
        """By id, or the one of that name: an open one, else the newest."""
        found = [one for one in self.items if word in (one.id, one.name)]
        exact = [one for one in found if one.id == word]
        still = [one for one in found if one.closed_at is None]
        # An unreadable one may be the open one of that name.
        for group in (exact, still, [] if self.troubles else found):
            if group:
                return group[-1]
        if self.troubles:
            sentence = f"there is no maintenance {cited(word)} that can be read; {self.troubles[0]}"
            return Refusal(sentence, "Restore the file; what it stopped stays off")
        names = ", ".join(dict.fromkeys(one.name for one in self.open))
        hint = f"open are {names}" if names else "none is open"
        sentence = f"there is no maintenance {cited(word)} of {user_name()}; {hint}"
        return Refusal(sentence, "If somebody else opened it, close it as that user")


class Journals(ABC):
    """Every method raises OSError where the files cannot be used."""

    def __init__(self, place: object) -> None:
        """`place`: the same for all that share the journals."""
        self._place = place
        self._kept_by_us: dict[str, bytes] = {}
        """What was written last of those that this process holds: to read it is slow."""

    @abstractmethod
    def _contents(self) -> Iterator[tuple[str, bytes | OSError]]:
        """Name and content of each."""

    @abstractmethod
    def _content(self, id: str) -> bytes:
        """Of one."""

    @abstractmethod
    def _put(self, id: str, content: bytes) -> None:
        """Returns once it is on the disk."""

    @abstractmethod
    def _drop(self, id: str) -> None: ...

    @abstractmethod
    def _alone(self) -> AbstractContextManager[None]:
        """Nobody else changes who works on what meanwhile."""

    def beside(self) -> "Sequence[Journals]":
        """Those of other profiles of this user."""
        return ()

    def on_same_servers(self, addresses: Collection[tuple[str, str]]) -> tuple[Maintenance, ...]:
        """What other profiles have open, named with these, each with its targets on one of these
        `addresses` of systems.

        A journal that cannot be read is named where its own profile is checked.
        """
        found: list[Maintenance] = []
        for other in self.beside():
            with suppress(OSError):
                found += [_on(one, addresses) for one in other.read().open]
        return tuple(one for one in found if one.targets)

    def _alone_beside(self) -> AbstractContextManager[None]:
        """Nobody opens another one meanwhile, in whichever profile."""
        return nullcontext()

    @property
    def mark(self) -> object:
        """Differs whenever something was written, also beside; cheap."""
        return None

    def read(self) -> Known:
        found, troubles = [], []
        for name, content in self._contents():
            if isinstance(content, OSError):
                troubles.append(f"{name} cannot be read: {reason_of(content)}")
                continue
            try:
                found.append(self._without_dead_holder(from_bytes(content)))
            except ValueError as error:
                troubles.append(f"{name} cannot be read: {error}")
        found.sort(key=lambda one: (one.opened_at, one.id))
        return Known(tuple(found), tuple(troubles))

    def create(self, one: Maintenance) -> Maintenance | Refusal:
        """Write a new journal, held by this process; it never replaces another one."""
        with self._alone_beside(), self._alone():
            known = self.read()
            if known.troubles:
                # An unreadable journal may be one of the same targets.
                return Refusal(known.troubles[0], "Move the file away, then try again")
            for other in (*known.open, *self.on_same_servers(one.addresses)):
                if other.name == one.name:
                    return busy(other) or already_open(other)
                if taken := shared(one, other):
                    step = f"Leave it out, or close {other.name} first"
                    return Refusal(f"{taken} belongs to the open maintenance {other.name}", step)
            for other in known.items:
                if other.closed_at is not None and one.opened_at - other.closed_at > KEPT_FOR:
                    self._drop(other.id)
            taken_ids = {other.id for other in known.items}
            key, number = one.id, 1
            while key in taken_ids:
                number += 1
                key = f"{one.id}-{number}"
            return self._held(replace(one, id=key))

    def standing(self, name: str, targets: Iterable[NotedTarget] = ()) -> Refusal | None:
        """Why the open maintenance of that name, or of one of these targets, is in the way."""
        ids = {one.id for one in targets}
        for other in self.read().open:
            if other.name == name or any(one.id in ids and not one.is_settled for one in other.targets):
                return busy(other) or already_open(other)
        return None

    def claim(
        self, id: str, *, closes: bool = False, reviewed: Sequence[NotedTarget] | None = None
    ) -> Maintenance | Refusal:
        """The journal as it is now, held by this process; or who works on it. Refused as well if it is
        not as it was `reviewed`, and for opening once closing has begun."""
        with self._alone():
            found = self.read().find(id)
            if isinstance(found, Refusal):
                return found
            if found.closed_at is not None:
                return Refusal(f"{found.name} was closed {found.closed_at:%Y-%m-%d %H:%M} UTC")
            hindrance = busy(found) or (None if closes else being_closed(found))
            if hindrance is None and reviewed is not None:
                hindrance = changed_since(reviewed, found)
            return hindrance or self._held(found, closes=closes)

    def save(self, one: Maintenance) -> None:
        """Replace its journal, whatever it holds."""
        self._put(one.id, as_bytes(one))

    def keep(self, one: Maintenance) -> None:
        """Replace its journal, which this process must still hold: else OSError."""
        content = as_bytes(one)
        with self._alone():
            self._require_ours(one)
            self._put(one.id, content)
            self._kept_by_us[one.id] = content

    def _require_ours(self, one: Maintenance) -> None:
        content = self._content(one.id)
        if content == self._kept_by_us.get(one.id):
            return
        try:
            held = from_bytes(content).holder
        except ValueError as error:
            raise OSError(EIO, str(error)) from None
        if (held and (held.pid, held.process)) != (one.holder and (one.holder.pid, one.holder.process)):
            raise OSError(EBUSY, "somebody else works on it by now")

    def give_back(self, one: Maintenance) -> None:
        """Nobody works on it any more; nothing was done."""
        try:
            with self._alone():
                self._require_ours(one)
                self.save(replace(one, holder=None))
        finally:
            self._let_go(one)

    def release(self, one: Maintenance, closed_at: datetime | None = None) -> Maintenance:
        """Nobody works on it any more; with `closed_at` it is closed. Where nothing was stopped, nothing
        is remembered."""
        done = replace(one, holder=None, closed_at=closed_at)
        try:
            with self._alone():
                self._require_ours(one)
                if done.closed_at is None and not done.is_closing and not done.off:
                    self._drop(one.id)
                else:
                    self.save(done)
        finally:
            self._let_go(one)
        return done

    def _let_go(self, one: Maintenance) -> None:
        self._kept_by_us.pop(one.id, None)
        _working.discard((self._place, one.id))

    def forget(self, id: str, now: datetime) -> Maintenance | Refusal:
        """Delete its journal; nothing is started. Refused while what it sent may still arrive."""
        with self._alone():
            found = self.read().find(id)
            if isinstance(found, Refusal):
                return found
            is_elsewhere = found.holder is not None and found.holder.host != socket.gethostname()
            hindrance = (None if is_elsewhere else busy(found)) or still_arriving(found, now)
            if hindrance is None:
                self._drop(found.id)
            return hindrance or found

    def _without_dead_holder(self, one: Maintenance) -> Maintenance:
        """A process that ended holds nothing; of another host that cannot be seen."""
        holder = one.holder
        if holder is None or holder.host != socket.gethostname():
            return one
        is_working = still_runs(holder.pid, holder.process)
        if holder.pid == os.getpid():
            is_working = is_working and (self._place, one.id) in _working
        return one if is_working else replace(one, holder=None)

    def _held(self, one: Maintenance, *, closes: bool = False) -> Maintenance:
        pid = os.getpid()
        holder = Holder(pid, socket.gethostname(), mark_of(pid), user_name(), closes)
        held = replace(one, holder=holder)
        self.save(held)
        _working.add((self._place, held.id))
        return held


def _on(one: Maintenance, addresses: Collection[tuple[str, str]]) -> Maintenance:
    """Named with its profile, with what it has on these servers."""
    same = {system for system, address in one.addresses if address and (system, address) in addresses}
    targets = tuple(target for target in one.targets if target.kind.system.value in same)
    return replace(one, name=f"{one.name} of profile {one.profile}", targets=targets)


class FileJournals(Journals):
    def __init__(self, folder: Path) -> None:
        """`folder`: of one profile; created when the first journal is written."""
        super().__init__(folder.absolute())
        self._folder = folder

    def _contents(self) -> Iterator[tuple[str, bytes | OSError]]:
        try:
            paths = sorted(path for path in self._folder.iterdir() if path.suffix == ".json")
        except FileNotFoundError:
            return
        except OSError as error:
            yield str(self._folder), error
            return
        for path in paths:
            try:
                yield str(path), self._content(path.stem)
            except OSError as error:
                yield str(path), error

    def _content(self, id: str) -> bytes:
        with read_regular(self._path(id)) as file:
            return file.read(_LARGEST)

    def _put(self, id: str, content: bytes) -> None:
        replace_private(self._path(id), content)

    def _drop(self, id: str) -> None:
        self._path(id).unlink(missing_ok=True)

    def beside(self) -> "tuple[FileJournals, ...]":
        try:
            with os.scandir(self._folder.parent) as found:
                names = sorted(one.name for one in found if one.is_dir())
        except OSError:
            return ()
        others = (self._folder.parent / name for name in names if name != self._folder.name)
        return tuple(map(FileJournals, others))

    @property
    def mark(self) -> object:
        return [one.own_mark for one in (self, *self.beside())]

    @property
    def own_mark(self) -> object:
        try:
            with os.scandir(self._folder) as found:
                facts = [(one.name, one.stat()) for one in found if one.name.endswith(".json")]
        except OSError:
            return None
        # The time alone is too coarse: two writes may fall into one tick of the clock.
        return sorted((name, one.st_ino, one.st_mtime_ns, one.st_size) for name, one in facts)

    def _alone(self) -> AbstractContextManager[None]:
        return _locked(self._folder)

    def _alone_beside(self) -> AbstractContextManager[None]:
        return _locked(self._folder.parent)

    def _path(self, id: str) -> Path:
        return self._folder / f"{id}.json"


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    private_dir(folder)
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    handle = os.open(folder / _LOCK, flags, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def journals_of(profile: str) -> FileJournals:
    """The journals of a profile in the state directory.

    Raises OSError: the state directory is not known.
    """
    return FileJournals(state_dir() / "maintenance" / profile)


class MemoryJournals(Journals):
    """Of the demo, which writes no files."""

    def __init__(self) -> None:
        super().__init__(self)
        self._kept: dict[str, bytes] = {}
        self._writes = 0

    def _contents(self) -> Iterator[tuple[str, bytes | OSError]]:
        yield from dict(self._kept).items()

    def _content(self, id: str) -> bytes:
        return self._kept.get(id, b"")

    def _put(self, id: str, content: bytes) -> None:
        self._kept[id] = content
        self._writes += 1

    def _drop(self, id: str) -> None:
        del self._kept[id]
        self._writes += 1

    @property
    def mark(self) -> object:
        return self._writes

    def _alone(self) -> AbstractContextManager[None]:
        return nullcontext()
