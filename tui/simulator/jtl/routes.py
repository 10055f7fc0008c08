"""The front door of the JTL side: logs a call in, finds its area, answers in the version's casing."""

from dataclasses import replace

from tui.simulator import credentials
from tui.simulator.http_messages import Answer, Received, Refused
from tui.simulator.jtl.apps import App
from tui.simulator.jtl.auth import check_cloud, check_on_premises, rate_headers
from tui.simulator.jtl.call import read_call
from tui.simulator.jtl.extensions import extensions
from tui.simulator.jtl.json_rows import camel
from tui.simulator.jtl.registration import registration
from tui.simulator.jtl.scopes import check_scope
from tui.simulator.jtl.server_info import server_info
from tui.simulator.jtl.workers import workers
from tui.simulator.world import World


def cloud(world: World, request: Received, path: str) -> Answer:
    """A call under the cloud base; `path` is what follows it."""
    limits, tenant = rate_headers(world), credentials.TENANT_ID
    info = server_info(world, request, path, tenant, login=False)
    try:
        if info is None:
            check_cloud(world, request)
            info = server_info(world, request, path, tenant, login=True)
        answer = info or _answer(world, request, path)
    except Refused as refused:
        answer = refused.answer
    return replace(answer, headers=(*answer.headers, *limits))


def on_premises(world: World, request: Received, path: str) -> Answer:
    """A call under `/api/{database}`; `path` is what follows it."""
    database = world.jtl.database
    answer = registration(world, request, path)
    answer = answer or server_info(world, request, path, database, login=False)
    if answer is not None:
        return answer
    try:
        app = check_on_premises(world, request)
        info = server_info(world, request, path, database, login=True)
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
