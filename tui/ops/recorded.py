"""From what the trail keeps of a command back to the command, where all of it was kept.

Invariant: what comes back is exactly what was sent, or None. A manifest is kept by its hash only,
a value that may be a secret not at all, and a text that had to be cleaned is not the one that was sent.
"""

from collections.abc import Mapping, Sequence

from tui.domain.changes import (
    ChangeEngineInterval,
    ChangeEngineStatus,
    ConfigureWorker,
    ControlWorker,
    CreateExtension,
    DeleteExtension,
    ForceResync,
    ForceResyncExternal,
    SavePriorities,
    SyncAll,
    ToggleConnection,
    UpdateConnectionFields,
    UpdateExtension,
    Write,
)
from tui.domain.secrecy import MASKED
from tui.domain.text import Altered
from tui.domain.workers import ControlAction
from tui.ops.sent import EVERYTHING

_ACTIONS = {f"worker.{action.name.lower()}": action for action in ControlAction}
Sent = Mapping[str, object]


def write_of(operation: str, targets: Sequence[str], sent: Sent) -> Write | None:
    """The command that `operation` sent to its target, or None."""
    if len(targets) != 1 or _is_altered((*targets, sent)):
        return None
    try:
        return _write(operation, targets[0], sent)
    except (KeyError, TypeError, ValueError):
        return None


def _write(operation: str, target: str, sent: Sent) -> Write | None:
    match operation:
        case "worker.configure":
            options = _table(sent.get("options", {}))
            if MASKED in options.values():
                return None
            return ConfigureWorker(target, _optional(sent, "interval"), tuple(options.items()))
        case "worker.start" | "worker.stop" | "worker.restart":
            action = _ACTIONS[operation]
            return ControlWorker(target, action) if sent["action"] == action.name.lower() else None
        case "extension.create":
            return CreateExtension(target, _text(sent["version"]), _text(sent["manifest_hash"]))
        case "extension.update" | "extension.toggle":
            texts = _optional(sent, "version"), _optional(sent, "manifest_hash")
            return UpdateExtension(
                target, *texts, None if "status" not in sent else _int(sent["status"])
            )
        case "extension.delete":
            return DeleteExtension(target)
        case "engine.force-resync":
            return _resync(int(target), sent)
        case "engine.start" | "engine.stop":
            return ChangeEngineStatus(_bool(sent["run"]))
        case "engine.interval":
            return ChangeEngineInterval(_text(sent["interval"]))
        case "engine.sync-all" | "engine.force-sync-all":
            return SyncAll(_bool(sent["forced"]))
        case "connection.toggle":
            return ToggleConnection(int(target), _bool(sent["active"]))
        case "connection.update-fields":
            return UpdateConnectionFields(int(target))
        case "connection.priorities":
            return SavePriorities(tuple(map(_int, _list(sent["connection_ids"]))))
        case _:
            return None


def _is_altered(value: object) -> bool:
    if isinstance(value, str):
        return isinstance(value, Altered)
    if isinstance(value, Mapping):
        return any(map(_is_altered, (*value.keys(), *value.values())))
    return isinstance(value, Sequence) and any(map(_is_altered, value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _int(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("no number")
    return value


def _optional(sent: Sent, name: str) -> str | None:
    return None if name not in sent else _text(sent[name])


def _table(value: object) -> Mapping[str, str]:
    if not isinstance(value, Mapping):
        raise TypeError("no table")
    return {_text(name): _text(item) for name, item in value.items()}


def _resync(source: int, sent: Sent) -> Write:
    no_blanks = _bool(sent.get("no_blanks", False))
    if "actor_type" in sent:
        external = tuple(map(_text, _keys(sent["external_keys"])))
        return ForceResyncExternal(source, _text(sent["actor_type"]), external, no_blanks)
    keys = tuple(map(_int, _keys(sent["keys"])))
    return ForceResync(source, keys, no_blanks, _bool(sent.get("as_batch", False)))


def _keys(value: object) -> list[object]:
    return [] if value == EVERYTHING else _list(value)


def _list(value: object) -> list[object]:
    if not isinstance(value, list) or not value:
        raise TypeError("no list")
    return value


def _bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value
