"""Everything known about one thing, as facts or as the raw JSON; follows the data while open."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll

from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.facts import Fact, Facts


@dataclass(frozen=True, slots=True)
class Details:
    """What the dialog shows."""

    facts: tuple[Fact, ...]
    raw: Mapping[str, object]


class DetailsDialog(Dialog[None]):
    """Details of one thing; `v` shows the raw JSON, `y` copies what is on screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "raw", "raw JSON"),
        Binding("y", "copy", "copy"),
        Binding("q", "leave", "Back", show=False),
        Binding("j", "scroll(1)", "Down", show=False),
        Binding("k", "scroll(-1)", "Up", show=False),
    ]

    def __init__(
        self, title: str, read: Callable[[], Details | None], copy: Callable[[str, str], None]
    ) -> None:
        super().__init__(title)
        self._read = read
        self._copy = copy
        self._raw = False
        self._seen = False

    def compose_body(self) -> ComposeResult:
        """One block of facts."""
        yield Facts(id="facts")

    def on_mount(self) -> None:
        """Show what is known now."""
        self.follow()

    def follow(self) -> None:
        """Show the newest; keep the last and say so once it is gone."""
        details = self._read()
        if details is None:
            gone = "no longer in the server's list; these are the last known values"
            self.trouble(gone if self._seen else "nothing was received yet", "warning")
            return
        self._seen = True
        self.trouble("")
        raw = json.dumps(details.raw, indent=2, ensure_ascii=False, default=str)
        facts = (("", line) for line in raw.split("\n"))
        self.query_one(Facts).set_class(self._raw, "-raw")
        self.query_one(Facts).show(facts if self._raw else details.facts)

    def action_raw(self) -> None:
        """Switch between facts and raw JSON."""
        self._raw = not self._raw
        self.query_one("#body", VerticalScroll).scroll_home(animate=False)
        self.follow()

    def action_copy(self) -> None:
        """Copy what is on screen."""
        details = self._read()
        if self._raw and details is not None:
            text = json.dumps(details.raw, indent=2, ensure_ascii=False, default=str)
            self._copy(text, "the raw JSON")
        else:
            self._copy(self.query_one(Facts).plain, "the details")
