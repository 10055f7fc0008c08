"""Texts of a tenant: one language of several, resource ids said to be such, all else as it came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.superoffice.localized_text import readable

BOTH = 'NO:"Kunder fra Oslo";US:"Customers from Oslo"'


@pytest.mark.parametrize(
    ("text", "language", "shown"),
    [
        (BOTH, None, "Customers from Oslo"),
        (BOTH, "US", "Customers from Oslo"),
        (BOTH, "no", "Kunder fra Oslo"),
        (BOTH, "nb-NO", "Kunder fra Oslo"),
        (BOTH, "en-GB", "Customers from Oslo"),
        (BOTH, "fr", "Customers from Oslo"),
        ('GE:"Kunden";US:"Customers"', "de-DE", "Kunden"),
        ('NO:"Kunder";SW:"Kunder i Sverige"', None, "Kunder"),
        ('NO:"Kunder"', None, "Kunder"),
        ('NO:"";US:"";', None, ""),
        ('NO:"";GE:"Kunden"', None, "Kunden"),
        (f" {BOTH}; ", "no", "Kunder fra Oslo"),
        ('US:"Customers"NO:"Kunder"GE:"Kunden"', "de", "Kunden"),  # F8
        ('US:"Customers" NO:"Kunder"', None, "Customers"),
        ('US:""NO:"Kunder"', None, "Kunder"),
        ('US:"the "new" ones";NO:"de nye"', None, 'the "new" ones'),
        ("[SR_ERP_NAME]", None, "SR_ERP_NAME (a resource id; no text was sent)"),
        ('US:"[SR_X]"', None, "SR_X (a resource id; no text was sent)"),
        (
            "Field CUSTNO: [SR_NO_DIRECTION]",
            None,
            "Field CUSTNO: SR_NO_DIRECTION (a resource id; no text was sent)",
        ),
    ],
)
def test_what_can_be_told_apart_reads_well(text: str, language: str | None, shown: str) -> None:
    assert readable(text, language) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Business Central DE",
        'NO:"Kunder',
        'NO:"Kunder";US:',
        'Kunder";US:"Customers"',
        'see NO:"Kunder"',
        "[SR_",
        "[SR_]",
        "[sr_x]",
        "[red]",
        'STATUS:"bad"',
    ],
)
def test_anything_else_stays_as_it_came(text: str) -> None:
    assert readable(text, "no") == text


@given(st.text(alphabet='NOUS:;"[]_ x', max_size=60), st.sampled_from([None, "no", "", "-", "nb-"]))
def test_nothing_makes_it_fail(text: str, language: str | None) -> None:
    assert isinstance(readable(text, language), str)
