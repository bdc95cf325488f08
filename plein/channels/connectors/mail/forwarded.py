# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes a mail apart that somebody forwarded to a drop-box: who wrote the original, to whom, when, and what it said.

Mail programs put a few lines of header above what they forward, in the language of whoever forwards. A mail that only
went to the drop-box as a copy is what it is, without the address of the drop-box.
"""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from plein.channels.base import Address, Message, Role
from plein.channels.connectors.mail.addresses import parse_list
from plein.channels.connectors.mail.headers import parse_date
from plein.channels.connectors.mail.quoting import find_quote, find_signature
from plein.channels.connectors.mail.subjects import subject_key

_WORDS = {
    "from": "from van von de da från fra",
    "date": "date sent datum verzonden gesendet envoyé fecha enviado data skickat dato",
    "to": "to aan an à para a till til",
    "cc": "cc kopie copie kopia copia",
    "subject": "subject onderwerp betreft betreff objet asunto oggetto ämne emne",
}
_LABELS = {word: name for name, words in _WORDS.items() for word in words.split()} | {"envoyé le": "date"}
_LINE = re.compile(r"[ \t]*\*?([^\W\d_][^\n:*]{0,15}?)\*?[ \t]*:\*?[ \t]*([^\n]{0,2000})\Z")
_MONTHS = (
    "jan", "feb fév fev", "mar maa mär mrt", "apr avr abr", "may mei mai maj", "jun", "jul", "aug aoû ago", "sep set",
    "oct okt out", "nov", "dec dez déc dic",
)  # fmt: skip
_MONTH_OF = {short: number for number, names in enumerate(_MONTHS, 1) for short in names.split()}
_DAY = re.compile(
    r"(?:\b(\d{1,2})\.?\s+(?:de\s+)?([^\W\d_]{3,10})\.?|\b([^\W\d_]{3,10})\.?\s+(\d{1,2})),?\s+(?:de\s+)?(\d{4})"
)
_NUMBERS = re.compile(r"\b(\d{1,4})[-/.](\d{1,2})[-/.](\d{2,4})\b")
_TIME = re.compile(r"\b(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.)?", re.IGNORECASE)
_ZONE = re.compile(r"(?:\b(?:GMT|UTC)\s*)?([+-])(\d{1,2}):?(\d{2})?\b(?!\s*\d{1,2}[:.]\d{2})")
_MAILTO = re.compile(r"\[mailto:([^\]\s]{3,254})\]|<mailto:([^>\s]{3,254})>", re.IGNORECASE)
_LONGEST, _MOST_LINES, _MOST = 200_000, 14, 200


def taken_apart(message: Message, drop: str) -> Message:
    """What a mail to a drop-box is about: the original of one that was forwarded there, or else itself."""
    rest = tuple(one for one in message.addresses if drop not in one.address)
    copied = replace(message, addresses=rest)
    # Whoever sends a copy also writes to somebody; what went to the drop-box alone was forwarded.
    is_forwarded = not any(one.role in ("to", "cc") and one.address for one in rest)
    return (original_of(copied) if is_forwarded else None) or copied


def original_of(message: Message) -> Message | None:
    """The mail that stands in this one with a few lines of header above it; None when none does."""
    lines = message.text[:_LONGEST].split("\n")
    found = next((block for start in range(len(lines)) if (block := _block(lines, start))), None)
    if found is None:
        return None
    start, end, facts = found
    writers = _addresses("from", facts["from"])
    text = "\n".join(line.removeprefix("> ").removeprefix(">") for line in lines[end:]).strip("\n")
    sent_at = date_in(facts.get("date", "")) or message.sent_at
    subject = " ".join(facts.get("subject", message.subject).strip("* ").split())[:1000]
    fingerprint = _fingerprint(writers[0].address or writers[0].name, sent_at, subject, text)
    quote_from = find_quote(text)
    return replace(
        message,
        external_id=f"sha256:{fingerprint}",
        fingerprint=fingerprint,
        sent_at=sent_at,
        subject=subject,
        subject_key=subject_key(subject),
        text=text,
        html="",
        quote_from=quote_from,
        signature_from=find_signature(text, quote_from),
        addresses=(writers[0], *_addresses("to", facts.get("to", "")), *_addresses("cc", facts.get("cc", ""))),
        in_reply_to=(),
        references=(),
        nature="personal",
        defects=(*message.defects, *_note(message, "\n".join(lines[:start]))),
    )


def _block(lines: list[str], start: int) -> tuple[int, int, dict[str, str]] | None:
    """The header lines that begin here: where they begin and end, and what they say; a sender and a date at least."""
    facts: dict[str, str] = {}
    place, name = start, ""
    for place in range(start, min(start + _MOST_LINES, len(lines))):
        line = lines[place].lstrip("> \t")
        parted = _LINE.match(line)
        label = _LABELS.get(parted[1].strip().lower(), "") if parted else ""
        if parted and label and label not in facts:
            name = label
            facts[name] = parted[2].strip()
        elif not line.strip() or place == start:
            break
        elif name:
            # A long list of receivers goes on on the next line; a header we have no use for is left.
            facts[name] += "" if parted else f" {line.strip()}"
    return (start, place, facts) if facts.get("from") and "date" in facts else None


def _addresses(role: Role, text: str) -> tuple[Address, ...]:
    plain = _MAILTO.sub(lambda found: f"<{found[1] or found[2]}>", text).replace("*", "").replace(";", ",")
    boxes = parse_list(plain, 300, _MOST)
    known = tuple(Address(role, name, address) for name, address in boxes if address)
    return known or (Address(role, plain.strip()[:300], ""),) if role == "from" else known


def _fingerprint(writer: str, sent_at: datetime | None, subject: str, text: str) -> str:
    said = "\0".join(("forwarded", writer, sent_at.isoformat() if sent_at else "", subject, " ".join(text.split())))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


def _note(message: Message, above: str) -> tuple[str, ...]:
    """Who forwarded it, and what they wrote above it."""
    who = next((one.name or one.address for one in message.addresses if one.role == "from"), "")
    words = " ".join(
        line for line in above.split("\n") if line.strip() and not line.strip("-* ").lower().startswith(_MARKS)
    )
    said = " ".join(words.split())[:300]
    return (f"Forwarded by {who}: {said}" if said else f"Forwarded by {who}.",) if who else ()


_MARKS = ("forwarded message", "original message", "oorspronkelijk bericht", "doorgestuurd bericht", "begin forwarded",
          "begin doorgestuurd", "ursprüngliche nachricht", "weitergeleitete nachricht", "message transféré",
          "message d'origine")  # fmt: skip


def date_in(text: str) -> datetime | None:
    """The moment that a line of a forwarded header names; without a zone it is read as UTC, and None without a day."""
    strict, _defect = parse_date(text) if re.match(r"\s*(?:\w{3},\s*)?\d{1,2} \w{3} \d{4} \d\d:", text) else (None, "")
    if strict is not None:
        return strict
    day, rest = _day(text)
    if day is None:
        return None
    year, month, date = day
    hour, minute, second = _time(rest)
    try:
        return datetime(year, month, date, hour, minute, second, tzinfo=_zone(rest)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _day(text: str) -> tuple[tuple[int, int, int] | None, str]:
    named = _DAY.search(text)
    if named:
        month = _MONTH_OF.get((named[2] or named[3])[:4].lower()) or _MONTH_OF.get((named[2] or named[3])[:3].lower())
        rest = text[: named.start()] + " " + text[named.end() :]
        return ((int(named[5]), month, int(named[1] or named[4])) if month else None), rest
    plain = _NUMBERS.search(text)
    if plain is None:
        return None, text
    rest = text[: plain.start()] + " " + text[plain.end() :]
    first, middle, last = int(plain[1]), int(plain[2]), int(plain[3])
    if first > 31:
        return (first, middle, last), rest
    year = last if last > 99 else 2000 + last
    # The day goes first, as nearly everywhere, unless that makes no date.
    return ((year, middle, first) if middle <= 12 else (year, first, middle)), rest


def _time(text: str) -> tuple[int, int, int]:
    found = _TIME.search(text)
    if found is None:
        return 12, 0, 0
    hour, half = int(found[1]), (found[4] or "").lower().replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour, int(found[2]), int(found[3] or 0)


def _zone(text: str) -> timezone:
    found = _ZONE.search(text)
    if found is None:
        return UTC
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    return timezone(timedelta(minutes=minutes if found[1] == "+" else -minutes)) if minutes < 24 * 60 else UTC
