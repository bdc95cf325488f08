# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is known of somebody whom we want to recognise, and its parts as they are compared."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from plein.relations.contact import ContactError, email, phone
from plein.relations.domains import company_domain, is_desk, is_nobody
from plein.relations.names import PersonName, fold_name, parse_name
from plein.relations.networks import NETWORKS, handle_of, handle_on

#: So many of each are looked at; a signature has fewer.
MOST = 5
_DATA = Path(__file__).parent / "data"
#: What an organization is, legally, which people write or leave out as they like. The database leaves out the same.
LEGAL_FORMS = frozenset(
    """
    bv nv vof cv bvba sprl ltd limited plc llc inc incorporated corp corporation co gmbh ag kg ohg sa sarl srl spa ab as
    oy aps stichting vereniging cooperatie holding groep group nederland netherlands belgie
    """.split()  # noqa: SIM905 — a list of words reads better than a list of quotes
)
_POSTCODE = re.compile(r"\b(\d{4})\s?([a-z]{2})\b")
_POSTCODE_WRITTEN = re.compile(r"\b(\d{4})\s?([a-z]{2})\b", re.IGNORECASE)
_OTHER_PLACES = {"den haag": "s gravenhage", "den bosch": "s hertogenbosch", "the hague": "s gravenhage"}


@dataclass(frozen=True, slots=True)
class Profile:
    """Somebody as heard: an author, a follower, somebody in an address book, whoever is being added."""

    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    organization: str = ""
    place: str = ""
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared: first name and surname in bare letters, the surname without what stands before it."""

    given: str = ""
    family: str = ""

    @property
    def full(self) -> str:
        """Both, surname first: how the keys of the database have it."""
        return f"{self.family} {self.given}"


@dataclass(frozen=True, slots=True)
class Handle:
    """A name on a network, in bare letters, and which network when that is known."""

    name: str
    network: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """What is compared: of a profile, or of somebody we know."""

    names: tuple[Name, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    handles: tuple[Handle, ...] = ()
    organizations: tuple[str, ...] = ()
    place: str = ""
    postcodes: tuple[str, ...] = ()
    born: date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to go by."""
        return not (self.names or self.emails or self.phones or self.handles)


def parts_of(profile: Profile, *, country: str = "NL") -> Parts:
    """Bring a profile to what is compared. What cannot be understood is left out."""
    place = fold_name(profile.place)
    return Parts(
        names=_kept(name_core(name) for name in profile.names[:MOST]),
        emails=_kept(filter(None, (_email(one) for one in profile.emails[:MOST]))),
        phones=_kept(filter(None, (_phone(one, country) for one in profile.phones[:MOST]))),
        handles=_kept(filter(None, (handle_core(one) for one in profile.handles[:MOST]))),
        organizations=_kept(filter(None, [company_core(profile.organization)])),
        place=place_core(place),
        postcodes=tuple(f"{found[1]}{found[2]}" for found in _POSTCODE.finditer(place)),
        born=profile.birth_date,
    )


def _kept[T](values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))


def _email(text: str) -> str:
    try:
        return email(text).value
    except ContactError:
        return ""


def _phone(text: str, country: str) -> str:
    try:
        return phone(text, country=country).value
    except ContactError:
        return ""


def letters(text: str) -> str:
    """Nothing but letters and digits, folded."""
    return "".join(char for char in fold_name(text) if char.isalnum())


@lru_cache(maxsize=20_000)
def name_core(text: str) -> Name:
    """A name as people write it, as it is compared."""
    return core_of(parse_name(text))


def core_of(parts: PersonName) -> Name:
    """A name in its parts, as it is compared: of the first names the first, of the surname the last word."""
    given = re.search(r"[^\W_]+", fold_name(parts.given))
    words = fold_name(parts.family).split()
    family = next((core for word in reversed(words) if (core := letters(word))), "")
    return Name(given[0] if given else "", family)


@lru_cache(maxsize=20_000)
def company_core(text: str) -> str:
    """The name of an organization without what it is legally."""
    words = re.findall(r"[^\W_]+", re.sub(r"['.]", "", fold_name(text)))
    core = [word for word in words if word not in LEGAL_FORMS]
    return " ".join(core or words)[:80]


def place_core(text: str) -> str:
    """A place without its postcode."""
    bare = " ".join(re.findall(r"[^\W_]+", _POSTCODE.sub(" ", fold_name(text).partition(",")[0])))
    return _OTHER_PLACES.get(bare, bare)


def without_postcode(text: str) -> str:
    """A place as people write it, without its postcode."""
    return _POSTCODE_WRITTEN.sub(" ", text).strip(" ,")


def handle_core(text: str) -> Handle | None:
    """A handle from what somebody pasted: an address, "network:name", or a bare name."""
    network, _colon, rest = text.strip().partition(":")
    found = handle_on(network.lower(), rest) if network.lower() in NETWORKS else handle_of(text)
    if found is not None:
        return handle_from(found.network, found.name)
    bare = letters(text)
    return Handle(bare) if bare else None


def handle_from(network: str, name: str) -> Handle:
    """A handle of a network: on LinkedIn without "in/", elsewhere without the server."""
    return Handle(letters(name.rpartition("/")[2].partition("@")[0].removesuffix(".bsky.social")), network)


def local_of(address: str) -> str:
    """What stands before the at sign when it tells of a person; "" for a desk or a machine."""
    local = address.rpartition("@")[0].partition("+")[0]
    return "" if len(local) < 3 or is_desk(address) or is_nobody(address) else local


def company_of(address: str) -> str:
    """The domain of an address when it is that of a company."""
    return company_domain(address)


@cache
def _roots() -> dict[str, frozenset[str]]:
    roots: dict[str, set[str]] = {}
    for line in (_DATA / "given_names.txt").read_text(encoding="ascii").splitlines():
        root, *short = line.split()
        for name in (root, *short):
            roots.setdefault(name, set()).add(root)
    return {name: frozenset(found) for name, found in roots.items()}


def same_given_name(one: str, other: str) -> bool:
    """Whether two first names are forms of one: Wim and Willem, Bill and William."""
    roots = _roots()
    return not roots.get(one, frozenset()).isdisjoint(roots.get(other, frozenset()))


def given_roots(name: str) -> list[str]:
    """The first names of which this is a form, in order."""
    return sorted(_roots().get(name, ()))
