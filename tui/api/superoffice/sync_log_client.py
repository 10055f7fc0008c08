"""The ErpSyncLog archive: the newest page, and the page after one. Source: superoffice PROTOCOL §14.

Invariant: follows a link of the server only below the address that the profile names; credentials go
nowhere else.
"""

from dataclasses import replace
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from tui.api.auth.authorized_caller import Caller, unreadable_response
from tui.api.errors import BadAnswer, Rejected
from tui.api.http.request import ApiRequest
from tui.api.row_reader import Unreadable
from tui.api.superoffice.requests import SuperOfficeRequests, api_root
from tui.api.superoffice.sync_log_rows import COLUMNS, ID, ArchivePage, read_sync_log
from tui.domain.profile import System
from tui.domain.superoffice.sync_log import SyncLogPage, is_newest_first

TOP = 200
"""Rows of a page; `$top` and `$skip` are documented for every archive."""
NEWEST_FIRST = "id desc"
"""`$orderby`: the identifier is the only column with an index (§16); to order by `updated` would
sort the whole table. That it ascends with time is [inferred]."""
_LONGEST_SHOWN = 120
_ARCHIVES = "/v1/archive/"
_PORTS = {"https": 443, "http": 80}


class SyncLogClient:
    def __init__(self, caller: Caller, requests: SuperOfficeRequests) -> None:
        self._caller = caller
        self._requests = requests
        self._sorts = True
        """Whether to request sorting; False once the server has refused it."""

    async def page(self, following: str = "") -> SyncLogPage:
        """The newest page, or the one that an earlier page named as next.

        Raises ErpError: also `BadAnswer` if the next page has another origin; nothing was sent then.
        """
        if following:
            return await self._asked(self._followed(following))
        if not self._sorts:
            return await self._asked(self._first(sort=False))
        try:
            return await self._asked(self._first(sort=True))
        except Rejected:
            page = await self._asked(self._first(sort=False))
        self._sorts = False
        return replace(page, sorted=False)

    async def _asked(self, url: str) -> SyncLogPage:
        request = self._request(url)
        answer = await self._caller.call(request)
        try:
            page = read_sync_log(answer.tree, self._requests.settings.language)
        except Unreadable as problem:
            raise unreadable_response(request, answer, problem) from None
        following = _kept(self._leads(page.link) or _skipping(url, page))
        return SyncLogPage(page.entries, following, self._sorts and is_newest_first(page.entries))

    def _request(self, url: str) -> ApiRequest:
        headers = tuple(pair for pair in self._requests.headers() if pair[0] != "Content-Type")
        timeout = self._requests.connection.read_timeout
        return ApiRequest(System.SUPEROFFICE, "GET", url, headers, repeatable=True, timeout=timeout)

    @property
    def _archive(self) -> str:
        return f"{api_root(self._requests.base())}/archive/ErpSyncLog"

    def _first(self, *, sort: bool) -> str:
        order = f"&$orderby={quote(NEWEST_FIRST)}" if sort else ""
        columns = (ID, *COLUMNS) if sort else COLUMNS
        return f"{self._archive}?$select={','.join(columns)}{order}&$top={TOP}"

    def _leads(self, link: str) -> str | None:
        """The address of a link, if credentials may go there."""
        return _below(api_root(self._requests.base()), self._archive, link) if link else None

    def _followed(self, link: str) -> str:
        url = self._leads(link)
        if url is None:
            where = "base_url" if self._requests.settings.online is None else "the tenant's address"
            raise BadAnswer(
                system=System.SUPEROFFICE,
                method="GET",
                path=urlsplit(self._archive).path,
                sentence=f"SuperOffice names a next page outside {where}: it was not followed",
                next_step=f"Check {where} against {link.partition('?')[0][:_LONGEST_SHOWN]}",
                sent=False,
            )
        return url


def _kept(url: str) -> str:
    """The part of a page's URL to keep, relative to the archives: the tenant may move."""
    parts = urlsplit(url)
    place = parts.path.lower().rfind(_ARCHIVES)
    if place < 0:
        return url
    path = "./" + parts.path[place + len(_ARCHIVES) :].lstrip("/")
    return parts._replace(scheme="", netloc="", path=path).geturl()


def _skipping(url: str, page: ArchivePage) -> str:
    """Our own URL of the page after `url`: for a full page without a link, or with a link to another
    address, as behind a proxy."""
    if not page.entries or not (page.link or len(page.entries) >= TOP):
        return ""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    skipped = next((value for name, value in query if name.lower() == "$skip"), "0")
    known = int(skipped) if skipped.isascii() and skipped.isdecimal() else 0
    kept = [(name, value) for name, value in query if name.lower() != "$skip"]
    kept.append(("$skip", str(known + len(page.entries))))
    return parts._replace(query=urlencode(kept, safe="$,", quote_via=quote)).geturl()


def _below(root: str, base: str, link: str) -> str | None:
    """The address of `link`, found at `base`; None unless it has the origin of `root` and a path below
    it. Ignores case, and whether a default port is written."""
    try:
        url = urljoin(base, link)
        same = _origin(url) == _origin(root)
    except ValueError:
        return None
    path, below = (unquote(urlsplit(one).path).lower() for one in (url, root))
    steps = path.replace("\\", "/").split("/")
    return url if same and path.startswith(f"{below}/") and ".." not in steps else None


def _origin(url: str) -> tuple[str, str | None, int | None, bool]:
    """Scheme, host, port, and whether it names a user: a link with a user never matches."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme), "@" in parts.netloc
