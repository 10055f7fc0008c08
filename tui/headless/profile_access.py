"""One profile as the commands get it: what they read is made when it is needed."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from tui.config.file import ConfigError
from tui.core import ServiceHandle
from tui.domain.profile import System
from tui.frozen import frozen
from tui.headless.history.recorded import Recorded
from tui.headless.output import say

T = TypeVar("T")


@frozen
class ProfileAccess:
    """Each call raises `tui.config.file.ConfigError` where the config cannot be used."""

    name: str
    service: Callable[[], ServiceHandle]
    recorded: Callable[[], Recorded]
    systems: Callable[[], frozenset[System]]
    """Those that it configures."""


@frozen
class ProfileMaker(Generic[T]):
    """A profile as a recorder, or one that reads it for metrics, gets it."""

    name: str
    make: Callable[[], T]
    """Raises `tui.config.file.ConfigError` where the config cannot be used."""
    systems: frozenset[System]
    """Those that it configures; all of them where that cannot be seen."""


def made(
    makers: Sequence[ProfileMaker[T]], *, may_be_none: bool = False
) -> tuple[list[T], list[ProfileMaker[T]]]:
    """What could be made, and the makers of the rest, which are said and hinder no other.

    Raises tui.config.file.ConfigError: nothing could be made, unless that `may_be_none`.
    """
    whole, unusable, errors = [], [], []
    for maker in makers:
        try:
            whole.append(maker.make())
        except ConfigError as error:
            unusable.append(maker)
            errors.append(error)
    if errors and not (whole or may_be_none):
        raise ConfigError(*dict.fromkeys(one for failure in errors for one in failure.sentences))
    for maker, failure in zip(unusable, errors, strict=True):
        for sentence in failure.sentences:
            say(f"{maker.name}: {sentence}")
    return whole, unusable
