"""What any Textual program takes: the measure beside which the console is put."""

from textual.app import App, ComposeResult
from textual.widgets import Label


class Hello(App[None]):
    BINDINGS = [("q", "quit", "Quit")]  # noqa: RUF012 - as it would be written

    def compose(self) -> ComposeResult:
        yield Label("Hello, world")


if __name__ == "__main__":
    Hello().run()
