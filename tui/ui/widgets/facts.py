"""Label and value pairs, as the details show them; values are plain text and wrap."""

from collections.abc import Iterable
from typing import ClassVar, TypeAlias

from textual.content import Content
from textual.widgets import Static

Fact: TypeAlias = tuple[str, str]
"""(label, value); an empty label continues, an empty value makes a heading."""

_LABEL = 15


class Facts(Static):
    """What is known, one fact a line; one way in: `show`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"facts--label", "facts--heading"}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("", id=id, markup=False)
        self._facts: tuple[Fact, ...] | None = None

    @property
    def plain(self) -> str:
        """What is shown, as text."""
        return "\n".join(f"{label.ljust(_LABEL)} {value}".rstrip() for label, value in self._facts or ())

    def show(self, facts: Iterable[Fact]) -> None:
        """Show these facts; nothing is repainted if they are the same."""
        facts = tuple(facts)
        if facts == self._facts:
            return
        self._facts = facts
        self.update(Content("\n").join(self._line(label, value) for label, value in facts))

    def _line(self, label: str, value: str) -> Content:
        if label and not value:
            return Content(label).stylize(self.get_visual_style("facts--heading"))
        dim = Content(label.ljust(_LABEL) + " ").stylize(self.get_visual_style("facts--label"))
        indented = value.replace("\n", "\n" + " " * (_LABEL + 1))
        return dim + Content(indented)
