"""Who may call the SuperOffice side: Bearer, Basic, SOTicket with SO-AppToken, or a web session.

Source: superoffice PROTOCOL §4, §11. The scheme's spelling is compared without regard to case.
"""

import base64

from tui.simulator import credentials
from tui.simulator.http_messages import Answer, Received
from tui.simulator.superoffice.errors import NO_ACCESS, so_error
from tui.simulator.world import World


def refusal(world: World, request: Received) -> Answer | None:
    """None where the caller may pass, else 401 or 403."""
    if not _known(world, request) or world.so.tokens_expired:
        return so_error(401, "SoSecurityException", "Authentication failed: no or bad credentials.")
    return NO_ACCESS if world.so.access_refused else None


def _known(world: World, request: Received) -> bool:
    headers = request.headers
    if "authorization" not in headers:
        cookies = {part.strip() for part in headers.get("cookie", "").split(";")}
        return credentials.SO_COOKIE in cookies and headers.get("x-xsrf-token") == credentials.SO_XSRF
    scheme, _, text = headers["authorization"].partition(" ")
    match scheme.lower():
        case "bearer":
            return text == credentials.SO_TOKEN
        case "soticket":
            good = text == credentials.SO_TICKET or text in world.so.tickets
            return good and headers.get("so-apptoken") == credentials.SO_APP_TOKEN
        case "basic":
            pair = f"{credentials.SO_USER}:{credentials.SO_PASSWORD}"
            return text == base64.b64encode(pair.encode()).decode()
    return False
