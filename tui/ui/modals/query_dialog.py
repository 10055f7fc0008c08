"""A modal screen that reads something from a server that the console does not poll."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from tui.api.errors import ErpError
from tui.api.service import ErpService
from tui.session.session import Session
from tui.ui.modals.dialog import Dialog

Answer = TypeVar("Answer")


class AskingDialog(Dialog[None]):
    """Shows that a read is under way, or why it failed; what was shown before stays."""

    def __init__(self, title: str, session: Session) -> None:
        super().__init__(title)
        self._session = session

    async def answer_to(self, question: Callable[[ErpService], Awaitable[Answer]]) -> Answer | None:
        """Await the read; None: it failed, and the message is shown."""
        core = self._session.core
        assert core is not None  # noqa: S101 - the screen below refused to open this
        self.trouble("requesting…", "busy")
        try:
            answer = await question(core.service)
        except ErpError as error:
            self.trouble(*self.failure_message(error))
            return None
        self.trouble("")
        return answer

    def failure_message(self, error: ErpError) -> tuple[str, str]:
        return ". ".join(filter(None, (error.sentence, error.next_step))), "error"
