# SPDX-License-Identifier: AGPL-3.0-or-later
"""A server of contacts and calendars in memory, with tokens or without."""

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.sax.saxutils import escape

from plein.testing.peers import Answer, Request

SPACES = (
    'xmlns:d="DAV:" xmlns:card="urn:ietf:params:xml:ns:carddav" xmlns:cal="urn:ietf:params:xml:ns:caldav" '
    'xmlns:cs="http://calendarserver.org/ns/"'
)
HOME = "/dav/us/"
BOOK, AGENDA, TASKS = f"{HOME}friends/", f"{HOME}work/", f"{HOME}tasks/"
RIGHT = "Basic " + b64encode(b"us:app-word").decode()


def card(name: str, uid: str, *more: str) -> str:
    """A card of somebody."""
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"UID:{uid}", f"FN:{name}", *more, "END:VCARD", ""]
    return "\r\n".join(lines)


def todo(uid: str, title: str, *more: str) -> str:
    """A to-do of somebody."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//fake//EN", "BEGIN:VTODO", f"UID:{uid}", f"SUMMARY:{title}"]
    return "\r\n".join([*lines, *more, "END:VTODO", "END:VCALENDAR", ""])


def etag_of(text: str) -> str:
    """The hash by which a server knows a text."""
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:12]}"'


@dataclass
class FakeDav:
    """The server: objects by their address, and what happened to each, in order."""

    objects: dict[str, str] = field(default_factory=dict)
    journal: list[str] = field(default_factory=list)
    can_sync: bool = True
    keeps_photos: bool = True
    #: Tokens from before this number are forgotten.
    remembered: int = 0
    puts: list[tuple[str, str]] = field(default_factory=list)

    def put(self, path: str, text: str) -> None:
        """Somebody else writes something."""
        self.objects[path] = text
        self.journal.append(path)

    def drop(self, path: str) -> None:
        """Somebody else throws something away."""
        del self.objects[path]
        self.journal.append(path)

    def __call__(self, request: Request) -> Answer:
        path = unquote(request.path)
        if path.startswith("/.well-known/"):
            return Answer(status=301, headers={"Location": "/dav/"})
        if request.headers.get("authorization") != RIGHT:
            return Answer(status=401)
        if request.method == "PROPFIND":
            return self._propfind(path, request.headers.get("depth", "0"))
        if request.method == "REPORT":
            return self._report(path, request.body.decode())
        if request.method == "PUT":
            return self._put(path, request)
        if request.method == "GET" and path in self.objects:
            return Answer(self.objects[path].encode(), headers={"ETag": etag_of(self.objects[path])})
        return Answer(status=404)

    def _put(self, path: str, request: Request) -> Answer:
        if request.headers.get("if-match", "*") not in ("*", etag_of(self.objects.get(path, ""))):
            return Answer(status=412)
        if path in self.objects and request.headers.get("if-none-match") == "*":
            return Answer(status=412)
        text = request.body.decode()
        if not self.keeps_photos:
            text = re.sub(r"PHOTO.*\r\n(?: .*\r\n)*", "", text)
        self.puts.append((path, text))
        self.put(path, text)
        return Answer(status=204, headers={"ETag": etag_of(text)})

    def _propfind(self, path: str, depth: str) -> Answer:
        if path in ("/", "/dav/"):
            principal = "<d:href>/dav/p/us/</d:href>"
            return _multistatus(_part(path, f"<d:current-user-principal>{principal}</d:current-user-principal>"))
        if path == "/dav/p/us/":
            homes = "".join(
                f"<{name}><d:href>{HOME}</d:href></{name}>"
                for name in ("card:addressbook-home-set", "cal:calendar-home-set")
            )
            return _multistatus(_part(path, homes))
        if path == HOME:
            return _multistatus(_part(HOME, "<d:resourcetype><d:collection/></d:resourcetype>"), *self._collections())
        inside = [self._object(one) for one in self.objects if one.startswith(path) and depth == "1"]
        return _multistatus(_part(path, "<d:resourcetype><d:collection/></d:resourcetype>"), *inside)

    def _collections(self) -> list[str]:
        kinds = {BOOK: ("Friends", "<card:addressbook/>", ""), AGENDA: ("Work", "<cal:calendar/>", "VEVENT"),
                 TASKS: ("Tasks", "<cal:calendar/>", "VTODO")}  # fmt: skip
        found = []
        for path, (name, kind, holds) in kinds.items():
            sync = "<d:supported-report><d:report><d:sync-collection/></d:report></d:supported-report>"
            more = f"<d:sync-token>{self._token}</d:sync-token><d:supported-report-set>{sync}</d:supported-report-set>"
            props = f"<d:resourcetype><d:collection/>{kind}</d:resourcetype><d:displayname>{name}</d:displayname>"
            props += f"<cs:getctag>{len(self.journal)}</cs:getctag>" + (more if self.can_sync else "")
            if holds:
                comp = f'<cal:comp name="{holds}"/>'
                props += f"<cal:supported-calendar-component-set>{comp}</cal:supported-calendar-component-set>"
            found.append(_part(path, props))
        return found

    @property
    def _token(self) -> str:
        return f"http://fake.example/{len(self.journal)}"

    def _object(self, path: str, *, whole: str = "") -> str:
        data = f"<{whole}>{escape(self.objects[path])}</{whole}>" if whole else ""
        return _part(path, f"<d:getetag>{escape(etag_of(self.objects[path]))}</d:getetag>{data}")

    def _report(self, path: str, body: str) -> Answer:
        if "sync-collection" in body:
            return self._sync(path, re.search(r"<sync-token>([^<]*)</sync-token>", body))
        whole = "cal:calendar-data" if "calendar-multiget" in body else "card:address-data"
        wanted = [unquote(one) for one in re.findall(r"<href>([^<]*)</href>", body)]
        # In another order than that of the question.
        return _multistatus(*(
            self._object(one, whole=whole) if one in self.objects else _gone(one) for one in reversed(wanted)
        ))  # fmt: skip

    def _sync(self, path: str, said: re.Match[str] | None) -> Answer:
        token = said[1] if said else ""
        since = int(token.rsplit("/", 1)[-1]) if token else 0
        if not self.can_sync or (token and since < self.remembered):
            return Answer(status=403)
        changed = dict.fromkeys(self.journal[since:]) if token else dict.fromkeys(self.objects)
        parts = [self._object(one) if one in self.objects else _gone(one) for one in changed if one.startswith(path)]
        return _multistatus(*parts, f"<d:sync-token>{self._token}</d:sync-token>")


def _part(path: str, props: str) -> str:
    stat = f"<d:propstat><d:prop>{props}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>"
    return f"<d:response><d:href>{escape(path)}</d:href>{stat}</d:response>"


def _gone(path: str) -> str:
    return f"<d:response><d:href>{escape(path)}</d:href><d:status>HTTP/1.1 404 Not Found</d:status></d:response>"


def _multistatus(*parts: str) -> Answer:
    body = f'<?xml version="1.0"?><d:multistatus {SPACES}>{"".join(parts)}</d:multistatus>'
    return Answer(body.encode(), 207, {"Content-Type": "application/xml"})
