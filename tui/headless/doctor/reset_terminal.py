"""`doctor --reset-terminal`: repairs a terminal that a killed program left in its modes.

It uses the controlling terminal itself, so that it works wherever stdout goes; it asks no question.
"""

import os
import termios
from collections.abc import Mapping

from tui.domain.terminal import DEVICE, RESET, TITLE_BACK, is_poor
from tui.headless.exit_codes import HEALTHY
from tui.headless.output import refuse

_INPUT, _OUTPUT, _CONTROL, _LOCAL, _CHARACTERS = 0, 1, 2, 3, 6
"""Indexes in the result of `termios.tcgetattr`."""
_NO_KEY = b"\0"
_KEYS: Mapping[int, bytes] = {
    termios.VINTR: b"\x03",
    termios.VQUIT: b"\x1c",
    termios.VERASE: b"\x7f",
    termios.VKILL: b"\x15",
    termios.VEOF: b"\x04",
    termios.VSTART: b"\x11",
    termios.VSTOP: b"\x13",
    termios.VSUSP: b"\x1a",
}


def reset() -> int:
    """Reset the controlling terminal; returns the exit code."""
    try:
        terminal = os.open(DEVICE, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return refuse("there is no terminal to reset; run this in the window that misbehaves")
    try:
        _make_sane(terminal)
        title = "" if is_poor(os.environ) else TITLE_BACK
        os.write(terminal, (RESET + title).encode())
    except (OSError, termios.error) as error:
        return refuse(f"the terminal refuses the reset: {error.args[-1]}")
    finally:
        os.close(terminal)
    print("the terminal is reset", flush=True)
    return HEALTHY


def _make_sane(terminal: int) -> None:
    """Do what `stty sane` does, for the settings that a screen program changes."""
    settings = termios.tcgetattr(terminal)
    settings[_INPUT] &= ~(termios.IGNBRK | termios.INLCR | termios.IGNCR | termios.IXOFF)
    settings[_INPUT] |= termios.BRKINT | termios.ICRNL | termios.IXON | termios.IMAXBEL
    settings[_OUTPUT] |= termios.OPOST | termios.ONLCR
    settings[_CONTROL] |= termios.CREAD
    settings[_LOCAL] &= ~(termios.ECHONL | termios.NOFLSH | termios.TOSTOP)
    settings[_LOCAL] |= termios.ISIG | termios.ICANON | termios.IEXTEN
    settings[_LOCAL] |= termios.ECHO | termios.ECHOE | termios.ECHOK | termios.ECHOCTL | termios.ECHOKE
    for place, key in _KEYS.items():
        if settings[_CHARACTERS][place] == _NO_KEY:
            settings[_CHARACTERS][place] = key
    termios.tcsetattr(terminal, termios.TCSANOW, settings)
