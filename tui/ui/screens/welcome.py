"""The welcome screen: there is no config yet. It offers the demo and says how to write one."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Center, Middle
from textual.screen import Screen

from tui.domain.text import clean
from tui.ui.widgets.fact_list import Facts
from tui.ui.widgets.key_bar import KeyBar


class WelcomeScreen(Screen[None]):
    """Shown while there is no profile."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "app.start_demo", "start the demo"),
        Binding("q", "app.leave", "quit"),
    ]

    def __init__(self, config_path: str, note: str) -> None:
        super().__init__()
        self._config_path = config_path
        self._note = note

    def compose(self) -> ComposeResult:
        facts = (
            ("syncdeck", ""),
            ("", "The terminal console for ERP synchronisation:"),
            ("", "JTL-Wawi worker syncs and extensions, SuperOffice ErpSync."),
            ("", ""),
            ("No config", self._note or f"{clean(self._config_path)} does not exist"),
            ("", ""),
            ("d", "try it on the built-in simulator; nothing is written"),
            ("config init", "run `syncdeck config init` to write a commented template there"),
            ("q", "quit"),
        )
        with Middle(), Center():
            yield Facts(facts, id="welcome")
        yield KeyBar()
