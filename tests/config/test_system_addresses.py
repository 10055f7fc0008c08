"""What a profile's systems are known by: the same data has one name, other data another (D5)."""

from typing import Any

import pytest

from tui.api.settings import BearerToken, EnvRef, JtlSettings, SuperOfficeSettings
from tui.config.system_addresses import jtl_address, superoffice_address

BEARER = BearerToken(EnvRef("TOKEN"))


def jtl(base_url: str, **more: Any) -> str:
    return jtl_address(JtlSettings(base_url, auth=BEARER, **more))


def superoffice(**more: Any) -> str:
    return superoffice_address(SuperOfficeSettings(auth=BEARER, **more))


@pytest.mark.parametrize(
    "base_url", ["https://erp.example/api/Shop", "https://ERP.example:443/api/Shop/"]
)
def test_spelling_makes_no_difference(base_url: str) -> None:
    assert jtl(base_url) == "https://erp.example/api/Shop"


def test_what_reaches_other_data_differs() -> None:
    names = {
        jtl("https://erp.example/api/Shop"),
        jtl("https://erp.example/api/shop"),
        jtl("https://erp.example:8443/api/Shop"),
        jtl("http://localhost/api/Shop"),
        jtl("https://[::1]:5883/api/Shop"),
        jtl("https://erp.example/api/Shop", tenant_id="one"),
        jtl("https://erp.example/api/Shop", tenant_id="two"),
        jtl("https://erp.example/api/Shop", tenant_id="two", company_id="1"),
    }
    assert len(names) == 8
    assert "https://[::1]:5883/api/Shop" in names


def test_a_tenant_is_known_by_its_customer_id_wherever_it_lives() -> None:
    root = superoffice(base_url="https://online3.superoffice.com/Cust1")
    assert root == "https://online3.superoffice.com/Cust1"
    assert superoffice(base_url="https://online3.superoffice.com/Cust1/api/") == root
    online = superoffice(environment="online", customer_id="Cust1")
    assert online == "https://online.superoffice.com · tenant Cust1"
    assert superoffice(environment="sod", customer_id="Cust1") != online
    state = superoffice(environment="online", customer_id="Cust1", state_url="https://other.example/s")
    assert state == "https://other.example/s · tenant Cust1"


def test_no_login_is_in_it() -> None:
    table = JtlSettings("https://me:hush@erp.example/erp?key=hush#hush", auth=BEARER)
    assert jtl_address(table) == "https://erp.example/erp"
