"""A form with more fields than a small screen has lines: only the field with the focus shows its note.

Invariant: the field with the focus is in sight with its note, whatever appears or disappears above it.
"""

from textual.widget import Widget

from tui.ui.forms.form import FormDialog
from tui.ui.widgets.form_fields import Field

_LAYOUTS = 4
"""Layouts after which appearing notes have found their place."""


class CompactForm(FormDialog):
    """Base of a form whose notes appear and disappear; the styles hide them."""

    def on_mount(self) -> None:
        """Follow the height of the scrolled content."""
        self.watch(self.query_one("#body"), "virtual_size", lambda: self._show_focused(1), init=False)

    def set_focus(
        self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False
    ) -> None:
        """Textual's own scrolling aims at the field's place before the notes moved."""
        super().set_focus(widget, scroll_visible=False, from_app_focus=from_app_focus)

    def on_descendant_focus(self) -> None:
        """A field grows by its note when it gets the focus, and the previous one shrinks."""
        self._show_focused(_LAYOUTS)

    def _show_focused(self, times: int = 0) -> None:
        for one in self.query(Field):
            if one.has_focus_within:
                one.scroll_visible(animate=False, immediate=True, force=True)
        if times:
            self.call_after_refresh(self._show_focused, times - 1)
