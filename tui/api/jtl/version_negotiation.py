"""Finds the API version of a family by its list call, remembers it, and searches again if it stops
working.

Source: jtl PROTOCOL §7 quirks 1–4.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TypeVar, cast

from tui.api.errors import ErpError, NotFound, NotOffered, recast
from tui.api.jtl.version_memory import (
    ORDER,
    Family,
    FileVersions,
    Version,
    means_not_here,
    reads_as_id,
    wants_version_header,
)
from tui.domain.text import brief

T = TypeVar("T")
_MOST_WORDS = 100
"""Characters of the server's message: the next step must fit beside it."""
Ask = Callable[[Version], Awaitable[T]]
"""The family's list call in a version."""


class Negotiation:
    """The versions of one profile's families; never probes if the version is fixed."""

    def __init__(self, fixed: Version | None, memory: FileVersions | None) -> None:
        """`memory`: of earlier runs."""
        self._fixed = fixed
        self._memory = memory
        self._known: dict[Family, Version | None] = {}
        self._locks = {family: asyncio.Lock() for family in Family}
        self._probes = dict.fromkeys(Family, 0)
        self._failures: dict[Family, ErpError] = {}
        """The failure of a family's last probe."""
        self._waiting = dict.fromkeys(Family, 0)
        """Who wants the list, and waits for a probe to end."""
        self._found: dict[Family, object] = {}
        """The list of the last probe, for one of those."""

    def known(self, family: Family) -> Version | None:
        """The version that a call would use now; None: no list was loaded yet, now or earlier."""
        return self._fixed or self._remembered(family)

    async def listed(self, family: Family, ask: Ask[T]) -> T:
        """Request the list in the known version; if the server does not offer it, in the others.

        Raises ErpError: the list's own failure, or that the server offers it in no version.
        """
        if self._fixed is not None:
            return await ask(self._fixed)
        known = self._remembered(family)
        if known is not None:
            try:
                return await ask(known)
            except ErpError as error:
                if not means_not_here(error):
                    raise
        seen = self._probes[family]
        async with self._turn(family):
            found = self._remembered(family)
            if found is not None and found != known:
                probed = cast("T | None", self._found.pop(family, None))
                return await ask(found) if probed is None else probed
            self._share_failure(family, seen)
            return (await self._probed(family, ask))[1]

    @asynccontextmanager
    async def _turn(self, family: Family) -> AsyncIterator[None]:
        self._waiting[family] += 1
        try:
            await self._locks[family].acquire()
        finally:
            self._waiting[family] -= 1
        try:
            yield
        finally:
            self._locks[family].release()

    async def version(self, family: Family, ask: Ask[object]) -> Version:
        """The version for calls other than lists; requests the list only if none is known."""
        if self._fixed is not None:
            return self._fixed
        seen = self._probes[family]
        async with self._locks[family]:
            known = self._remembered(family)
            if known is not None:
                return known
            self._share_failure(family, seen)
            return (await self._probed(family, ask))[0]

    def _share_failure(self, family: Family, seen: int) -> None:
        """Raise the failure of a probe that finished while this call waited, instead of probing
        again."""
        failure = self._failures.get(family)
        if failure is not None and self._probes[family] != seen:
            raise replace(failure)

    async def _probed(self, family: Family, ask: Ask[T]) -> tuple[Version, T]:
        """The first version that offers the list, and the list."""
        self._failures.pop(family, None)
        self._found.pop(family, None)
        try:
            version, answer = await self._tried(family, ask)
        except ErpError as failure:
            self._failures[family] = failure
            raise
        finally:
            self._probes[family] += 1
        if self._waiting[family]:
            self._found[family] = answer
        return version, answer

    async def _tried(self, family: Family, ask: Ask[T]) -> tuple[Version, T]:
        refusals: list[ErpError] = []
        for version in ORDER:
            try:
                answer = await ask(version)
            except ErpError as error:
                if not means_not_here(error):
                    raise
                refusals.append(error)
            else:
                self._remember(family, version)
                return version, answer
        self._remember(family, None)
        raise _offered_nowhere(family, refusals)

    def _remembered(self, family: Family) -> Version | None:
        if family not in self._known:
            self._known[family] = self._memory.get(family) if self._memory else None
        return self._known[family]

    def _remember(self, family: Family, version: Version | None) -> None:
        if self._remembered(family) != version:
            self._known[family] = version
            if self._memory:
                self._memory.set(family, version)


def _offered_nowhere(family: Family, refusals: list[ErpError]) -> ErpError:
    last = next(filter(wants_version_header, refusals), None)
    last = last or next(filter(reads_as_id, refusals), refusals[-1])
    kind = NotFound if all(isinstance(refusal, NotFound) for refusal in refusals) else NotOffered
    sentence, step = _explained(family, last)
    return recast(last, kind, sentence=sentence, next_step=step)


def _explained(family: Family, refusal: ErpError) -> tuple[str, str]:
    """(sentence, next step) for the refusal that says most."""
    product = refusal.system.product
    words = brief(refusal.detail.rstrip(". ") or refusal.code, _MOST_WORDS)
    if wants_version_header(refusal):
        return (
            f"{product} requires an API version in a header ({refusal.status}): {words}",
            'Set api_version_header in the profile: "1.0" for old servers, else "1.1" or "2.0"',
        )
    if reads_as_id(refusal):
        return (
            f"this build of {product} cannot list {family}: it reads the path as an id: {words}",
            f"Nothing to correct in base_url: a known fault of some builds, update {product}",
        )
    return (
        f"{product} offers {family} in none of /v1, /v2 and unversioned",
        "Check base_url: it ends in /erp (cloud) or /api/DATABASE (on-premises)",
    )
