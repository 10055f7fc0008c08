"""What the application is in its terminal, beside its screens: themes, window title, clipboard, and the
screen once more."""

import os

from rich.cells import cell_len
from textual.driver import Driver
from textual.theme import Theme

from tui.domain.ascii_fallback import in_ascii
from tui.domain.profile import ProfileFacts
from tui.domain.terminal import is_poor
from tui.domain.text import clean, one_line
from tui.ui.maintenance_words import title_words
from tui.ui.notifications import EventApp
from tui.ui.themes import THEMES


class TerminalApp(EventApp):
    def __init__(self, driver_class: type[Driver] | None = None, *, in_ascii: bool = False) -> None:
        super().__init__(driver_class)
        self.in_ascii = in_ascii
        self._title = ""
        """The window title's sequence that was written last."""

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Textual's themes and ours; Textual chooses its default before one can be registered."""
        return {**super().available_themes, **THEMES}

    def get_theme(self, theme_name: str) -> Theme | None:
        """Without making a table of all: Textual asks for each line that it draws."""
        known = THEMES.get(theme_name) or self._registered_themes.get(theme_name)
        return known or super().get_theme(theme_name)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """What our stylesheets use beyond Textual's own variables."""
        return {"dim": self.current_theme.foreground or "ansi_default"}

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """As Textual's, but secrets on screen are hidden first."""
        from tui.ui.modals.dialog import Dialog

        if isinstance(self.screen, Dialog):
            self.screen.conceal()
        return super().export_screenshot(title=title, simplify=simplify)

    def show_attention(self) -> None:
        """Update the window's title as well, where it changed."""
        super().show_attention()
        self._show_title()

    def _show_title(self) -> None:
        open_sets = title_words(self.session)
        attention = self.session.attention.total + self.session.maintenance.urgent
        title = _title_of(self.session.facts, attention, open_sets)
        if title != self._title:
            self._title = title
            self._write_title(title)

    def _write_title(self, sequence: str) -> None:
        if self._driver is not None and not is_poor(os.environ):
            self._driver.write(in_ascii(sequence, cell_len) if self.in_ascii else sequence)

    def action_repaint(self) -> None:
        """Send the whole screen again: another program may have drawn on the terminal."""
        repaint = getattr(self._driver, "repaint", None)
        if repaint is not None:
            repaint()
        else:
            self.refresh(layout=True)

    def copy_to_clipboard(self, text: str) -> None:
        """Send `text` to the terminal's clipboard by our own sequence; inputs cut by this, too."""
        from tui.ui.terminal.clipboard import fits, sequence, way

        self._clipboard = text
        if self._driver is not None and fits(text):
            self._driver.write(sequence(text, way(os.environ)))


def _title_of(facts: ProfileFacts, attention: int, maintenance: str = "") -> str:
    """The sequence that sets the title to the profile's; `attention`: how many targets need it,
    `maintenance`: what is open.

    The terminal itself keeps the old title (XTWINOPS 22, 23); where it keeps none, the title is emptied
    at the end, so that no shell prompt appears under the name of a production system.
    """
    parts = ["syncdeck", facts.name, facts.environment.shown]
    if maintenance:
        parts.append(maintenance)
    if attention:
        parts.append(f"{attention} need{'s' if attention == 1 else ''} attention")
    return f"\x1b]2;{one_line(clean(' · '.join(parts)))}\x07"
