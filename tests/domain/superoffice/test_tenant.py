"""What is said of a tenant, and how long its state is believed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tui.domain.superoffice.tenant import STATES, Tenant, next_step, remark, wait, why_not

AT = datetime(2026, 11, 22, 10, 2, 11, tzinfo=UTC)
SERVES = Tenant("Cust12345", "Running", True, "https://online3.superoffice.com/Cust12345", AT, 300)


def down(state: str, valid_for: float | None = 60) -> Tenant:
    return replace(SERVES, state=state, running=False, valid_for=valid_for)


def test_a_suspended_tenant_is_called_suspended_with_the_time_of_its_state() -> None:
    said = why_not(down("Suspended"))
    assert said == "suspended: the APIs of tenant Cust12345 are off (state of 10:02:11 UTC)"
    assert "checked again every 60s, r checks now" in next_step(down("Suspended"))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("OfflineMaintenance", "offline maintenance: the APIs of tenant Cust12345 are off ("),
        ("MigrationPending", "first migration not finished: tenant Cust12345 does not run ("),
        ("Provisioning", "being provisioned: tenant Cust12345 does not run ("),
        ("Deleted", "deleted: tenant Cust12345 does not run ("),
        ("Running", "doubtful: tenant Cust12345 is in state Running, but reported as not running ("),
        ("Hibernating", "Hibernating: tenant Cust12345 does not run ("),
        ("7", "state 7: tenant Cust12345 does not run ("),
    ],
)
def test_every_state_is_said_as_what_it_is(state: str, words: str) -> None:
    assert why_not(down(state)).startswith(words)


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("MigrationPending", "can take days or weeks"),
        ("Suspended", "being terminated"),
        ("OfflineMaintenance", "usually takes minutes"),
        ("Unknown", "It may be an incident"),
        ("Provisioning", "Wait until it is ready"),
        ("Deleted", "Check customer_id and environment"),
        ("7", "Contact SuperOffice"),
    ],
)
def test_t13_every_state_says_what_it_means_for_whoever_waits(state: str, step: str) -> None:
    assert step in next_step(down(state))


def test_every_documented_state_has_words_of_its_own() -> None:
    words = [down(state).word for state in STATES.values()]
    assert len(set(words)) == len(words)
    assert all(word == word.lower() for word in words)


def test_only_what_is_out_of_the_ordinary_is_remarked() -> None:
    assert remark(None) == ""
    assert remark(SERVES) == ""
    assert remark(down("Suspended")) == ""
    maintained = replace(SERVES, state="OnlineMaintenance")
    assert remark(maintained) == (
        "online maintenance: tenant Cust12345 still serves (state of 10:02:11 UTC)"
    )
    assert remark(replace(SERVES, trouble="no route")) == (
        "no route; the last known state of tenant Cust12345 is the state of 10:02:11 UTC"
    )


@pytest.mark.parametrize(
    ("tenant", "seconds"),
    [
        (SERVES, 300),
        (replace(SERVES, valid_for=5), 60),
        (replace(SERVES, valid_for=-40), 60),
        (replace(SERVES, valid_for=1e9), 3_600),
        (replace(SERVES, valid_for=None), 300),
        (down("Suspended", 1e9), 300),
        (down("Suspended", 90), 90),
        (replace(SERVES, state="OnlineMaintenance", valid_for=1e9), 300),
    ],
)
def test_the_state_is_believed_while_it_is_valid_within_reason(tenant: Tenant, seconds: float) -> None:
    assert wait(tenant) == seconds
