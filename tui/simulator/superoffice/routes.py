"""The front door of the SuperOffice side: agent calls under any tenant prefix, version, tenant
state, login of a system user.

Source: superoffice PROTOCOL §2, §3, §9, §10. Paths and names are compared without regard to case.
"""

import re
from dataclasses import replace
from typing import Any

from tui.simulator.http_messages import HTML, Answer, Received, empty, lowered, rebuilt
from tui.simulator.superoffice.archive import sync_log
from tui.simulator.superoffice.auth import refusal
from tui.simulator.superoffice.errors import so_error
from tui.simulator.superoffice.login import LOGIN, authenticate
from tui.simulator.superoffice.methods import AGENTS
from tui.simulator.superoffice.tenant import STATE, tenant_problem, tenant_state
from tui.simulator.superoffice.times import told
from tui.simulator.world import World

AGENT = re.compile(r"(?:/[^/]+)?/api/v1/agents/(erpsync|batch)/([^/]+)/?", re.IGNORECASE)
ARCHIVE = re.compile(r"(?:/[^/]+)?/api/v1/archive/([^/]+)/?", re.IGNORECASE)
VERSION = re.compile(r"(?:/[^/]+)?/api/?", re.IGNORECASE)
_TRANSLATION = re.compile(r'(\w+):"([^"]*)"')


def superoffice(world: World, request: Received) -> Answer | None:
    """Answer a call to the SuperOffice side; None where the path is not one of its."""
    if match := AGENT.fullmatch(request.path):
        return _agent(world, request, match[1], match[2])
    if match := ARCHIVE.fullmatch(request.path):
        return _archive(world, request, match[1])
    if match := STATE.fullmatch(request.path):
        return Answer(tree=tenant_state(world, request, match[1]))
    if LOGIN.fullmatch(request.path):
        return authenticate(world, request)
    return _version(world, request) if VERSION.fullmatch(request.path) else None


def _agent(world: World, request: Received, agent: str, name: str) -> Answer:
    agent, methods = AGENTS[agent.lower()]
    method = methods.get(name.lower())
    if method is None:
        return so_error(404, "SoNotFoundException", f"The agent {agent} has no method {name}.")
    if request.method == "GET":
        return Answer(tree={"Agent": agent, "Method": method[0], "HttpMethod": "POST"})
    if request.method != "POST":
        return empty(405, ("Allow", "GET, POST"))
    problem = tenant_problem(world.so, request) or refusal(world, request)
    if problem is not None:
        return problem
    fields = _fields(request)
    if fields is None:
        return so_error(400, "SoArgumentException", "The body must be a JSON object.")
    answer = method[1](world, fields)
    if answer.text is not None:
        return answer
    timed = told(answer.tree, request.headers.get("so-timezone", ""))
    return replace(answer, tree=_translated(timed, request))


def _archive(world: World, request: Received, name: str) -> Answer:
    if name.lower() != "erpsynclog":
        return so_error(404, "SoNotFoundException", f"There is no archive {name}.")
    if request.method != "GET":
        return empty(405, ("Allow", "GET"))
    return tenant_problem(world.so, request) or refusal(world, request) or sync_log(world, request)


def _fields(request: Received) -> dict[str, Any] | None:
    """Query and body as one map, names lower case; None where the body is no object and no null."""
    try:
        body = request.parsed
    except ValueError:
        return None
    if not isinstance(body, dict | None):
        return None
    return lowered({**request.query, **(body or {})})


def _translated(tree: Any, request: Received) -> Any:
    """Texts such as `NO:"…";US:"…"` in one language, but only where a language header asks (§3)."""
    language = request.headers.get("so-language") or request.headers.get("accept-language")
    if not language or language in ("*", "x"):
        return tree
    wanted = "NO" if language.lower().startswith(("no", "nb")) else "US"

    def spoken(leaf: Any) -> Any:
        texts = dict(_TRANSLATION.findall(leaf)) if isinstance(leaf, str) else {}
        return texts.get(wanted, leaf)

    return rebuilt(tree, spoken)


def _version(world: World, request: Received) -> Answer:
    if "json" not in request.headers.get("accept", ""):
        return Answer(text="<!doctype html><title>SuperOffice WebApi</title><h1>v1</h1>", media=HTML)
    now = f"{world.clock():%Y-%m-%dT%H:%M:%SZ}"
    return Answer(
        tree={
            "v1": "/api/v1/",
            "NetServerVersion": "10.3.9",
            "NetServerDate": now,
            "Version": "10.3.9.1514",
            "Services": ["ErpSync", "Batch"],
        }
    )
