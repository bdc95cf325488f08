# SPDX-License-Identifier: AGPL-3.0-or-later
"""Speaks with one Mastodon server for one account: questions, pages of answers, who we are there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from plein.channels.connectors.answers import links, mapping, refuse, wanted_list, wanted_object
from plein.channels.connectors.mail.html_text import html_to_text
from plein.channels.connectors.posts import LONGEST, clean, moment
from plein.channels.live import Net, Reply, Trouble

PAGE = 40
#: So many posts a server tells of at once; so few are asked for one by one.
AT_ONCE, FEW = 20, 10
#: The clock of a server may be off by so much.
CLOCKS = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Page:
    """Some answers in the order of the server, and where newer and older ones are."""

    items: list[dict[str, Any]]
    newer: str
    older: str
    is_last_for_now: bool


@dataclass(slots=True)
class Server:
    """A server, with the token of an account there."""

    url: str
    token: str
    net: Net
    _uris: dict[str, str] = field(default_factory=dict)
    #: How many posts may still be looked up only to know what an answer answers.
    _lookups: int = 60

    def ask(
        self, path: str, query: Mapping[str, str] | None = None, *, form: Mapping[str, str] | None = None, key: str = ""
    ) -> Reply:
        """Ask something, or post a form; `key` makes a second try the first one."""
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/json"}
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(form).encode()
        if key:
            headers["Idempotency-Key"] = key
        url = f"{self.url}{path}" + (f"?{urlencode(query)}" if query else "")
        return self.net.ask("GET" if body is None else "POST", url, headers=headers, body=body)

    def me(self) -> dict[str, Any]:
        """The account that the token is of."""
        found = wanted_object(self.ask("/api/v1/accounts/verify_credentials"))
        if not clean(found.get("acct")) or not _id(found):
            raise Trouble(f"{self.host} does not say whose token this is.")
        return found

    def domain(self) -> str:
        """What stands behind the @ of the accounts here, which need not be the name of the machine."""
        reply = self.ask("/api/v2/instance")
        if reply.status == 404:
            reply = self.ask("/api/v1/instance")
        found = wanted_object(reply)
        name = clean(found.get("domain") or found.get("uri"), 300).lower()
        return (urlsplit(name).hostname or "" if "://" in name else name) or self.host

    def statuses(self, numbers: Sequence[str]) -> dict[str, dict[str, Any] | None]:
        """How posts stand now, by number: None for what is gone or no longer for us; what is not told is left out."""
        found: dict[str, dict[str, Any] | None] = {}
        for start in range(0, len(numbers), AT_ONCE):
            asked = list(numbers[start : start + AT_ONCE])
            query = "&".join(f"id[]={quote(one, safe='')}" for one in asked)
            reply = self.ask(f"/api/v1/statuses?{query}")
            if reply.status == 404:
                # A server that tells of one at a time only: of the latest ones it is worth it.
                return {one: self._status(one) for one in numbers[-FEW:]}
            told = {_id(one): one for one in wanted_list(reply)}
            found |= {one: told.get(one) for one in asked}
        return found

    def _status(self, number: str) -> dict[str, Any] | None:
        reply = self.ask(f"/api/v1/statuses/{quote(number, safe='')}")
        return None if reply.status in (404, 410) else wanted_object(reply)

    def longest(self) -> int:
        """How many characters a post may have here; 0 when the server does not say."""
        reply = self.ask("/api/v2/instance")
        told = mapping(wanted_object(reply).get("configuration")) if reply.status == 200 else {}
        found = mapping(told.get("statuses")).get("max_characters")
        return found if type(found) is int and 0 < found < 1_000_000 else 0

    def said_since(self, since: datetime, form: Mapping[str, str]) -> dict[str, Any] | None:
        """What the account said since then in the same words and in answer to the same, if it did."""
        path = f"/api/v1/accounts/{quote(_id(self.me()), safe='')}/statuses"
        for one in self.page(path, {"exclude_reblogs": "true"}).items:
            at = moment(one.get("created_at"))
            is_late = at is not None and at >= since - CLOCKS
            is_same = str(one.get("in_reply_to_id") or "") == form.get("in_reply_to_id", "")
            if (
                is_late
                and is_same
                and _words(html_to_text(clean(one.get("content")), LONGEST)) == _words(form["status"])
            ):
                return one
        return None

    def streaming(self) -> str:
        """Where this server tells news as it happens, when it is a place to which the token may go."""
        found = mapping(mapping(wanted_object(self.ask("/api/v2/instance")).get("configuration")).get("urls"))
        parts = urlsplit(clean(found.get("streaming"), 300))
        name, own = parts.hostname or "", self.host
        if parts.scheme in ("wss", "https") and (name == own or name.endswith(f".{own}")):
            return f"https://{parts.netloc}"
        return self.url

    @property
    def host(self) -> str:
        """The name of the machine."""
        return urlsplit(self.url).hostname or ""

    def page(self, path: str, query: Mapping[str, str]) -> Page:
        """One page of a list."""
        reply = self.ask(path, {"limit": str(PAGE), **query})
        items = wanted_list(reply)
        found = {rel: parse_qs(urlsplit(target).query) for rel, target in links(reply.headers.get("link", ""))}
        newer, older = found.get("prev", {}), found.get("next", {})
        return Page(
            items,
            _first(newer, "min_id") or _first(newer, "since_id"),
            _first(older, "max_id"),
            reply.headers.get("x-ratelimit-remaining", "").strip() == "0",
        )

    def forward(self, path: str, after: str, query: Mapping[str, str] | None = None) -> Iterator[dict[str, Any]]:
        """What came after an item, oldest first; stops early when the server is nearly tired of us."""
        while True:
            page = self.page(path, {"min_id": after or "0", **(query or {})})
            items = sorted((one for one in page.items if _id(one)), key=lambda one: order(_id(one)))
            new = [one for one in items if order(_id(one)) > order(after)]
            yield from new
            if not new or page.is_last_for_now:
                return
            after = _id(new[-1])

    def uri_of(self, status_id: str) -> str:
        """The worldwide identifier of a post that is known here by a number, or "" when it cannot be told."""
        if status_id in self._uris or not status_id or self._lookups <= 0:
            return self._uris.get(status_id, "")
        self._lookups -= 1
        reply = self.ask(f"/api/v1/statuses/{quote(status_id, safe='')}")
        if reply.status in (401, 403, 404, 410):
            # Taken away, or not for us.
            return self._uris.setdefault(status_id, "")
        refuse(reply)
        self.know(wanted_object(reply))
        return self._uris.get(status_id, "")

    def know(self, status: dict[str, Any]) -> None:
        """Remember the worldwide identifier of a post."""
        if _id(status):
            self._uris[_id(status)] = clean(status.get("uri"), 1000)

    def status_of(self, uri: str) -> dict[str, Any]:
        """A post by its worldwide identifier, as this server knows it."""
        found = wanted_object(self.ask("/api/v2/search", {"q": uri, "resolve": "true", "type": "statuses"}))
        for one in found.get("statuses") or []:
            if isinstance(one, dict) and one.get("uri") == uri and _id(one):
                return one
        raise Trouble("The post to answer cannot be found any more.", is_lasting=True)


def _first(query: dict[str, list[str]], name: str) -> str:
    return query.get(name, [""])[0][:100]


def _id(thing: dict[str, Any]) -> str:
    value = thing.get("id")
    return value[:100] if isinstance(value, str) else str(value) if type(value) is int else ""


def _words(text: str) -> str:
    """A text without what servers change in it: whom it names, signs, and where lines break."""
    return "".join(char for word in text.split() if not word.startswith("@") for char in word if char.isalnum())


def order(number: str) -> tuple[int, str]:
    """Identifiers in the order of time: longer ones are later."""
    return len(number), number
