"""The hello-world with what the console reads, requests and keeps with, but none of its code: the floor
of its memory. Its argument is an address that answers.
"""

import sqlite3
import ssl
import sys

from textual.app import App, ComposeResult
from textual.widgets import Label

# As in `tui.api`: the command line of httpx is nobody's library here.
sys.modules["httpx._main"] = None  # type: ignore[assignment] # None: cannot be imported


class Libraries(App[None]):
    BINDINGS = [("q", "quit", "Quit")]  # noqa: RUF012 - as it would be written

    def compose(self) -> ComposeResult:
        yield Label("Hello, world")

    async def on_mount(self) -> None:
        """Use each of them once."""
        import httpx
        from pydantic import BaseModel, Field, SecretStr

        class Row(BaseModel):
            secret: SecretStr = Field(default=SecretStr(""))

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        async with httpx.AsyncClient(verify=context) as client:
            text = (await client.get(sys.argv[1])).text
        with sqlite3.connect(":memory:") as kept:
            kept.execute("CREATE TABLE kept(text)")
            kept.execute("INSERT INTO kept VALUES (?)", (text,))
        self.query_one(Label).update(f"{Row().secret} is ready")


if __name__ == "__main__":
    Libraries().run()
