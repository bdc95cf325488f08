# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long telephones wait: `python -m bench.dav URL EMAIL APP_PASSWORD` fills an empty Plein and synchronises it.

It puts contacts and events one by one, reads all of them back as a new device would, compares, and asks what changed.
Run it against a Plein of your own: what it makes stays there.
"""

import argparse
import base64
import http.client
import re
import sys
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

PEOPLE, AGENDA = "/dav/me/contacts/people/", "/dav/me/calendars/agenda/"
SPACES = 'xmlns="DAV:" xmlns:card="urn:ietf:params:xml:ns:carddav" xmlns:cal="urn:ietf:params:xml:ns:caldav"'
FIRST_SYNC_SECONDS = 20.0


@dataclass
class Device:
    """One device over one connection."""

    url: str
    email: str
    secret: str
    line: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self.line = kind(parts.netloc, timeout=120)

    def ask(self, method: str, path: str, body: str = "", depth: str = "1") -> tuple[int, str]:
        """One request and its answer."""
        password = base64.b64encode(f"{self.email}:{self.secret}".encode()).decode()
        headers = {"Authorization": f"Basic {password}", "Depth": depth, "Content-Type": "text/xml; charset=utf-8"}
        self.line.request(method, path, body.encode(), headers)
        answer = self.line.getresponse()
        return answer.status, answer.read().decode()

    def changes(self, path: str, data: str, token: str = "") -> tuple[str, str]:
        """What a new or an old device hears of a collection, and its next token."""
        prop = f"<prop><getetag/><{data}/></prop>" if data else "<prop><getetag/></prop>"
        head = f"<sync-token>{token}</sync-token><sync-level>1</sync-level>"
        status, text = self.ask("REPORT", path, f"<sync-collection {SPACES}>{head}{prop}</sync-collection>")
        if status != 207:
            raise SystemExit(f"the server answered {status}: {text[:300]}")
        found = re.search(r"<d:sync-token>([^<]*)</d:sync-token>", text)
        return text, found[1] if found else ""


def card(number: int) -> str:
    """A contact like those on a telephone."""
    return "\r\n".join(
        (
            "BEGIN:VCARD", "VERSION:3.0", f"UID:bench-{number}", f"FN:Bench Person{number}",
            f"N:Person{number};Bench;;;", f"EMAIL;TYPE=INTERNET,WORK:bench{number}@example.org",
            f"TEL;TYPE=CELL:+316{10_000_000 + number}", f"NICKNAME:B{number}", f"NOTE:Number {number}\\, of many",
            "X-RING-TONE:bell", "END:VCARD", "",
        )
    )  # fmt: skip


def event(number: int) -> str:
    """An event like those in a calendar; each tenth repeats."""
    day = f"2027{1 + number % 12:02}{1 + number % 28:02}"
    again = ["RRULE:FREQ=WEEKLY;COUNT=4"] if number % 10 == 0 else []
    return "\r\n".join(
        (
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bench//EN", "BEGIN:VEVENT", f"UID:bench-{number}",
            "DTSTAMP:20260101T000000Z", f"DTSTART:{day}T090000Z", f"DTEND:{day}T100000Z", f"SUMMARY:Bench {number}",
            "LOCATION:Zwolle", *again, "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT15M", "END:VALARM",
            "END:VEVENT", "END:VCALENDAR", "",
        )
    )  # fmt: skip


def properties(text: str) -> list[str]:
    """The lines of an object in a fixed order."""
    plain = text.replace("&#13;", "").replace("&amp;", "&").replace("\r\n", "\n").replace("\n ", "")
    return sorted(line for line in plain.split("\n") if line)


def fill(device: Device, path: str, texts: dict[str, str]) -> float:
    """Put every object; how many seconds it took."""
    began = time.perf_counter()
    for name, text in texts.items():
        status, answer = device.ask("PUT", path + name, text)
        if status not in (201, 204):
            raise SystemExit(f"{name} was not taken: {status} {answer[:300]}")
    return time.perf_counter() - began


def differences(device: Device, path: str, data: str, texts: dict[str, str]) -> tuple[int, float, str]:
    """How many objects come back otherwise than they were sent, in how many seconds a new device has all, a token."""
    began = time.perf_counter()
    answer, token = device.changes(path, data)
    took = time.perf_counter() - began
    kind = data.partition(":")[2]
    found = dict(re.findall(rf"<d:href>{path}([^<]+)</d:href>.*?<\w+:{kind}>(.*?)</", answer, re.DOTALL))
    wrong = sum(properties(found.get(name, "")) != properties(text) for name, text in texts.items())
    return wrong, took, token


def main() -> int:
    """Fill, read back, compare, and ask again."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("url")
    asked.add_argument("email")
    asked.add_argument("secret")
    asked.add_argument("--contacts", type=int, default=5000)
    asked.add_argument("--events", type=int, default=1000)
    given = asked.parse_args()
    device = Device(given.url, given.email, given.secret)
    is_well = True
    for path, data, texts in (
        (PEOPLE, "card:address-data", {f"bench-{one}.vcf": card(one) for one in range(given.contacts)}),
        (AGENDA, "cal:calendar-data", {f"bench-{one}.ics": event(one) for one in range(given.events)}),
    ):
        put = fill(device, path, texts)
        wrong, took, token = differences(device, path, data, texts)
        began = time.perf_counter()
        device.changes(path, "", token)
        again = time.perf_counter() - began
        is_well &= wrong == 0 and took < FIRST_SYNC_SECONDS
        sys.stdout.write(
            f"{path}: {len(texts)} objects; put one by one {put:.1f} s ({len(texts) / put:.0f}/s); "
            f"differences {wrong} (goal 0); first synchronisation {took:.1f} s (goal < {FIRST_SYNC_SECONDS:.0f} s); "
            f"nothing new {again:.2f} s\n"
        )
    return 0 if is_well else 1


if __name__ == "__main__":
    raise SystemExit(main())
