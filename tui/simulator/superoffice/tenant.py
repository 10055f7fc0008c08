"""The tenant: its state as the state service tells it, where it lives, and what it answers meanwhile.

Source: superoffice PROTOCOL §9, §16. After a move it lives under another prefix; the old one answers
421.
"""

import re
from datetime import timedelta
from typing import Any

from tui.simulator import credentials
from tui.simulator.http_messages import Answer, Received
from tui.simulator.superoffice.errors import so_error
from tui.simulator.superoffice.world import SoWorld
from tui.simulator.world import World

STATE = re.compile(r"/api/state/([^/]+)/?", re.IGNORECASE)
RUNNING_STATES = {"Running", "OnlineMaintenance"}
STATES = (
    "Unknown", "Provisioning", "Running", "Deleted", "Suspended", "OnlineMaintenance",
    "OfflineMaintenance", "ProvisioningFailed", "Deleting", "DeleteFailed", "MigrationPending",
)  # fmt: skip
MOVED_TO = f"{credentials.SO_TENANT}-moved"
"""The prefix under which the tenant lives after a move."""
MOVED = Answer(421, text="The tenant is served by another subdomain.", media="text/plain")
_SOON = 60
"""Seconds for which an answer is valid at most while the tenant does not run."""


def tenant_problem(so: SoWorld, request: Received) -> Answer | None:
    """Why the tenant does not answer at this address; None: it does."""
    prefix = request.path.split("/")[1]
    if (prefix.lower() == MOVED_TO.lower()) != so.moved:
        return MOVED
    if so.tenant_state not in RUNNING_STATES:
        return so_error(503, "SoServiceUnavailableException", f"The tenant is {so.tenant_state}.")
    return None


def tenant_state(world: World, request: Received, tenant: str) -> dict[str, Any]:
    """What the state service says of `tenant`."""
    so, known = world.so, tenant.lower() == credentials.SO_TENANT.lower()
    state = so.tenant_state if known else "Unknown"
    prefix = MOVED_TO if known and so.moved else tenant
    endpoint = f"http://{request.headers.get('host', 'localhost')}/{prefix}"
    running = state in RUNNING_STATES
    valid = timedelta(seconds=so.state_valid_for if running else min(so.state_valid_for, _SOON))
    told = {
        "ContextIdentifier": tenant,
        "Endpoint": endpoint,
        "Api": f"{endpoint}/api",
        "State": state,
        "IsRunning": running,
        "ValidUntil": f"{world.clock() + valid:%Y-%m-%dT%H:%M:%SZ}",
        "Version": "10.3.9",
    }
    return {name: value for name, value in (told | so.state_fields).items() if value is not None}
