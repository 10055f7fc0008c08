"""The simulator as one ASGI application: both systems, and `/_sim` to steer it."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from starlette.applications import Starlette
from starlette.routing import Mount

from tui.domain.elapsed import utc_now
from tui.simulator.asgi import Front
from tui.simulator.control_api import control_routes
from tui.simulator.faults.table import parse_fault
from tui.simulator.options import SimulateOptions
from tui.simulator.world import born

App: TypeAlias = Starlette
DEFAULTS = SimulateOptions()


def create_app(options: SimulateOptions = DEFAULTS, clock: Callable[[], datetime] = utc_now) -> App:
    """A new world and the application that answers for it; `app.state.world` is the world.

    Raises:
        ValueError: a fault in `options` cannot be read; the sentence says why.
    """
    faults = [parse_fault(text) for text in options.faults]
    world = born(options, clock)
    world.faults = faults
    app = Starlette(routes=[Mount("/_sim", routes=control_routes(world)), Mount("", app=Front(world))])
    app.state.world = world
    return app


def without_a_world() -> App:
    """It knows no path: whatever is requested is not found."""
    return Starlette()
