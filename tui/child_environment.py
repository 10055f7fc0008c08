"""The environment of a program that syncdeck starts: ours without the secrets."""

import os
from collections.abc import Collection


def environment(hidden: Collection[str]) -> dict[str, str]:
    """Our own environment without the variables that a config names with `{ env = … }`."""
    return {name: value for name, value in os.environ.items() if name not in hidden}
