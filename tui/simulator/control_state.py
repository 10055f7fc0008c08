"""The state that `/_sim/state` tells and takes: a tree to look at, and merges by the same names.

Invariant: an unknown name is refused, so a test never believes that it changed something.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from tui.simulator.jtl import worker_lifecycle as life
from tui.simulator.jtl.apps import ANSWERS, Apps
from tui.simulator.jtl.json_rows import sync_status
from tui.simulator.jtl.world import Kind, Phase, Sync
from tui.simulator.superoffice.engine import settle
from tui.simulator.superoffice.tenant import STATES
from tui.simulator.superoffice.world import Outcome
from tui.simulator.world import World

Change = Callable[[Any], None]
_JTL = ("token_lifetime", "control_delay", "round_interval", "info", "database")
_REGISTRATION = ("window_open", "licensed", "pending_polls")
_SYNC = ("channel", "interval", "locked", "failing")
_SUPEROFFICE = ("running", "message", "interval", "settles_in", "moved")
_CONNECTION = ("name", "active", "deleted", "test_passes", "toggle_reasons")
"""Fields that are told and taken under their own names."""


class WrongMerge(ValueError):
    """A merge that cannot be meant; the message says what is wrong with it."""


def state_tree(world: World) -> dict[str, Any]:
    settle(world)
    jtl, so = world.jtl, world.so
    return {
        "now": world.clock().isoformat(),
        "still": world.options.still,
        "jtl": {
            "process_running": jtl.process_running,
            **_told(jtl, _JTL),
            "tokens": len(jtl.tokens),
            "workers": [_sync_tree(world, world.sync_now(sync)) for sync in jtl.syncs.values()],
            "extensions": len(jtl.extensions),
            "registration": _registration_tree(jtl.apps),
        },
        "superoffice": {
            **_told(so, _SUPEROFFICE),
            "tenant_state": so.tenant_state,
            "tickets": len(so.tickets),
            "batch_tasks": so.batch_tasks,
            "connections": [
                {"id": row.id, **_told(row, _CONNECTION)} for row in so.connections.values()
            ],
        },
    }


def _told(target: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(target, name) for name in names}


def _registration_tree(apps: Apps) -> dict[str, Any]:
    return {
        **_told(apps, _REGISTRATION),
        "answer": apps.answer,
        "withheld": sorted(apps.withheld),
        "requests": [asked.id for asked in apps.asked.values() if not asked.answered],
        "apps": [app.app_id for app in apps.by_key.values()],
    }


def _sync_tree(world: World, sync: Sync) -> dict[str, Any]:
    status = sync_status(world.jtl, sync, world.seen_at)
    return {
        "id": sync.id,
        "kind": sync.kind.name,
        **_told(sync, _SYNC),
        "pending": sync.pending[0] if sync.pending else None,
        "options": {option.name: option.value for option in sync.kind.options},
        "state": status["State"],
        "text": status["ProgressText"],
        "progress": status["Progress"],
    }


def merge(world: World, tree: Any) -> None:
    """Change what `tree` names. Raises WrongMerge: a name is unknown, or a value cannot be meant."""
    _apply(
        tree,
        "state",
        {"jtl": lambda part: _jtl(world, part), "superoffice": lambda part: _so(world, part)},
    )


def _apply(tree: Any, where: str, changes: dict[str, Change]) -> None:
    if not isinstance(tree, dict):
        raise WrongMerge(f"{where} must be an object")
    unknown = sorted(tree.keys() - changes.keys())
    if unknown:
        raise WrongMerge(f"{where} has no {', '.join(unknown)}; known: {', '.join(changes)}")
    for name, value in tree.items():
        changes[name](value)


def _setters(target: object, *names: str) -> dict[str, Change]:
    """Changes of these fields, whose types say what they take."""
    hints = get_type_hints(type(target))
    return {name: _setter(target, name, hints[name]) for name in names}


def _setter(target: object, name: str, hint: Any) -> Change:
    kinds = get_args(hint) if isinstance(hint, UnionType) else (get_origin(hint) or hint,)
    kinds = (int, float) if kinds == (float,) else kinds

    def change(value: Any) -> None:
        if not isinstance(value, kinds):
            raise WrongMerge(f"{name} must be {' or '.join(kind.__name__ for kind in kinds)}")
        setattr(target, name, value)

    return change


def _jtl(world: World, tree: Any) -> None:
    jtl = world.jtl
    _apply(
        tree,
        "jtl",
        {
            "process_running": lambda on: life.process_turned(jtl, world.clock(), running=bool(on)),
            **_setters(jtl, *_JTL),
            "expire_tokens": lambda _: jtl.tokens.clear(),
            "registered_app": lambda pair: setattr(jtl, "registered_app", pair and tuple(pair)),
            "workers": lambda part: _workers(world, part),
            "registration": lambda part: _registration(jtl.apps, part),
        },
    )
    jtl.trees.clear()


def _registration(apps: Apps, tree: Any) -> None:
    _apply(
        tree,
        "registration",
        {
            **_setters(apps, *_REGISTRATION),
            "answer": lambda value: setattr(apps, "answer", _in_range(value, ANSWERS, "answer")),
            "withheld": lambda names: setattr(apps, "withheld", frozenset(map(str, names))),
        },
    )


def _workers(world: World, tree: Any) -> None:
    """By identifier, by channel, or `*` for all."""
    if not isinstance(tree, dict):
        raise WrongMerge("workers must be an object")
    for name, changes in tree.items():
        chosen = [s for s in world.jtl.syncs.values() if name in ("*", s.id, s.channel)]
        if not chosen:
            raise WrongMerge(f"there is no worker {name}")
        for sync in chosen:
            _worker(world, world.sync_now(sync), changes)


def _worker(world: World, sync: Sync, tree: Any) -> None:
    """A state that is set stays until a control call or `"alive": true`."""

    def pin(**parts: Any) -> None:
        old = sync.phase
        fresh = parts.get("state", old.state) != old.state
        since = world.clock() if fresh else old.since
        sync.phase = Phase(
            state=parts.get("state", old.state),
            since=since,
            until=None,
            text=parts.get("text", "" if fresh else old.text),
            total=old.total or 100,
            progress=parts.get("progress", None if fresh else old.progress),
        )
        sync.ran, sync.pending = True, None

    def revive(_: Any) -> None:
        sync.phase.until = world.clock()

    _apply(
        tree,
        "worker",
        {
            "state": lambda value: pin(state=_in_range(value, range(100), "state")),
            "text": lambda value: pin(text=str(value)),
            "progress": lambda value: pin(progress=None if value is None else float(value)),
            **_setters(sync, *_SYNC, "reports_progress", "listed", "reported"),
            "alive": revive,
            "options": lambda values: _options(sync.kind, values),
        },
    )


def _options(kind: Kind, values: Any) -> None:
    """By name; every sync of the kind shares them."""
    changes = {option.name: _setters(option, "value")["value"] for option in kind.options}
    _apply(values, "options", changes)


def _in_range(value: Any, allowed: Iterable[Any], name: str) -> Any:
    if value not in allowed:
        raise WrongMerge(f"{name} cannot be {value!r}")
    return value


def _so(world: World, tree: Any) -> None:
    so = world.so
    _apply(
        tree,
        "superoffice",
        {
            **_setters(so, *_SUPEROFFICE, "interval_text", "state_valid_for", "state_fields"),
            **_setters(so, "tokens_expired", "access_refused"),
            "tenant_state": lambda value: setattr(
                so, "tenant_state", _in_range(value, STATES, "tenant_state")
            ),
            "expire_tickets": lambda _: so.tickets.clear(),
            "outcomes": lambda part: _outcomes(world, part),
            "connections": lambda part: _connections(world, part),
        },
    )


def _outcomes(world: World, tree: Any) -> None:
    """By method name in any case, or `*`; null takes an outcome away."""
    if not isinstance(tree, dict):
        raise WrongMerge("outcomes must be an object")
    for method, parts in tree.items():
        world.so.outcomes.pop(method.lower(), None)
        if parts is None:
            continue
        outcome = Outcome()
        _apply(parts, "outcome", _setters(outcome, *(one.name for one in fields(outcome))))
        world.so.outcomes[method.lower()] = outcome


def _connections(world: World, tree: Any) -> None:
    """By id (a text in JSON)."""
    if not isinstance(tree, dict):
        raise WrongMerge("connections must be an object")
    for key, parts in tree.items():
        row = world.so.connections.get(int(key))
        if row is None:
            raise WrongMerge(f"there is no connection {key}")
        _apply(parts, "connection", _setters(row, *_CONNECTION, "description", "ignores_toggle"))
