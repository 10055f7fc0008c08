"""`/_sim`: what was received, which faults are set, how the world stands. No login, not recorded."""

import json
from typing import Any

from tui.simulator.control_state import merge, state_tree
from tui.simulator.faults.table import make_fault, parse_fault
from tui.simulator.http_messages import Answer, Received, empty
from tui.simulator.world import World

PREFIX = "/_sim/"


def control(world: World, request: Received) -> Answer:
    """What a change has wrong is said in a sentence, with 400."""
    try:
        return _control(world, request)
    except ValueError as error:
        return Answer(400, {"error": str(error)})


def _control(world: World, request: Received) -> Answer:
    match request.path.removeprefix(PREFIX), request.method:
        case "log", "GET":
            return Answer(tree=list(world.log))
        case "log", "DELETE":
            world.log.clear()
            return empty(204)
        case "faults", "GET":
            return Answer(tree=[fault.described() for fault in world.faults])
        case "faults", "POST":
            _add_fault(world, request.parsed)
            return Answer(tree={"ok": True})
        case "faults", "DELETE":
            world.faults.clear()
            return empty(204)
        case "state", "GET":
            return Answer(tree=state_tree(world))
        case "state", "POST":
            merge(world, request.parsed)
            return Answer(tree={"ok": True})
        case (("log" | "faults" | "state"), _):
            return empty(405)
    return empty(404)


def _add_fault(world: World, tree: Any) -> None:
    """Add the fault of a text, or of `{"match", "kind", "arg"?, "count"?}`."""
    if isinstance(tree, str):
        world.faults.append(parse_fault(tree))
        return
    if not isinstance(tree, dict) or not {"match", "kind"} <= tree.keys() <= {
        "match",
        "kind",
        "arg",
        "count",
    }:
        raise ValueError('a fault is a text or {"match": …, "kind": …, "arg": …, "count": …}')
    count = tree.get("count")
    if count is not None and not isinstance(count, int):
        raise ValueError("count is a number or null")
    arg = tree.get("arg") or ""
    text = arg if isinstance(arg, str) else json.dumps(arg)
    world.faults.append(make_fault(str(tree["match"]), str(tree["kind"]), text, count))
