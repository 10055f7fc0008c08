"""The failure of a request as a rule reads it: its kind, and what was said."""

from collections.abc import Iterable, Iterator, Mapping

from tui.api import errors
from tui.api.errors import ErpError, Throttled
from tui.domain.why.facts import Failure, FailureKind
from tui.store.snapshot import Topic
from tui.store.store import Store

KINDS: Mapping[type[ErpError], FailureKind] = {
    errors.NotAuthorised: FailureKind.LOGIN,
    errors.CredentialFailed: FailureKind.CREDENTIALS,
    errors.Forbidden: FailureKind.PERMISSION,
    errors.LicenceRequired: FailureKind.LICENCE,
    errors.TenantUnavailable: FailureKind.TENANT,
    errors.Throttled: FailureKind.THROTTLED,
    errors.Moved: FailureKind.MOVED,
    errors.Unreachable: FailureKind.UNREACHABLE,
    errors.TimedOut: FailureKind.TIMEOUT,
    errors.TlsFailed: FailureKind.TLS,
    errors.ServerFailed: FailureKind.SERVER,
    errors.NotFound: FailureKind.NOT_FOUND,
    errors.NotOffered: FailureKind.NOT_FOUND,
    errors.VersionUnknown: FailureKind.NOT_FOUND,
    errors.Rejected: FailureKind.REJECTED,
    errors.Conflict: FailureKind.REJECTED,
    errors.PreconditionFailed: FailureKind.PRECONDITION,
    errors.BadAnswer: FailureKind.UNEXPECTED,
    errors.Absent: FailureKind.NOT_CONFIGURED,
}
"""Every kind of error, by its class."""


def _kind_of(error: ErpError) -> FailureKind:
    """A credential that a server refused is there: only the login failed."""
    kind = KINDS.get(type(error), FailureKind.UNEXPECTED)
    is_refused = kind is FailureKind.CREDENTIALS and error.status is not None
    return FailureKind.LOGIN if is_refused else kind


def failures_of(store: Store, topics: Iterable[Topic]) -> Iterator[Failure]:
    """Those of the last requests; the same failure of several lists is one."""
    seen: set[tuple[FailureKind, str]] = set()
    for topic in topics:
        snapshot = store.snapshot(topic)
        error = snapshot.error
        if error is None:
            continue
        kind = _kind_of(error)
        if (kind, error.sentence) in seen:
            continue
        seen.add((kind, error.sentence))
        wait = error.retry_after if isinstance(error, Throttled) else None
        yield Failure(
            kind,
            error.system,
            topic.value,
            error.sentence,
            error.next_step,
            snapshot.fetched_at,
            wait,
            error.status,
        )
