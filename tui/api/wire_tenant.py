"""The answer of the tenant state service. Source: superoffice-erpsync §9."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from tui.api.network import is_loopback
from tui.api.wire import Row, Text, Truth, Unreadable, moment, read_row
from tui.api.words import short, words_of
from tui.domain.tenant import ONLINE_MAINTENANCE, RUNNING, STATES, Tenant

_ONLINE = ".superoffice.com"
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~-]*)*")
_API = re.compile(r"/api(/v1)?$", re.IGNORECASE)
_CUSTOMER = re.compile(r"cust\d+")
"""A customer's identifier as it stands at the end of an Endpoint, in lower case."""
_NAMES = {name.lower(): name for name in STATES.values()}


class _State(Row):
    context_identifier: Text = None
    endpoint: Text = None
    state: Text = None
    is_running: Truth = None
    valid_until: Text = None


def read_tenant(tree: object, customer: str, service: str, asked_at: datetime, ahead: float) -> Tenant:
    """The state of `customer` as `service` told it at `asked_at`; its clock is `ahead` of ours.

    Raises:
        Unreadable: it is no such answer, of another tenant, or names an address that must not be used.
    """
    wire = read_row(_State, tree)
    state = _state(wire.state)
    if not state and wire.is_running is None:
        raise Unreadable(words_of(tree).text or "it names no State")
    if wire.context_identifier and wire.context_identifier.lower() != customer.lower():
        raise Unreadable("it tells of another tenant")
    running = state in (RUNNING, ONLINE_MAINTENANCE) if wire.is_running is None else wire.is_running
    root = _API.sub("", (wire.endpoint or "").strip().rstrip("/")).rstrip("/")
    last = root.rpartition("/")[2].lower()
    if not wire.context_identifier and _CUSTOMER.fullmatch(last) and last != customer.lower():
        raise Unreadable("its Endpoint is of another tenant")
    if fault := fault_of(root, service) if running or root else "":
        raise Unreadable(fault)
    until = moment(wire.valid_until).at
    valid = None if until is None else (until - asked_at).total_seconds() - ahead
    return Tenant(customer, state or "Unknown", running, root, asked_at, valid)


def fault_of(root: str, service: str) -> str:
    """Why no credentials may go to `root`, which `service` named; empty: they may.

    The Online domain alone is trusted, and only under https; a simulator on this machine may name
    itself.
    """
    if not root:
        return "it names no Endpoint"
    if not _ADDRESS.fullmatch(root):
        return "its Endpoint is no address that can be used"
    if is_loopback(root) and is_loopback(service):
        return ""
    parts = urlsplit(root)
    if parts.scheme != "https" or not (parts.hostname or "").endswith(_ONLINE):
        return f"its Endpoint is not https below {_ONLINE[1:]}: no credentials are sent there"
    return ""


def _state(text: str | None) -> str:
    """The name, also of a number."""
    text = (text or "").strip()
    if text.isascii() and text.isdecimal() and len(text) < 3:
        return STATES.get(int(text), text)
    return _NAMES.get(text.lower(), short(text))
