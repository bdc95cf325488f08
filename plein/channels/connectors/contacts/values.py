# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the values of a card mean: days, labels, pictures, names on a network."""

import base64
import binascii
import re
from datetime import date

from plein.channels.cards import Photo
from plein.channels.content_lines import Line

LARGEST_PHOTO = 5 << 20
#: What a card says of an address that is worth telling, and how we say it.
LABELS = {
    "work": "work",
    "home": "home",
    "cell": "mobile",
    "mobile": "mobile",
    "iphone": "mobile",
    "fax": "fax",
    "pager": "pager",
    "main": "main",
    "school": "school",
    "other": "other",
}
#: Lines that name a service by themselves.
SERVICES = {
    "X-AIM": "aim",
    "X-ICQ": "icq",
    "X-JABBER": "xmpp",
    "X-MSN": "msn",
    "X-YAHOO": "yahoo",
    "X-YAHOO-ID": "yahoo",
    "X-SKYPE": "skype",
    "X-SKYPE-USERNAME": "skype",
    "X-QQ": "qq",
    "X-GTALK": "xmpp",
    "X-GOOGLE-TALK": "xmpp",
    "X-TWITTER": "x",
    "X-MASTODON": "mastodon",
    "X-LINKEDIN": "linkedin",
    "X-FACEBOOK": "facebook",
    "X-INSTAGRAM": "instagram",
}
RENAMED = {"twitter": "x", "jabber": "xmpp", "googletalk": "xmpp", "google talk": "xmpp", "bsky": "bluesky"}
_APPLE = re.compile(r"_\$!<(.*?)>!\$_")
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?=$|[T ])")
_UID = re.compile(r"(?i)^(urn:uuid:)?(.*?)(:ABPerson|:ABGroup)?$", re.DOTALL)


def uid_of(text: str) -> str:
    """The id of a card, whether it stands bare or as an address of its own."""
    found = _UID.match(text.strip())
    return found[2].strip() if found else ""


def day_of(line: Line) -> date | None:
    """A whole day, or None for one without a year: then nobody knows how old somebody is, and neither do we."""
    found = _DAY.match(line.value.strip())
    if found is None or line.first("x-apple-omit-year") == found[1]:
        return None
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
    return day if 1800 <= day.year <= 2200 else None


def label_of(line: Line, labels: dict[str, str]) -> str:
    """What kind of address this is: in the words of the card where it has its own, else in ours."""
    own = labels.get(line.group, "") if line.group else ""
    if own:
        found = _APPLE.match(own)
        return " ".join((found[1] if found else own).split())[:40]
    types = line.types()
    return " ".join(dict.fromkeys(LABELS[one] for one in LABELS if one in types))


def photo_of(line: Line) -> Photo | None:
    """The picture in a card. One that stands elsewhere is not fetched."""
    text = line.value.strip()
    if text[:5].lower() == "data:":
        _head, _comma, text = text.partition(",")
    elif line.first("encoding").lower() not in ("b", "base64"):
        return None
    bare = "".join(text.split())
    if not bare or len(bare) > LARGEST_PHOTO * 4 // 3 + 4:
        return None
    try:
        return Photo(base64.b64decode(bare + "=" * (-len(bare) % 4)))
    except (binascii.Error, ValueError):
        return None


def service_of(line: Line) -> tuple[str, str]:
    """The network and the name there that a line tells, or nothing."""
    text = " ".join(line.text().split())
    if line.name == "X-SOCIALPROFILE":
        named = line.first("x-user") or text
        # The address of a profile says more than the name beside it.
        text = text if "://" in text and not text.startswith("x-apple:") else named.removeprefix("x-apple:")
        kinds = sorted(line.types() - {"pref", "work", "home"})
        return _network(kinds[0] if kinds else ""), text
    if line.name == "IMPP":
        scheme, _colon, rest = text.partition(":")
        service = line.first("x-service-type")
        if not rest or scheme.lower() in ("http", "https"):
            return _network(service), text
        return _network(service or scheme), rest.removeprefix("//")
    return (SERVICES[line.name], text) if line.name in SERVICES else ("", "")


def _network(name: str) -> str:
    bare = name.strip().lower()[:40]
    return RENAMED.get(bare, bare)
