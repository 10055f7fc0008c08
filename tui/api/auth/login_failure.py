"""What a failure of a token server or login service means for the call that needs the login."""

from tui.api.errors import ErpError, TimedOut, Unreachable


def is_refusal(failure: ErpError, server: str, key: str) -> bool:
    """Whether the server itself refused the credential; else `failure` is reworded in its name.

    `server`: its name in a sentence; `key`: the profile's key with its address. In any case nothing
    of the call was sent.
    """
    failure.sent = False
    if failure.status is None or isinstance(failure, Unreachable | TimedOut):
        return False
    if 300 <= failure.status < 400:
        failure.next_step = f"The server redirected: check {key}"
        return False
    if failure.status < 300:
        failure.sentence = f"unexpected response from {server} ({failure.status})"
        failure.next_step = f"Check {key} and any proxy or load balancer"
        return False
    if failure.status >= 500 or failure.status == 429:
        failure.sentence = f"{server} is temporarily unavailable ({failure.status})"
        return False
    return True
