"""Requirements on a URL in the config: callable, and without a secret."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def fault_of(url: str) -> str | None:
    """Why `url` is invalid, without quoting it, or None."""
    if url != url.strip() or any(char.isspace() or not char.isprintable() for char in url):
        return "not a URL: it contains white space or a control character"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "not a URL: the host or the port is invalid"
    if parts.scheme not in ("http", "https"):
        return "not a callable URL: it must start with https://"
    if not host:
        return "not a URL: the host is missing"
    if parts.username is not None or parts.password is not None:
        return "a login inside a URL is refused: leave it out and use a reference to a secret"
    if parts.query or parts.fragment:
        return "not a base URL: leave out everything from the ? or # on"
    return None


def is_plain(url: str) -> bool:
    """Whether `url` goes over the network without encryption: http, and not to this machine."""
    return urlsplit(url).scheme == "http" and not is_loopback(url)


def is_loopback(url: str) -> bool:
    """Whether the URL's host is this machine."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
