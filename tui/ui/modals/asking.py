"""A modal screen that asks a server for something that the console does not follow."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from tui.api.errors import ErpError
from tui.api.service import ErpService
from tui.ui.desk import Desk
from tui.ui.modals.dialog import Dialog

Answer = TypeVar("Answer")


class AskingDialog(Dialog[None]):
    """Says that it asks, and why there is no answer; what it showed before stays."""

    def __init__(self, title: str, desk: Desk) -> None:
        super().__init__(title)
        self._desk = desk

    async def answer_to(self, question: Callable[[ErpService], Awaitable[Answer]]) -> Answer | None:
        """Ask; None: there is no answer, and that has been said."""
        core = self._desk.core
        if core is None:
            self.trouble("not connected yet", "warning")
            return None
        self.trouble("asking…", "busy")
        try:
            answer = await question(core.service)
        except ErpError as error:
            self.trouble(*self.told(error))
            return None
        self.trouble("")
        return answer

    def told(self, error: ErpError) -> tuple[str, str]:
        """Why there is no answer, and its tone."""
        return ". ".join(filter(None, (error.sentence, error.next_step))), "error"
