"""The response of the tenant state service. Source: superoffice PROTOCOL §9, §16.

`Api` is the tenant's address; `Endpoint` counts only if there is no `Api`.
"""

import re
from datetime import datetime
from urllib.parse import urlsplit

from tui.api.error_body import short, words_of
from tui.api.row_reader import Row, Text, Truth, Unreadable, read_row
from tui.domain.superoffice.tenant import ONLINE_MAINTENANCE, RUNNING, STATES, Tenant
from tui.domain.timestamps import Moment
from tui.domain.urls import is_loopback

_ONLINE = ".superoffice.com"
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~-]*)*")
_API = re.compile(r"/api(/v1)?$", re.IGNORECASE)
_CUSTOMER = re.compile(r"cust\d+")
"""A customer's identifier at the end of an address, in lower case."""
_NAMES = {name.lower(): name for name in STATES.values()}
_APART = re.compile(r"[\W_]+")


class _State(Row):
    context_identifier: Text = None
    endpoint: Text = None
    api: Text = None
    state: Text = None
    is_running: Truth = None
    valid_until: Text = None


def read_tenant(tree: object, customer: str, service: str, asked_at: datetime, ahead: float) -> Tenant:
    """The state of `customer` that `service` reported at `asked_at`; its clock is `ahead` of ours.

    Raises Unreadable: it is not such a response, is about another tenant, or names a forbidden address.
    """
    wire = read_row(_State, tree)
    state = _state(wire.state)
    if not state and wire.is_running is None:
        raise Unreadable(words_of(tree).text or "it names no State")
    if wire.context_identifier and wire.context_identifier.lower() != customer.lower():
        raise Unreadable("it is about another tenant")
    running = state in (RUNNING, ONLINE_MAINTENANCE) if wire.is_running is None else wire.is_running
    field, root = _address(wire)
    last = root.rpartition("/")[2].lower()
    if _CUSTOMER.fullmatch(last) and last != customer.lower():
        raise Unreadable(f"its {field} belongs to another tenant")
    if fault := fault_of(root, service, field) if running or root else "":
        raise Unreadable(fault)
    until = Moment.read(wire.valid_until).at
    valid = None if until is None else (until - asked_at).total_seconds() - ahead
    return Tenant(customer, state or "Unknown", running, root, asked_at, valid)


def _address(wire: _State) -> tuple[str, str]:
    """The field with the tenant's address, and the tenant's root in it, without `/api`."""
    api, endpoint = ((text or "").strip() for text in (wire.api, wire.endpoint))
    field, text = ("Endpoint", endpoint) if endpoint and not api else ("Api", api)
    return field, _API.sub("", text.rstrip("/")).rstrip("/")


def fault_of(root: str, service: str, field: str = "Api") -> str:
    """Why no credentials may go to `root`, which `service` named in `field`; empty: they may.

    Trusts only the Online domain, and only with https; a simulator on this machine may name itself.
    """
    if not root:
        return f"it names no {field}"
    if not _ADDRESS.fullmatch(root):
        return f"its {field} is not a usable address"
    if is_loopback(root) and is_loopback(service):
        return ""
    parts = urlsplit(root)
    if parts.scheme != "https" or not (parts.hostname or "").endswith(_ONLINE):
        where = f"{parts.scheme}://{parts.hostname}"
        return f"its {field} is {where}, not https below {_ONLINE[1:]}: no credentials are sent there"
    return ""


def _state(text: str | None) -> str:
    """The state's name, also of a number; an unknown number stays one."""
    text = (text or "").strip()
    if text.isascii() and text.isdecimal() and len(text) < 3:
        return STATES.get(int(text), text)
    return _NAMES.get(_APART.sub("", text).lower(), short(text))
