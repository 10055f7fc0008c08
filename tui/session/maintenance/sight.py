"""The targets of a run as they were read last."""

from collections.abc import Collection
from dataclasses import replace

from tui.api.errors import ErpError
from tui.api.service import ErpService
from tui.domain.maintenance.records import MemberKind, NotedTarget
from tui.domain.maintenance.rules import Seen, Target, seen_of
from tui.ops.maintenance.states import States, read_states

_HELD = {
    MemberKind.SYNC: "workers",
    MemberKind.CONNECTION: "connections",
    MemberKind.ENGINE: "engine",
}


class Sight:
    def __init__(self, service: ErpService, states: States) -> None:
        self._service, self._states = service, states

    def of(self, target: NotedTarget) -> Target | None:
        """None: it is no longer listed."""
        return self._states.of(target)

    def seen(self, target: NotedTarget) -> Seen:
        return seen_of(self._states.of(target))

    async def again(self, kinds: Collection[MemberKind]) -> bool:
        """Read the states again; where that fails, the earlier ones stay."""
        try:
            fresh = await read_states(self._service, kinds)
        except ErpError:
            return False
        parts = {_HELD[kind]: getattr(fresh, _HELD[kind]) for kind in kinds}
        self._states = replace(self._states, **parts)
        return True
