"""Reports to systemd over the socket in $NOTIFY_SOCKET: ready, alive, stopping. Without one: nothing.

Source: sd_notify(3). No message waits, and none that is lost ends the recording.
"""

import asyncio
import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress

from tui.domain.text import one_line

_PARTS = 4
"""Messages within the time of the watchdog: one may be late."""


class ServiceManager:
    def __init__(self, environment: Mapping[str, str]) -> None:
        name = environment.get("NOTIFY_SOCKET", "")
        # An abstract socket is written with @ in place of its zero byte.
        self._address = f"\0{name[1:]}" if name.startswith("@") else name
        self.watchdog_s = _watchdog(environment)
        """Seconds within which `alive` has to be sent; 0: no watchdog is set."""

    def ready(self, status: str) -> None:
        self._send("READY=1", f"STATUS={one_line(status)}")

    def status(self, text: str) -> None:
        self._send(f"STATUS={one_line(text)}")

    def alive(self) -> None:
        self._send("WATCHDOG=1")

    def stopping(self) -> None:
        self._send("STOPPING=1")

    def _send(self, *lines: str) -> None:
        if not self._address.startswith(("\0", "/")):
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            sender.connect(self._address)
            sender.sendall("\n".join(lines).encode())


def _watchdog(environment: Mapping[str, str]) -> float:
    text, owner = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID", "")
    is_ours = owner in ("", str(os.getpid()))
    return int(text) / 1e6 if is_ours and text.isascii() and text.isdecimal() else 0.0


class Pulse:
    """Feeds the watchdog while every profile is polled; a failed poll counts."""

    def __init__(
        self, manager: ServiceManager, profiles: list[str], elapsed: Callable[[], float]
    ) -> None:
        self._manager, self._elapsed = manager, elapsed
        self._due = dict.fromkeys(profiles, elapsed() + manager.watchdog_s)

    def polled(self, profile: str, pause: float) -> None:
        """`pause`: seconds that the server asked not to be polled, or 0."""
        self._due[profile] = self._elapsed() + self._manager.watchdog_s + pause

    def beat(self) -> None:
        if all(due > self._elapsed() for due in self._due.values()):
            self._manager.alive()

    async def run(self) -> None:
        """Beat until cancelled; ends at once where no watchdog is set."""
        while self._manager.watchdog_s:
            self.beat()
            await asyncio.sleep(self._manager.watchdog_s / _PARTS)
