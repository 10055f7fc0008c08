"""Somebody at a terminal who answers questions by a script; what was said is kept."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tui.headless.register.prompts import Abandoned

Answer = str | Callable[[], str]


@dataclass
class Operator:
    """A `Dialogue`: each line of the script is part of the next question, and what is typed then.

    An answer that is a function is called, so that something can happen in the ERP meanwhile. After
    the last line the input has ended.
    """

    script: list[tuple[str, Answer]] = field(default_factory=list)
    asks: bool = True
    heard: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All that was said, a line each."""
        return "\n".join(self.heard)

    def ask(self, question: str, *, afresh: bool = False) -> str:
        self.heard.append(question)
        if not self.script:
            raise Abandoned
        part, answer = self.script.pop(0)
        assert part in question, f"expected a question with {part!r}, got {question!r}"
        return answer() if callable(answer) else answer

    def tell(self, text: str = "") -> None:
        self.heard.append(text)

    def show(self, text: str) -> None:
        self.heard.append(text)

    def complain(self, text: str) -> None:
        self.heard.append(f"! {text}")
