"""How an operation sends its command: the shapes that its declaration is made of."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from tui.domain.changes import Write

if TYPE_CHECKING:
    from tui.api.service import ErpService
    from tui.ops.operation import Handler

W = TypeVar("W", bound=Write)
Sends = Callable[[Write], bool]


def sending(kind: type[W], call: Callable[["ErpService", W], Awaitable[object]]) -> "Handler":
    """A handler that sends commands of this kind by `call`, and no others."""

    async def send(service: "ErpService", write: Write) -> object:
        if not isinstance(write, kind):
            raise TypeError(f"{type(write).__name__} is not what is sent here")
        return await call(service, write)

    return send


def a(*kinds: type[Write]) -> Sends:
    """Whether a command is of one of these kinds."""
    return lambda write: isinstance(write, kinds)
