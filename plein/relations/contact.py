# SPDX-License-Identifier: AGPL-3.0-or-later
"""Contact points as people write them, brought to the one form in which they can be compared."""

import re
import unicodedata
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

import idna
import phonenumbers
from django.utils.translation import gettext as _

from plein.relations.names import fold_name, tidy
from plein.relations.networks import NETWORKS, handle_of, handle_on
from plein.relations.refusals import Refused
from plein.relations.vocabulary import ContactKind

LONGEST = 500
_POSTCODE = re.compile(r"\b(\d{4})\s?([A-Za-z]{2})\b(?!\w)")
#: A domain that is written the same in ASCII and as people write it: letters, digits and hyphens, of which none stands
#: at an end or where IDNA has its sign (RFC 5890, section 2.3.1).
_PLAIN_DOMAIN = re.compile(r"(?:(?!-|..--)[a-z0-9-]{1,63}(?<!-)(?:\.(?=.)|\Z)){2,}\Z")
_LOCAL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}\Z")


class ContactError(Refused):
    """What somebody typed cannot be a contact point of that kind; the message says what would be."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact point: `value` to compare with, `display` as people write it, `detail` for the parts of an address."""

    kind: str
    value: str
    display: str
    network: str = ""
    detail: dict[str, str] = field(default_factory=dict)


def normalise(text: str, *, kind: str = "", network: str = "", country: str = "NL") -> Contact:
    """Bring what somebody typed to its normal form; without a kind it is recognised. Raises ContactError."""
    if len(text) > LONGEST:
        raise ContactError(
            _("A contact point has at most %(most)s characters; this one has %(count)s.")
            % {"most": LONGEST, "count": len(text)}
        )
    wanted = kind or guess_kind(text, country=country)
    if not tidy(text):
        raise ContactError(_("Write an address, a number or a name first."))
    match wanted:
        case ContactKind.EMAIL:
            return email(text)
        case ContactKind.PHONE:
            return phone(text, country=country)
        case ContactKind.HANDLE:
            return handle(text, network=network)
        case ContactKind.URL:
            return web_page(text)
        case _:
            return postal(text, country=country)


def guess_kind(text: str, *, country: str = "NL") -> str:
    """The kind of contact point this looks like."""
    line = text.strip()
    if handle_of(line) is not None:
        return ContactKind.HANDLE
    if re.fullmatch(r"(mailto:)?[^\s@,]+@[^\s@,]+", line):
        return ContactKind.EMAIL
    if re.fullmatch(r"(https?://\S+|(www\.)?[\w-]+(\.[\w-]+)+(/\S*)?)", line, re.IGNORECASE):
        return ContactKind.URL
    if "\n" in line or "," in line or _POSTCODE.search(line):
        return ContactKind.POSTAL
    digits = sum(char.isdigit() for char in line)
    if digits >= 3 and re.fullmatch(r"(tel:)?[\d\s().+/x#-]+", line, re.IGNORECASE):
        return ContactKind.PHONE
    return ContactKind.POSTAL if " " in line and digits else ContactKind.HANDLE


def email(text: str) -> Contact:
    """An e-mail address in lower case, its domain in ASCII; shown with the domain as people write it."""
    address = unicodedata.normalize("NFC", tidy(text)).removeprefix("mailto:").strip("<> ").lower()
    local, _at, domain = address.rpartition("@")
    if not _LOCAL.match(local) or "." not in domain:
        raise ContactError(_("Write an e-mail address like henk@example.com."))
    ascii_domain = _ascii_domain(domain)
    if not ascii_domain or len(local) + len(ascii_domain) > 253:
        raise ContactError(_("The part after the @ is not the name of a domain: %(domain)s") % {"domain": domain[:80]})
    return Contact(ContactKind.EMAIL, f"{local}@{ascii_domain}", f"{local}@{_readable_domain(ascii_domain)}")


def _ascii_domain(domain: str) -> str:
    if _PLAIN_DOMAIN.match(domain):
        return domain
    try:
        return idna.encode(domain.rstrip("."), uts46=True, transitional=False).decode()
    except (idna.IDNAError, UnicodeError):
        # Names with an underscore exist in the wild and carry mail, though no registry hands them out.
        return domain if re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+", domain) else ""


def _readable_domain(domain: str) -> str:
    if _PLAIN_DOMAIN.match(domain):
        return domain
    try:
        return idna.decode(domain)
    except (idna.IDNAError, UnicodeError):
        return domain


def phone(text: str, *, country: str = "NL") -> Contact:
    """A phone number as E.164; shown as its country writes it, with the country code when it is abroad."""
    line = tidy(text).removeprefix("tel:")
    try:
        number = phonenumbers.parse(line, country or None)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ContactError(
            _("%(text)s is not a whole phone number. Write all of it, like 06 12345678 or +32 470 12 34 56.")
            % {"text": f"“{line[:40]}”"}
        )
    is_home = phonenumbers.region_code_for_number(number) == country
    style = phonenumbers.PhoneNumberFormat.NATIONAL if is_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    detail = {"extension": number.extension} if number.extension else {}
    return Contact(
        ContactKind.PHONE,
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
        phonenumbers.format_number(number, style),
        detail=detail,
    )


def handle(text: str, *, network: str = "") -> Contact:
    """A name on a network, from the name itself or from a pasted profile address."""
    found = handle_on(network, text) if network else handle_of(text)
    if found is None:
        if not network:
            raise ContactError(_("Choose on which network this is, or paste the address of the profile."))
        label = NETWORKS[network].label if network in NETWORKS else network
        raise ContactError(_("This cannot be a name on %(network)s.") % {"network": label})
    shown = found.name.partition("/")[2] if found.network == "linkedin" else f"@{found.name}"
    return Contact(ContactKind.HANDLE, found.name, shown, network=found.network)


def web_page(text: str) -> Contact:
    """A web page with its scheme, its host in lower case and in ASCII."""
    line = tidy(text)
    try:
        parts = urlsplit(line if "://" in line else f"https://{line}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    ascii_host = _ascii_domain(host) if host else ""
    if parts.scheme not in ("http", "https") or "." not in ascii_host or " " in line or parts.username:
        raise ContactError(_("Write a web address like www.example.com."))
    place = f"{ascii_host}:{port}" if port else ascii_host
    path = "" if parts.path == "/" else parts.path
    value = urlunsplit((parts.scheme, place, path, parts.query, parts.fragment))
    readable = _readable_domain(ascii_host).removeprefix("www.")
    return Contact(ContactKind.URL, value, (readable + path + (f"?{parts.query}" if parts.query else ""))[:LONGEST])


def postal(text: str, *, country: str = "NL") -> Contact:
    """A postal address in parts, from lines or from parts between commas."""
    lines = [tidy(part) for part in re.split(r"[\n,]", text) if tidy(part)]
    parts = {"street": "", "postal_code": "", "place": "", "country": country}
    for place, line in enumerate(lines):
        found = _POSTCODE.search(line)
        if found:
            parts["postal_code"] = f"{found[1]} {found[2].upper()}"
            parts["place"] = line[found.end() :].strip() or " ".join(lines[place + 1 : place + 2])
            parts["street"] = ", ".join([*lines[:place], line[: found.start()].strip()]).strip(", ")
            break
    else:
        parts["street"] = ", ".join(lines[:-1] if len(lines) > 1 else lines)
        parts["place"] = lines[-1] if len(lines) > 1 else ""
    if not parts["street"] and not parts["postal_code"]:
        raise ContactError(_("Write an address like Dorpsstraat 1, 8011 AB Zwolle."))
    where = " ".join(filter(None, (parts["postal_code"], parts["place"])))
    display = ", ".join(filter(None, (parts["street"], where)))
    return Contact(ContactKind.POSTAL, fold_name(f"{display}, {country}"), display, detail=parts)
