"""`/info` and `/v2/info`, where the world offers them. Source: jtl PROTOCOL §10."""

import re

from tui.simulator.http_messages import Answer, Received
from tui.simulator.world import World

VERSION = "1.11.7.0"
_PATH = re.compile(r"/(v2/)?info/?", re.IGNORECASE)


def server_info(
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
