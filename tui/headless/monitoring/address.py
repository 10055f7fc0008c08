"""Where metrics are served. Standard library only: the command line reads it."""

from ipaddress import ip_address
from typing import NamedTuple

_LOCALHOST = "127.0.0.1"
_HIGHEST = 65_535


class Address(NamedTuple):
    host: str
    port: int
    """0: a free one."""

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine reaches it."""
        return ip_address(self.host).is_loopback

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def read_address(text: str) -> Address:
    """Read `127.0.0.1:9977`, `[::1]:9977` or `localhost:9977`.

    Raises ValueError: it is not an address with a port.
    """
    host, _, port = text.rpartition(":")
    host = _LOCALHOST if host == "localhost" else host
    is_v6 = host.startswith("[") and host.endswith("]")
    try:
        host = str(ip_address(host[1:-1] if is_v6 else host))
        is_right = is_v6 == (":" in host) and port.isascii() and port.isdecimal()
    except ValueError:
        is_right = False
    if not is_right or len(port) > 5 or int(port) > _HIGHEST:
        raise ValueError(f"{text!r} is not an IP address with a port, such as 127.0.0.1:9977")
    return Address(host, int(port))
