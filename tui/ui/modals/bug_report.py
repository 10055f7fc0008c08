"""The short message about a bug in syncdeck, and where its report is."""

from textual.app import ComposeResult

from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.fact_list import Facts


class FaultDialog(Dialog[None]):
    """Shows the message; the screens continue."""

    def __init__(self, kind: str, report: str) -> None:
        """`kind`: the fault's class; `report`: where its report is, as a sentence."""
        super().__init__("A bug in syncdeck")
        self._lines = (
            f"syncdeck has a fault ({kind}). You can continue.",
            "If a request was running, Activity (5) shows its result.",
            f"{report[:1].upper()}{report[1:]}. It contains no data and no secret.",
        )

    def compose_body(self) -> ComposeResult:
        yield Facts(("", line) for line in self._lines)
