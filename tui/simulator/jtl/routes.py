"""The front door of the JTL side: logs a call in, finds its area, answers in the version's casing.

Source of `/info` and `/v2/info`, where the world offers them: jtl PROTOCOL §10.
"""

import re
from dataclasses import replace

from tui.simulator import credentials
from tui.simulator.http_messages import Answer, Received, Refused
from tui.simulator.jtl.apps import App
from tui.simulator.jtl.auth import check_cloud, check_on_premises, check_scope, rate_headers
from tui.simulator.jtl.call import read_call
from tui.simulator.jtl.extensions import extensions
from tui.simulator.jtl.json_rows import camel
from tui.simulator.jtl.registration import registration
from tui.simulator.jtl.workers import workers
from tui.simulator.world import World

VERSION = "1.11.7.0"
_PATH = re.compile(r"/(v2/)?info/?", re.IGNORECASE)


def cloud(world: World, request: Received, path: str) -> Answer:
    """A call under the cloud base; `path` is what follows it."""
    limits, tenant = rate_headers(world), credentials.TENANT_ID
    info = _server_info(world, request, path, tenant, login=False)
    try:
        if info is None:
            check_cloud(world, request)
            info = _server_info(world, request, path, tenant, login=True)
        answer = info or _answer(world, request, path)
    except Refused as refused:
        answer = refused.answer
    return replace(answer, headers=(*answer.headers, *limits))


def on_premises(world: World, request: Received, path: str) -> Answer:
    """A call under `/api/{database}`; `path` is what follows it."""
    database = world.jtl.database
    answer = registration(world, request, path)
    answer = answer or _server_info(world, request, path, database, login=False)
    if answer is not None:
        return answer
    try:
        app = check_on_premises(world, request)
        info = _server_info(world, request, path, database, login=True)
        return info or _answer(world, request, path, app)
    except Refused as refused:
        return refused.answer


def _answer(world: World, request: Received, path: str, app: App | None = None) -> Answer:
    call = read_call(request, path)
    try:
        if app is not None:
            check_scope(app, call)
        answer = workers(world, call) if call.area == "workers" else extensions(world, call)
    except Refused as refused:
        answer = refused.answer
    if not call.camel or answer.cased or answer.text is not None:
        return answer
    return replace(answer, tree=camel(answer.tree))


def _server_info(
    world: World, request: Received, path: str, tenant: str, *, login: bool
) -> Answer | None:
    """The response; None: another path. Only `/v2/info` needs a `login`, and names the tenant."""
    match = _PATH.fullmatch(path)
    if match is None or request.method != "GET" or not world.jtl.info or bool(match[1]) is not login:
        return None
    if not login:
        return Answer(tree={"Version": VERSION})
    kind = "OnPremises" if tenant == world.jtl.database else "Cloud"
    now = world.clock().isoformat()
    return Answer(tree={"version": VERSION, "timestamp": now, "tenant": tenant, "type": kind})
