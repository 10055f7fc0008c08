"""Rules on requests that failed: what the server or the network said, and the next step.

Sources: jtl PROTOCOL §4.3, §5; superoffice PROTOCOL §9.
"""

from collections.abc import Mapping

from tui.domain.profile import System
from tui.domain.timestamps import age_text
from tui.domain.why.explanation import Evidence, Step
from tui.domain.why.facts import Facts, Failure, FailureKind
from tui.domain.why.rule import Find, Found, Role, Rule, beside, by_hand, calm, quoted

_FORBIDDEN = 403
"""SuperOffice's response to an expired token as well (superoffice PROTOCOL §11)."""
_GATEWAY: Mapping[int, str] = {
    502: "a gateway got no valid response from the server",
    503: "the server, or a gateway in front of it, is unavailable",
    504: "a gateway got no response from the server in time",
}
"""Statuses of HTTP that are not the server's own, or may not be (RFC 9110, section 15.6)."""
_READ = "its lists are read again, and the header says live"
_STEPS: Mapping[FailureKind, tuple[Step, ...]] = {
    FailureKind.LOGIN: (Step("authorise", "Re-enter the credentials"),),
    FailureKind.CREDENTIALS: (Step("authorise", "Re-enter the credentials"),),
    FailureKind.THROTTLED: (by_hand("Longer intervals in [refresh] prevent this"),),
    FailureKind.UNREACHABLE: (by_hand("`syncdeck doctor` names the stage that fails"),),
    FailureKind.TIMEOUT: (by_hand("`syncdeck doctor` measures the server and the network"),),
    FailureKind.TLS: (by_hand("`syncdeck doctor` shows the certificate"),),
    FailureKind.UNEXPECTED: (by_hand("`syncdeck doctor` shows what responds at the address"),),
    FailureKind.SERVER: (Step("refresh", "Refresh; then check the server's log"),),
}
"""Beside the next step of the failure itself."""
_LEADS: Mapping[FailureKind, str] = {
    FailureKind.LOGIN: "the login of syncdeck is refused",
    FailureKind.CREDENTIALS: "a credential of syncdeck is not available",
    FailureKind.LICENCE: "a licence is missing",
    FailureKind.THROTTLED: "the server asks for fewer requests",
    FailureKind.TENANT: "the tenant does not run",
    FailureKind.MOVED: "the tenant is served at another address",
    FailureKind.UNREACHABLE: "the server cannot be reached",
    FailureKind.TIMEOUT: "the server does not respond in time",
    FailureKind.TLS: "the certificate or the handshake was refused",
    FailureKind.SERVER: "the server itself failed",
    FailureKind.NOT_FOUND: "the server does not offer this call at the address",
    FailureKind.REJECTED: "the server rejected the request",
    FailureKind.PRECONDITION: "a header that the server needs is missing",
    FailureKind.UNEXPECTED: "what responds is not the API, or breaks its protocol",
}


def _of(kind: FailureKind) -> Find:
    def find(facts: Facts) -> Found | None:
        failure = next((one for one in facts.failures if one.kind is kind), None)
        if failure is None or (kind is FailureKind.TENANT and _tenant_says_it(facts)):
            return None
        return Found(_sentence(failure), _evidence(failure, facts), _steps(failure))

    return find


def _sentence(failure: Failure) -> str:
    if failure.kind is FailureKind.PERMISSION:
        # The scope is in its words.
        return quoted(failure.sentence)
    if failure.system is System.SUPEROFFICE and _is_forbidden_login(failure):
        return "the credentials are expired, or the app lacks access to ErpSync"
    own = _LEADS[failure.kind]
    return _GATEWAY.get(failure.status or 0, own) if failure.kind is FailureKind.SERVER else own


def _is_forbidden_login(failure: Failure) -> bool:
    return failure.kind is FailureKind.LOGIN and failure.status == _FORBIDDEN


def _tenant_says_it(facts: Facts) -> bool:
    """Whether the state of the tenant explains the failure better."""
    return facts.tenant is not None and not facts.tenant.running


def _evidence(failure: Failure, facts: Facts) -> tuple[Evidence, ...]:
    said = Evidence(facts.now, f"{failure.topic}: {quoted(failure.sentence)}")
    if failure.last_read_at is None:
        return (said,)
    age = age_text(max(0.0, (facts.now - failure.last_read_at).total_seconds()))
    return (said, Evidence(failure.last_read_at, f"{failure.topic}: last read {age} ago"))


def _steps(failure: Failure) -> tuple[Step, ...]:
    own = (by_hand(quoted(failure.next_step)),) if failure.next_step else ()
    wait = failure.retry_after
    waits = (by_hand(f"The server asks to wait {wait:.0f} s"),) if wait is not None else ()
    beside = _STEPS.get(failure.kind, ())
    here = [one for one in beside if one.operation]
    return (*here, *own, *waits, *(one for one in beside if not one.operation))


def _not_configured(facts: Facts) -> Found | None:
    failure = next((one for one in facts.failures if one.kind is FailureKind.NOT_CONFIGURED), None)
    return Found(failure.sentence, (), _steps(failure)) if failure is not None else None


def _id(kind: FailureKind) -> str:
    return kind.value.replace(" ", "-")


RULES: tuple[Rule, ...] = (
    *(
        beside(_id(kind), _of(kind), worked=_READ)
        for kind in FailureKind
        if kind is not FailureKind.NOT_CONFIGURED
    ),
    calm(_id(FailureKind.NOT_CONFIGURED), _not_configured, role=Role.BESIDE),
)
