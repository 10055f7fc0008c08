"""How a profile addresses its SuperOffice: by a fixed address, or by a customer of Online. Pure.

Exactly one of both; a system user needs the address of its login and its customer.
"""

from collections.abc import Iterator

from tui.api.settings import SuperOfficeSettings, SystemUser

Fault = tuple[tuple[str, ...], str]
"""The wrong key below `[profiles.X.superoffice]` (empty: the table), and the sentence."""

_EITHER = 'base_url, or environment and customer_id (Online: environment = "online")'


def faults(table: SuperOfficeSettings) -> Iterator[Fault]:
    """Contradictions and missing parts."""
    fixed, customer, environment = table.base_url, table.customer_id, table.environment
    if fixed is None and customer is None and environment is None:
        yield (), f"superoffice needs {_EITHER}"
    elif fixed is not None:
        for key in ("environment", "customer_id", "state_url"):
            if getattr(table, key) is not None:
                yield (
                    (key,),
                    f"{key} cannot be combined with base_url: a tenant of Online is looked up, keep one",
                )
    elif customer is None:
        yield ("environment",), "environment needs customer_id beside it, such as Cust12345"
    elif environment is None:
        yield ("customer_id",), "customer_id needs environment beside it: sod, qaonline or online"
    yield from _of_system_user(table)


def _of_system_user(table: SuperOfficeSettings) -> Iterator[Fault]:
    if not isinstance(table.auth, SystemUser):
        return
    if table.app_token is None:
        yield (), "a system user needs app_token, the client secret of the app, in [superoffice]"
    for key in ("context_id", "login_url") if table.base_url is not None else ():
        if getattr(table.auth, key) is None:
            yield ("auth",), f"a system user at a base_url needs {key}: only customer_id implies it"
