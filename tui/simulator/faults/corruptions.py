"""Faults that spoil a right answer: types, text, casing, shape. The table is in `faults`."""

import json
from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from typing import Any

from tui.simulator.faults.table import Fault
from tui.simulator.http_messages import Answer, rebuilt
from tui.simulator.jtl.json_rows import camel_name

IDENTIFIERS = {"identifier", "id", "erpconnectionid"}
NOT_TEXT = {
    "identifier", "id", "interval", "lastsync", "nextsync", "created", "lastchanged", "access_token",
    "token_type", "manifesthash", "connectionid", "type", "status", "actortype", "validuntil",
}  # fmt: skip
"""Text on the wire, but no free text: left alone by `hostile`, or nothing could be read at all."""

NEEDED = IDENTIFIERS | {"access_token", "token_type"}
"""What `hostile:all` leaves alone as well: without it there is neither a row nor an answer."""

NASTY = (
    "\x1b[2J\x1b[31m\x1b]0;taken over\x07\x1b]52;c;cm0gLXJm\x07\x00\x08\r\n\t\x7f\x9b2J\x85"
    "\u202egnitirw\u202c\u2066\u200b\u2028\ud800[bold red]markup[/][@click=app.quit]quit[/] & <b> %s {0}"
)
VERY_LONG = "Lindwurm " * 4_000


def spoiled(fault: Fault, answer: Answer) -> Answer:
    """`answer` as `fault` leaves it; unchanged where it has no JSON."""
    if answer.text is not None:
        return answer
    if fault.kind == "broken-json":
        body = json.dumps(answer.tree)
        return replace(answer, text=body[: max(1, len(body) // 2)])
    spoil = _SPOILERS.get(fault.kind if fault.kind != "quirk" else f"quirk {fault.arg}")
    return replace(answer, tree=spoil(answer.tree, fault.arg)) if spoil else answer


def _wrong(value: Any, *, keep: bool = False) -> Any:
    """The value with every leaf of another type; `keep` leaves identifiers as they are."""
    match value:
        case Mapping():
            kept = IDENTIFIERS if keep else frozenset[str]()
            return {
                name: item if name.lower() in kept else _wrong(item, keep=keep)
                for name, item in value.items()
            }
        case list():
            return [_wrong(item, keep=keep) for item in value]
        case bool():
            return "perhaps"
        case int() | float():
            return {"value": "many"}
        case str():
            return [len(value)]
    return 0 if value is None else value


def _one_bad_row(tree: Any, _arg: str) -> Any:
    if isinstance(tree, list) and tree:
        bad = min(1, len(tree) - 1)
        return [*tree[:bad], _wrong(tree[bad], keep=True), *tree[bad + 1 :]]
    if isinstance(tree, Mapping):
        rows = next((name for name in tree if name.lower() in ("items", "value")), None)
        return tree if rows is None else {**tree, rows: _one_bad_row(tree[rows], "")}
    return tree


def _hostile(tree: Any, arg: str) -> Any:
    spared = NEEDED if arg == "all" else NOT_TEXT
    return _hostile_in(tree, spared, VERY_LONG if isinstance(tree, Mapping | list) else "")


def _hostile_in(tree: Any, spared: Set[str], more: str) -> Any:
    match tree:
        case Mapping():
            return {
                name: item
                if name.lower() in spared and isinstance(item, str)
                else _hostile_in(item, spared, more)
                for name, item in tree.items()
            }
        case list():
            # Once is enough for very long text: in every row it would only be slow.
            return [_hostile_in(row, spared, "" if number else more) for number, row in enumerate(tree)]
        case str():
            return tree + NASTY + more
    return tree


def _replaced(wanted: str) -> Callable[[Any, str], Any]:
    def spoil(tree: Any, arg: str) -> Any:
        if isinstance(tree, list):
            return [spoil(item, arg) for item in tree]
        if not isinstance(tree, Mapping):
            return tree
        return {name: arg if name.lower() == wanted else spoil(item, arg) for name, item in tree.items()}

    return spoil


def _no_progress(tree: Any, _arg: str) -> Any:
    if not isinstance(tree, list):
        return tree
    return [
        {name: -1.0 if name.lower() == "progress" else value for name, value in row.items()}
        for row in tree
    ]


def _other_casing(tree: Any, _arg: str) -> Any:
    return rebuilt(tree, key=lambda name: camel_name(name) if name[:1].isupper() else _pascal(name))


def _pascal(name: str) -> str:
    return name[:1].upper() + name[1:]


_SPOILERS: dict[str, Callable[[Any, str], Any]] = {
    "wrong-types": lambda tree, _: _wrong(tree),
    "one-bad-row": _one_bad_row,
    "hostile": _hostile,
    "interval-text": _replaced("interval"),
    "last-sync": _replaced("lastsync"),
    "quirk 8": lambda tree, _: {"items": tree} if isinstance(tree, list) else tree,
    "quirk 11": _no_progress,
    "quirk 14": _other_casing,
}
