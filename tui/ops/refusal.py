"""A refusal as a value: recognised by its type, never by its sentence."""

from tui.frozen import frozen


@frozen
class Refusal:
    sentence: str
    next_step: str = ""
    """The next step; empty if the sentence contains it, or there is none."""

    def __str__(self) -> str:
        return self.sentence
