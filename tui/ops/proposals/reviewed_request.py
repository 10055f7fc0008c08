"""How the request to be sent differs from the reviewed one."""

REVIEW_AGAIN = "Review it again: it shows the new address"


def going_elsewhere(reviewed: str, now: str) -> str:
    """A sentence about the new address; both arguments are method and address.

    A common ending of the addresses is left out.
    """
    old, new = reviewed.split("/"), now.split("/")
    while len(old) > 1 and len(new) > 1 and old[-1] == new[-1]:
        del old[-1], new[-1]
    was, to = "/".join(old), "/".join(new)
    return f"the request now goes to {_address(to)}, not to {_address(was)} as reviewed"


def _address(line: str) -> str:
    """The line without its method, unless only the method differs."""
    method, _, address = line.partition(" ")
    return address or method
