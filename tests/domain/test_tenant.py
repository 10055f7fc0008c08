"""What is said of a tenant, and how long its state is believed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tui.domain.tenant import STATES, Tenant, next_step, remark, wait, why_not

AT = datetime(2026, 11, 22, 10, 2, 11, tzinfo=UTC)
SERVES = Tenant("Cust12345", "Running", True, "https://online3.superoffice.com/Cust12345", AT, 300)


def down(state: str, valid_for: float | None = 60) -> Tenant:
    return replace(SERVES, state=state, running=False, valid_for=valid_for)


def test_a_suspended_tenant_is_called_suspended_with_the_time_of_its_state() -> None:
    said = why_not(down("Suspended"))
    assert said == "tenant Cust12345 is suspended: its APIs are off (state of 10:02:11 UTC)"
    assert "asked again every 60s, r asks at once" in next_step(down("Suspended"))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("OfflineMaintenance", "is in offline maintenance: its APIs are off"),
        ("MigrationPending", "waits to be migrated"),
        ("Provisioning", "is being provisioned"),
        ("Deleted", "was deleted"),
        ("Hibernating", "is in the state Hibernating and does not run"),
    ],
)
def test_every_state_is_said_as_what_it_is(state: str, words: str) -> None:
    assert words in why_not(down(state))


def test_no_documented_state_is_without_words() -> None:
    assert [state for state in STATES.values() if "is in the state" in why_not(down(state))] == []


def test_only_what_is_out_of_the_ordinary_is_remarked() -> None:
    assert remark(None) == ""
    assert remark(SERVES) == ""
    assert remark(down("Suspended")) == ""
    maintained = replace(SERVES, state="OnlineMaintenance")
    assert remark(maintained) == (
        "tenant Cust12345 is in online maintenance and still serves (state of 10:02:11 UTC)"
    )
    assert "could not be asked again (state of 10:02:11 UTC): no route" in remark(
        replace(SERVES, trouble="no route")
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
