"""Which target a word means, of any kind.

Invariant: an ambiguous word is reported, never resolved by choice.
"""

from collections.abc import Iterator

from tui.domain.history.records import Subject
from tui.domain.profile import System
from tui.domain.superoffice.engine import ENGINE_NAME
from tui.domain.text import cited
from tui.domain.writes import ENGINE
from tui.ops.operations.names import nearest
from tui.ops.refusal import Refusal
from tui.ops.targets.lookup import ID_PREFIX, NAME_PREFIX, folded_name
from tui.session.why.known import (
    THE_ENGINE,
    of_connection,
    of_extension,
    of_system,
    of_worker,
    subjects,
)
from tui.store.snapshot import Topic
from tui.store.store import Store

_MOST_LISTED = 5


def find_subject(word: str, store: Store) -> Subject | Refusal:
    """By identifier or name, case-insensitive; of a sync also by its channel."""
    wanted = folded_name(word)
    is_id, is_name = wanted.startswith(ID_PREFIX), wanted.startswith(NAME_PREFIX)
    wanted = wanted.removeprefix(ID_PREFIX).removeprefix(NAME_PREFIX).strip()
    found: dict[Subject, bool] = {}
    for subject, is_doubled, names in _named(store):
        ids = not is_name and folded_name(subject.key) == wanted
        if ids or (not is_id and wanted in map(folded_name, names)):
            found[subject] = is_doubled
    if len(found) == 1 or (found and all(found.values())):
        return next(iter(found))
    if found:
        several = ", ".join(f"{one.name or one.key} ({one.kind} {one.key})" for one in found)
        few = several if len(found) <= _MOST_LISTED else f"{len(found)} targets"
        return Refusal(f"{cited(word)} names several: {few}; write {ID_PREFIX}IDENTIFIER of one")
    near = nearest(word, (name for one in subjects(store) for name in (one.name, one.key) if name))
    hint = f"; the nearest: {', '.join(near)}" if near else "; `syncdeck status` lists what is wrong"
    return Refusal(f"there is no target {cited(word)}{hint}")


def _named(store: Store) -> Iterator[tuple[Subject, bool, tuple[str, ...]]]:
    """Each target, whether its identifier is not unique, and what it is called."""
    for worker in store.workers():
        channel = worker.sync.channel if worker.sync is not None else ""
        names = tuple(filter(None, (worker.name, worker.plain_name, channel)))
        yield of_worker(worker), worker.doubled, names
    for extension in store.snapshot(Topic.EXTENSIONS).data or ():
        yield of_extension(extension), extension.doubled, (extension.name,)
    for connection in store.snapshot(Topic.CONNECTIONS).data or ():
        yield of_connection(connection), connection.doubled, (connection.name,)
    listed = set(subjects(store))
    if THE_ENGINE in listed:
        yield THE_ENGINE, False, (ENGINE, ENGINE_NAME)
    for system in System:
        if of_system(system) in listed:
            yield of_system(system), False, (system.value, system.product)
