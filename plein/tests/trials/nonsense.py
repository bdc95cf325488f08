# SPDX-License-Identifier: AGPL-3.0-or-later
"""Requests that no honest program sends, made from a number: values, bodies, headers and lengths that lie."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote_from_bytes, urlsplit

FORM = "application/x-www-form-urlencoded"
MB = 1024 * 1024
INPUTS = ("input", "select", "textarea", "button")
VALUES: tuple[bytes, ...] = (
    b"", b" ", b"x" * 10_000, b"x\0y", b"\xed\xa0\x80", b"\xff\xfe", b"\xc3", b"9" * 400, b"-1", b"1e309", b"NaN",
    b"0x10", "²".encode(), "١٢".encode(), b"00000000-0000-0000-0000-00000000000g", b"2026-13-45", b"0001-01-01",
    b"9999-12-31", b"9999-12-31T23:59", b"10000-01-01T00:00", b"2026-03-29T02:30", b"24:61", b"<script>1</script>",
    b"';--", b"{{7*7}}%s%n", b"../../etc/passwd", "\u202e\ufeff".encode(), ("e" + "\u0301" * 5_000).encode(),
    b"\r\nX: y", b"2024-02-30",
    b"a@" + b"b." * 200, "ü@ü.example".encode(), b"+31" + b"6" * 500, b"http://[", b"[]", b"on", b"person", b"everyone",
    b"https://x.example/" + b"y" * 9_000, b"\x7f\x1b[2J", "𝔘𝔫𝔦".encode(), b"none", b"true", b"9223372036854775808",
)  # fmt: skip
NAMES = (b"sort", b"q", b"cursor", b"before", b"limit", b"kind", b"next", b"page", b"who", b"more", b"\0", b"x" * 5_000)
#: What a part of a form may say of itself.
EXTRA = (
    b"", b"", b"Content-Transfer-Encoding: base64\r\n", b"Content-Type: text/plain; charset=zip\r\n",
    b"Content-Type: image/svg+xml\r\n", b"Content-Length: -5\r\n", b"\xff: \0\r\n",
)  # fmt: skip


@dataclass(frozen=True)
class Form:
    """A form as a page shows it: where it goes, and what it sends."""

    method: str
    path: str
    fields: tuple[tuple[str, str], ...]


class Forms(HTMLParser):
    """Reads the forms off a page; buttons that send by themselves count as forms without fields."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.found: list[Form] = []
        self._open: list[tuple[str, str]] | None = None
        self._method = self._action = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for method in ("post", "put", "delete"):
            if f"hx-{method}" in given and tag != "form":
                self.found.append(Form(method.upper(), given[f"hx-{method}"] or self.path, ()))
        if tag == "form":
            self._open = []
            self._method = given.get("method", "post" if "hx-post" in given else "get").upper()
            self._action = given.get("action") or given.get("hx-post") or self.path
        elif tag in INPUTS and self._open is not None and given.get("name") not in (None, "", "csrfmiddlewaretoken"):
            self._open.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._open is not None:
            self.found.append(Form(self._method, self._action or self.path, tuple(self._open)))
            self._open = None


def forms_of(path: str, page: str) -> list[Form]:
    """The forms on a page."""
    reader = Forms(path)
    reader.feed(page)
    return [form for form in reader.found if urlsplit(form.path).netloc == ""]


@dataclass
class Request:
    """One request, byte by byte."""

    method: str
    path: str
    headers: list[tuple[str, bytes]] = field(default_factory=list)
    body: bytes = b""
    #: What is said of the length of the body, when that is not the truth.
    length: str | None = None

    @property
    def is_lying(self) -> bool:
        """Whether the server may go on waiting for what does not come."""
        return self.length is not None or any(name == "Transfer-Encoding" for name, _value in self.headers)

    def raw(self) -> bytes:
        """The bytes on the wire."""
        length = str(len(self.body)) if self.length is None else self.length
        head = [f"{self.method} {self.path} HTTP/1.1".encode("latin-1", "replace")]
        head += [name.encode() + b": " + value for name, value in self.headers]
        if length and (self.body or self.length is not None):
            head.append(f"Content-Length: {length}".encode())
        return b"\r\n".join(head) + b"\r\n\r\n" + self.body

    def __str__(self) -> str:
        shown = [(name, value[:60]) for name, value in self.headers if name not in ("Cookie", "X-CSRFToken", "Host")]
        return f"{self.method} {self.path[:200]} {shown} length={self.length} body={self.body[:300]!r}"


@dataclass(frozen=True)
class Places:
    """Where requests go: forms, pages, operations of the API, and an upload that was begun."""

    forms: Sequence[Form]
    pages: Sequence[str]
    operations: Sequence[str]
    upload: str


def encoded(fields: Sequence[tuple[bytes, bytes]]) -> bytes:
    """Fields as a form sends them, whatever bytes they are."""
    return b"&".join(
        quote_from_bytes(name).encode() + b"=" + quote_from_bytes(value).encode() for name, value in fields
    )


def _bytes(form: Form) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in form.fields]


def odd_values(chance: random.Random, places: Places) -> Request:
    """A real form with a few values nobody would fill in."""
    form = chance.choice(places.forms)
    fields = _bytes(form)
    for _turn in range(chance.randint(1, 3)):
        if fields:
            at = chance.randrange(len(fields))
            fields[at] = (fields[at][0], chance.choice(VALUES))
    if chance.random() < 0.2:
        fields = [one for one in fields if chance.random() < 0.6]
    if chance.random() < 0.2:
        fields += [(name, chance.choice(VALUES)) for name, _value in fields]
    if form.method == "GET":
        return Request("GET", f"{urlsplit(form.path).path}?{encoded(fields).decode()}")
    return Request(form.method, form.path, [("Content-Type", FORM.encode())], encoded(fields))


def odd_query(chance: random.Random, places: Places) -> Request:
    """A page with parameters nobody would send, sometimes thousands."""
    count = 5_001 if chance.random() < 0.02 else chance.randint(1, 4)
    query = encoded([(chance.choice(NAMES), chance.choice(VALUES)) for _one in range(count)]).decode()
    headers = [("HX-Request", b"true")] if chance.random() < 0.3 else []
    return Request(chance.choice(("GET", "GET", "GET", "HEAD")), f"{chance.choice(places.pages)}?{query}", headers)


def odd_form(chance: random.Random, places: Places) -> Request:
    """A body that is not what it says it is."""
    form = chance.choice([one for one in places.forms if one.method == "POST"])
    body = encoded(_bytes(form))
    kinds: tuple[tuple[bytes, Callable[[], bytes]], ...] = (
        (FORM.encode(), lambda: b"&".join(b"f%d=1" % place for place in range(5_001))),
        (FORM.encode(), lambda: chance.randbytes(chance.randint(1, 5_000))),
        (FORM.encode() + b"; charset=" + chance.choice((b"utf-16", b"zip", b"undefined", b"\xff", b"x" * 999)),
         lambda: body),
        (b"application/json", lambda: b"[" * 100_000),
        (b"multipart/form-data", lambda: body),
        (b"multipart/form-data; boundary=", lambda: body),
        (b"multipart/form-data; boundary=" + b"y" * 300, lambda: body),
        (b"multipart/form-data; boundary=deel", lambda: chance.randbytes(3_000)),
        (b"multipart/form-data; boundary=deel; charset=undefined", lambda: _multipart(chance, form)),
        (b"multipart/form-data; boundary=deel", lambda: _multipart(chance, form)),
        (b"multipart/form-data; boundary=deel", lambda: _multipart(chance, form, parts=5_001)),
        (b"multipart/form-data; boundary=deel", lambda: _multipart(chance, form)[: chance.randint(1, 400)]),
    )  # fmt: skip
    kind, make = chance.choice(kinds)
    return Request("POST", form.path, [("Content-Type", kind)], make())


def _multipart(chance: random.Random, form: Form, parts: int = 0) -> bytes:
    lines = []
    fields = _bytes(form) if not parts else [(b"f%d" % place, b"1") for place in range(parts)]
    for name, value in fields + [(b"files", chance.choice(VALUES)), (b"photo", chance.randbytes(300))]:
        file = chance.choice((b"", b"", b'; filename="' + chance.choice(VALUES).replace(b"\n", b"") + b'"'))
        extra = chance.choice(EXTRA)
        lines.append(b'--deel\r\nContent-Disposition: form-data; name="' + name + b'"' + file + b"\r\n" + extra)
        lines.append(b"\r\n" + value + b"\r\n")
    return b"".join(lines) + chance.choice((b"--deel--\r\n", b"--deel", b""))


def odd_upload(chance: random.Random, places: Places) -> Request:
    """A piece of a file that does not say the truth about itself, or a file that cannot be."""
    if chance.random() < 0.4:
        fields = [(b"name", chance.choice(VALUES)), (b"size", chance.choice((*VALUES, b"1", b"100")))]
        return Request("POST", "/import/uploads/", [("Content-Type", FORM.encode())], encoded(fields))
    numbers = [str(chance.choice((0, 1, 5, 99, 100, 10**17, -1))) for _one in range(3)]
    said = chance.choice(
        (f"bytes {numbers[0]}-{numbers[1]}/{numbers[2]}".encode(), b"bytes */*", b"bytes 0-9999999999999999999/1",
         b"\0", "bytes ²-٣/٤".encode(), *VALUES[:12])
    ).replace(b"\r\n", b"")  # fmt: skip
    body = chance.randbytes(chance.choice((0, 1, 100, 101, 70_000)))
    return Request(chance.choice(("PUT", "PUT", "DELETE", "PATCH")), places.upload, [("Content-Range", said)], body)


def odd_length(chance: random.Random, places: Places) -> Request:
    """A body of another length than was said."""
    made = odd_values(chance, places)
    made.method, made.body = "POST", made.body or b"x=1"
    made.length = chance.choice(("99999", "1", "0", "-1", "x", "1e3", "9" * 30, "3, 4", ""))
    if chance.random() < 0.3:
        made.headers.append(("Transfer-Encoding", chance.choice((b"chunked", b"gzip", b"chunked, chunked", b"\0"))))
        made.body = chance.choice((b"5\r\nabc", b"zz\r\n\r\n", b"-1\r\n\r\n", b"ffffffffffffffffff\r\n", made.body))
    return made


def odd_head(chance: random.Random, places: Places) -> Request:
    """A request line or headers out of order."""
    made = Request("GET", chance.choice(places.pages))
    kinds: tuple[Callable[[], object], ...] = (
        lambda: made.headers.append(("X-Nonsense", b"y" * (10 * MB if chance.random() < 0.05 else 100_000))),
        lambda: made.headers.extend((f"X-{place}", b"y") for place in range(3_000)),
        lambda: made.headers.append(("Cookie", b"plein=" + chance.choice(VALUES).replace(b"\r\n", b""))),
        lambda: made.headers.append(("Cookie", b"; ".join(b"c%d=1" % place for place in range(3_000)))),
        lambda: made.headers.append(("Accept-Language", chance.choice((b"x" * 9_000, b"nl;q=9e9", b"\xff")))),
        lambda: made.headers.append(("HX-Current-URL", chance.choice((b"http://[", b"\xff" * 99, b"//x", b"data:1")))),
        lambda: made.headers.append(("HX-Target", b"\0" * 9)),
        lambda: made.headers.append(("If-Modified-Since", chance.choice((b"Mon, 99 Foo 99999 00:00:00", b"x" * 999)))),
        lambda: made.headers.append(("Range", chance.choice((b"bytes=-9999999999", b"bytes=5-1,2-3", b"x")))),
        lambda: made.headers.append(("X-Forwarded-For", b"1.2.3.4, " * 2_000)),
        lambda: setattr(made, "method", chance.choice(("TRACE", "CONNECT", "FOO", "G\0T", "get", "x" * 999))),
        lambda: setattr(made, "path", _odd_path(chance, places)),
    )  # fmt: skip
    chance.choice(kinds)()
    return made


def _odd_path(chance: random.Random, places: Places) -> str:
    page = chance.choice(places.pages)
    return chance.choice((
        f"{page}%00", f"{page}%ED%A0%80", f"{page}%FF", f"/{page}", f"{page}..;/", f"{page}../../etc/passwd", "*", "",
        "x", f"/{'a' * 100_000}", "/static/../settings.py", "/static/%2e%2e/settings.py", "/static/web/" + "y" * 500,
        "http://elsewhere.example/", f"{page}?" + "&" * 9_000, f"/files/{'0' * 36}/", "/relations/%00/", "/%",
        "/sign-in/%00/", "/api/v1/%ED%A0%80", "/api/v1/relations/%00", f"{page}#\0",
    ))  # fmt: skip


def odd_call(chance: random.Random, places: Places) -> Request:
    """The REST door, asked for what there is not, with bodies that go a hundred thousand levels deep."""
    path = chance.choice(places.operations)
    query = encoded([(chance.choice(NAMES), chance.choice(VALUES)) for _one in range(chance.randint(0, 3))]).decode()
    method = chance.choice(("GET", "GET", "POST", "PUT", "DELETE", "PATCH"))
    body = chance.choice((
        b"", b"[" * 100_000, b'{"a":' * 100_000, b"null", b"1e999999", b'"\\ud800"', b"\xff" * 99,
        b"[" + b"9" * 100_000 + b"]", b'{"id": "' + b"x" * 10_000 + b'"}', b"{}" * 10,
    ))  # fmt: skip
    return Request(method, f"{path}?{query}", [("Content-Type", b"application/json")], body if method != "GET" else b"")


KINDS: tuple[tuple[Callable[[random.Random, Places], Request], int], ...] = (
    (odd_values, 40), (odd_query, 20), (odd_form, 12), (odd_upload, 8), (odd_length, 6), (odd_head, 7), (odd_call, 7),
)  # fmt: skip


def nonsense(chance: random.Random, places: Places) -> Request:
    """One request of any kind."""
    [kind] = chance.choices([kind for kind, _weight in KINDS], [weight for _kind, weight in KINDS])
    return kind(chance, places)
