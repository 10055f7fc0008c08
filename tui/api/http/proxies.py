"""Which proxy a request would use, written without the login that its URL may hold."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from tui.domain.text import clean, one_line
from tui.domain.urls import is_loopback
from tui.frozen import frozen


@frozen
class Proxy:
    url: str
    """Scheme, host and port, never the login; empty if it cannot be parsed."""
    origin: str
    """Where it is set, for a sentence."""
    with_login: bool = False


def proxy_for(url: str, setting: str) -> Proxy | None:
    """The proxy for `url` under the profile's `proxy`; None: a direct connection."""
    if setting == "none" or is_loopback(url):
        return None
    if setting != "env":
        return _known(setting, "`proxy` in the profile")
    parts = urlsplit(url)
    variables = getproxies()
    found = variables.get(parts.scheme) or variables.get("all")
    if not found or proxy_bypass(parts.hostname or ""):
        return None
    return _known(found, "the proxy variables")


def _known(text: str, origin: str) -> Proxy:
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        shown = f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")
        return Proxy(one_line(clean(shown)), origin, parts.username is not None)
    except ValueError:
        return Proxy("", origin)
