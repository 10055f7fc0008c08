"""What a review promised of a request, and how the one that would be sent differs from it. Pure."""

REVIEW_AGAIN = "Review it again: it shows the new address"


def going_elsewhere(reviewed: str, now: str) -> str:
    """Where the request would go now instead; both are method and address.

    What the two have in common at their end is left out.
    """
    old, new = reviewed.split("/"), now.split("/")
    while len(old) > 1 and len(new) > 1 and old[-1] == new[-1]:
        del old[-1], new[-1]
    was, to = "/".join(old), "/".join(new)
    return f"the request now goes to {_address(to)}, not to {_address(was)} as reviewed"


def _address(line: str) -> str:
    """Without the method, which is said where it is all that differs."""
    method, _, address = line.partition(" ")
    return address or method
