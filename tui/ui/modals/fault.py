"""A bug, told shortly: that there was one, and where its report is."""

from textual.app import ComposeResult

from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.facts import Facts


class FaultDialog(Dialog[None]):
    """Says it; everything else goes on."""

    def __init__(self, kind: str, report: str) -> None:
        """`kind`: the fault's class; `report`: where its report is, as a sentence."""
        super().__init__("A bug in syncdeck")
        self._lines = (
            f"Something went wrong inside syncdeck ({kind}). The screens go on.",
            "If a request was on its way, Activity (5) tells what became of it.",
            f"{report[:1].upper()}{report[1:]}. It holds no data and no secret.",
        )

    def compose_body(self) -> ComposeResult:
        """The sentences."""
        facts = Facts()
        facts.show(tuple(("", line) for line in self._lines))
        yield facts
