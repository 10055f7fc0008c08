"""A maintenance as the bytes of its journal, and back. All text is cleaned when it is read."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from tui.domain.maintenance.records import Holder, Maintenance, MemberKind, NotedTarget, Step
from tui.domain.result import Result
from tui.domain.text import clean_tree

SCHEMA = 1


def as_bytes(one: Maintenance) -> bytes:
    tree = {"schema": SCHEMA, **asdict(one)}
    return json.dumps(tree, default=_plain, indent=1, ensure_ascii=False).encode("utf-8", "replace")


def from_bytes(content: bytes) -> Maintenance:
    """Read it. Raises ValueError: it is not a journal of this version."""
    try:
        tree = clean_tree(json.loads(content))
    except (TypeError, RecursionError, ValueError):
        raise ValueError("it is damaged: it is not a JSON document") from None
    if not isinstance(tree, dict) or tree.pop("schema", None) != SCHEMA:
        raise ValueError("it was written by another version of syncdeck")
    try:
        return _maintenance(tree)
    except (TypeError, KeyError, AttributeError, ValueError, OverflowError) as error:
        # What is wrong is not quoted: it may be anything.
        raise ValueError(f"it is not a journal ({type(error).__name__})") from None


def _maintenance(tree: dict[str, Any]) -> Maintenance:
    holder, closed_at = tree["holder"], tree["closed_at"]
    texts = {key: str(tree[key]) for key in ("id", "name", "profile", "reason", "user")}
    return Maintenance(
        **texts,
        opened_at=_instant(tree["opened_at"]),
        until=_instant(tree["until"]),
        targets=tuple(map(_target, tree["targets"])),
        addresses=tuple((str(system), str(address)) for system, address in tree["addresses"]),
        drain_s=float(tree["drain_s"]),
        holder=None if holder is None else Holder(**{**holder, "pid": int(holder["pid"])}),
        closed_at=None if closed_at is None else _instant(closed_at),
    )


def _target(tree: Mapping[str, Any]) -> NotedTarget:
    texts = {key: str(tree[key]) for key in ("id", "name", "before", "left")}
    steps = {"stop": _step(tree["stop"]), "start": _step(tree["start"])}
    # Older versions have none.
    steps["earlier"] = _step(tree.get("earlier"))
    return NotedTarget(**texts, **steps, kind=MemberKind(tree["kind"]))  # type: ignore[arg-type]  # the keys of its fields


def _step(tree: Mapping[str, Any] | None) -> Step | None:
    if tree is None:
        return None
    result = None if tree["result"] is None else Result(tree["result"])
    by_server = tree.get("server_at")
    server_at = None if by_server is None else _instant(by_server)
    return Step(_instant(tree["at"]), result, str(tree["audit"]), str(tree["sentence"]), server_at)


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time has no offset")
    return at.astimezone(UTC)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    raise TypeError(type(value).__name__)
