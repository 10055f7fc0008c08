"""Where a secret is typed: shown as dots, and never copied or cut to a clipboard."""

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tui.ui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from textual.timer import Timer

REVEALED_FOR = 20.0
"""Seconds for which a value stays readable while its field has the focus."""


class SecretInput(LineInput):
    """An input that does not reveal its value."""

    ALLOW_SELECT = False

    def __init__(
        self, value: str = "", placeholder: str = "", *, widget_id: str | None = "secret"
    ) -> None:
        super().__init__(value, placeholder, id=widget_id, password=True, select_on_focus=False)

    def action_copy(self) -> None:
        """Nothing: other programs read the clipboard."""

    def action_cut(self) -> None:
        """Delete only, for the same reason."""
        self.delete_selection()


class OptionInput(SecretInput):
    """A field's input, which may hold a secret: then its key shows the value until the focus leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+r", "reveal", "reveal", key_display="^r")]

    def __init__(self, value: str, placeholder: str, *, is_secret: bool) -> None:
        super().__init__(value, placeholder, widget_id=None)
        self._is_secret = self.password = is_secret
        self._hiding: Timer | None = None

    def hold_secret(self, is_secret: bool) -> None:
        """Hold a secret from now on, or no longer; a value that was one is not shown by that."""
        if is_secret or not (self._is_secret and self.value):
            self._is_secret = self.password = is_secret
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._is_secret if action == "reveal" else super().check_action(action, parameters)

    def action_reveal(self) -> None:
        """Show the value, or hide it again."""
        if not self.password:
            self.conceal()
            return
        self.password = False
        self._hiding = self.set_timer(REVEALED_FOR, self.conceal)

    def conceal(self) -> None:
        if self._hiding is not None:
            self._hiding.stop()
            self._hiding = None
        self.password = self._is_secret

    def on_blur(self) -> None:
        """An operator at another field does not look at this one."""
        self.conceal()

    def action_copy(self) -> None:
        if not self._is_secret:
            LineInput.action_copy(self)

    def action_cut(self) -> None:
        if self._is_secret:
            self.delete_selection()
        else:
            LineInput.action_cut(self)
