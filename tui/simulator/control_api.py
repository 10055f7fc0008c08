"""`/_sim`: what was received, which faults are set, how the world stands. No login, not recorded."""

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tui.simulator.control_state import merge, state_tree
from tui.simulator.faults.table import make_fault, parse_fault
from tui.simulator.world import World


def control_routes(world: World) -> list[Route]:
    """The routes under `/_sim`, bound to one world."""

    async def log(request: Request) -> Response:
        if request.method == "DELETE":
            world.log.clear()
            return Response(status_code=204)
        return JSONResponse(list(world.log))

    async def faults(request: Request) -> Response:
        if request.method == "DELETE":
            world.faults.clear()
            return Response(status_code=204)
        if request.method == "POST":
            return await _answered(request, lambda tree: _add_fault(world, tree))
        return JSONResponse([fault.described() for fault in world.faults])

    async def state(request: Request) -> Response:
        if request.method == "POST":
            return await _answered(request, lambda tree: merge(world, tree))
        return JSONResponse(state_tree(world))

    return [
        Route("/log", log, methods=["GET", "DELETE"]),
        Route("/faults", faults, methods=["GET", "POST", "DELETE"]),
        Route("/state", state, methods=["GET", "POST"]),
    ]


async def _answered(request: Request, change: Any) -> Response:
    """Carry out a change; what is wrong with it is said in a sentence."""
    try:
        change(await request.json())
    except ValueError as error:
        return JSONResponse({"error": str(error)}, status_code=400)
    return JSONResponse({"ok": True})


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
