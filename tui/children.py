"""What a program that syncdeck starts finds in its environment: everything but the secrets."""

import os
from collections.abc import Collection


def environment(withheld: Collection[str]) -> dict[str, str]:
    """Our own environment without the variables that a config names by `{ env = … }`."""
    return {name: value for name, value in os.environ.items() if name not in withheld}
