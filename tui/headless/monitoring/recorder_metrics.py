"""The metrics of a recorder's profiles, served while it records."""

import asyncio
import sys
from collections.abc import Mapping, Sequence

from tui.core import Core
from tui.domain.elapsed import utc_now
from tui.domain.profile import System
from tui.headless.monitoring.address import Address
from tui.headless.monitoring.endpoint import Endpoint
from tui.headless.monitoring.profile_metrics import ProfileMetrics
from tui.headless.monitoring.samples import Sample, samples_of_unusable

_RENEW = 60.0
"""Seconds between two looks at what is on disk."""
_RENEW_MAINTENANCES = 5.0
"""The same for open maintenances."""


class RecorderMetrics:
    def __init__(
        self, cores: Sequence[Core], unusable: Mapping[str, frozenset[System]], address: Address
    ) -> None:
        """Listens at once. `unusable`: profiles whose config cannot be used, with their systems.

        Raises OSError: the address cannot be listened on.
        """
        self._endpoint = Endpoint(address)
        self._profiles = {
            core.facts.name: ProfileMetrics(core, core.history.reader, utc_now)
            for core in cores
            if core.history is not None
        }

        self._unusable = {
            name: list(samples_of_unusable(name, systems)) for name, systems in unusable.items()
        }

    @property
    def url(self) -> str:
        return self._endpoint.url

    def follow(self) -> None:
        """Count the runs that are recorded from now on; call it before the recorder starts."""
        for profile in self._profiles.values():
            profile.follow()

    async def run(self) -> None:
        """Serve until cancelled."""
        self._endpoint.start(self._samples)
        profiles = self._profiles.values()
        await asyncio.gather(*(profile.load(is_recording=True) for profile in profiles))
        reduced: set[str] = set()
        while True:
            for profile in profiles:
                await profile.renew()
                if profile.reduction and profile.name not in reduced:
                    reduced.add(profile.name)
                    print(f"syncdeck: {profile.reduction}", file=sys.stderr, flush=True)
            for _ in range(round(_RENEW / _RENEW_MAINTENANCES)):
                await asyncio.sleep(_RENEW_MAINTENANCES)
                await asyncio.gather(*(profile.renew_maintenances() for profile in profiles))

    def _samples(self, name: str | None) -> list[Sample] | None:
        if name is None:
            whole = [sample for profile in self._profiles.values() for sample in profile.samples()]
            return [*whole, *(sample for one in self._unusable.values() for sample in one)]
        profile = self._profiles.get(name)
        return self._unusable.get(name) if profile is None else profile.samples()
