# SPDX-License-Identifier: AGPL-3.0-or-later
"""A relation as a vCard, and a vCard as what it says of a relation. Nothing a device knows and we do not gets lost.

What is ours of a card stands in groups (names, addresses, numbers…), each with its values in the form in which they are
compared. A card that a device sent goes back as it came, but for the values that changed here since.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from plein.dav.card_photos import NEW, OLD, photo_lines, read_photo
from plein.dav.lines import BadText, Line, component, escape, folded, read_lines, replaced, split_value
from plein.relations.contact import ContactError, normalise
from plein.relations.names import PersonName, parse_name, tidy
from plein.relations.networks import profile_address

PRODUCT = "-//Plein//Plein//EN"
#: Which contact points a property holds, and the other way round.
POINTS = {"EMAIL": "email", "TEL": "phone", "URL": "url", "ADR": "postal", "X-SOCIALPROFILE": "handle"}
KINDS = tuple(POINTS.values())
#: A category of more characters is no tag of ours.
LONGEST_TAG = 60
PROPERTIES = {kind: name for name, kind in POINTS.items()}
TYPES = {"work": "work", "werk": "work", "home": "home", "thuis": "home", "privé": "home", "mobile": "cell",
         "mobiel": "cell", "cell": "cell", "fax": "fax", "main": "main"}  # fmt: skip
LABELS = {"work": "work", "home": "home", "cell": "mobile", "iphone": "mobile", "fax": "fax", "main": "main"}
APPLE_LABEL = "_$!<"
SINGLE = ("name", "org", "bday", "anniversary", "note", "photo")


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a card in the form in which it is compared, with what else a line of it needs."""

    group: str
    key: str
    text: str = ""
    label: str = ""
    parts: tuple[str, ...] = ()
    is_first: bool = False


@dataclass(slots=True)
class Facts:
    """What we know of a relation that belongs on a card; `circle_id` says who may see it."""

    id: UUID
    circle_id: int
    is_person: bool
    name: str
    parts: PersonName = field(default_factory=PersonName)
    photo: str = ""
    country: str = "NL"
    values: list[Value] = field(default_factory=list)

    def ours(self) -> dict[str, list[str]]:
        """The values by group, in the form in which they are kept to compare with."""
        found: dict[str, list[str]] = {}
        for one in self.values:
            found.setdefault(one.group, []).append(one.key)
        return {group: sorted(set(keys)) for group, keys in found.items()}


def name_value(name: str, parts: PersonName) -> Value:
    """How somebody is called, as a value."""
    family = " ".join(filter(None, (parts.infix, parts.family)))
    return Value("name", tidy(f"{name}|{family}|{parts.given}"), name, parts=(family, parts.given))


def text_value(group: str, text: str) -> Value:
    """A note, a tag, a function at an organization, as a value."""
    return Value(group, text.replace("\r\n", "\n").strip(), text)


def org_value(organization: str, department: str, role: str) -> Value:
    """For whom somebody works, and as what."""
    return Value("org", "|".join((organization, department, role)), parts=(organization, department, role))


def day_value(group: str, day: date) -> Value:
    """A day that matters."""
    return Value(group, day.isoformat())


@dataclass(frozen=True, slots=True)
class Card:
    """A vCard that came in: its identifier, its lines, and what of it can be ours."""

    uid: str
    version: str
    lines: tuple[Line, ...]
    values: tuple[Value, ...]
    is_company: bool
    name: str
    parts: PersonName
    photo: bytes | None = None

    def group(self, group: str) -> dict[str, Value]:
        """The values of a group by their key."""
        return {one.key: one for one in self.values if one.group == group}


def read_card(text: str, country: str = "NL") -> Card:
    """Read a vCard; raises BadText when it is none, or names nobody."""
    lines = component(read_lines(text), "VCARD")
    if any(line.name == "BEGIN" for line in lines):
        raise BadText("It holds more than one card.")
    first: dict[str, Line] = {}
    for line in lines:
        first.setdefault(line.name, line)
    is_company = _is_company(first)
    name, parts = _names(first, is_company=is_company)
    if not name:
        raise BadText("The card names nobody: it has no FN, N or ORG.")
    labels = {line.group: line.text for line in lines if line.name == "X-ABLABEL" and line.group}
    values = [name_value(name, parts), *_single_values(first, is_company=is_company)]
    for line in lines:
        values += values_of(line, country, labels.get(line.group, ""))
    uid = first["UID"].value.strip()[:500] if "UID" in first else ""
    version = NEW if "VERSION" in first and first["VERSION"].value.strip() == NEW else OLD
    photo = read_photo(first["PHOTO"]) if "PHOTO" in first else None
    return Card(uid, version, tuple(lines), tuple(values), is_company, name, parts, photo)


def _is_company(first: dict[str, Line]) -> bool:
    if "KIND" in first:
        return first["KIND"].value.strip().lower() == "org"
    shows = first.get("X-ABSHOWAS")
    return shows is not None and shows.value.strip().upper() == "COMPANY"


def _names(first: dict[str, Line], *, is_company: bool) -> tuple[str, PersonName]:
    said = tidy(first["FN"].text) if "FN" in first else ""
    org = tidy(split_value(first["ORG"].value)[0]) if "ORG" in first else ""
    if is_company:
        return said or org, PersonName()
    family, given, more = ([*split_value(first["N"].value), "", "", ""] if "N" in first else [""] * 3)[:3]
    given = tidy(f"{given} {more}".replace(",", " "))
    family = tidy(family.replace(",", " "))
    if family or given:
        turned = parse_name(f"{family}, {given}") if family and given else PersonName(given, "", family)
        # A first name of several words stays whole, whatever words are in it.
        parts = replace(turned, given=given[:120]) if family and given else turned
        return said or parts.full, parts
    name = said or org
    return name, parse_name(name) if name else PersonName()


def _single_values(first: dict[str, Line], *, is_company: bool) -> Iterator[Value]:
    role = first["TITLE"].text.strip() if "TITLE" in first else ""
    if "ORG" in first and not is_company:
        organization, department = [*split_value(first["ORG"].value), ""][:2]
        if tidy(organization):
            yield org_value(tidy(organization)[:300], tidy(department)[:120], tidy(role)[:160])
    if "NOTE" in first and first["NOTE"].text.strip():
        yield text_value("note", first["NOTE"].text)
    for group, name in (("bday", "BDAY"), ("anniversary", "ANNIVERSARY")):
        day = _day(first[name].value) if name in first else None
        if day is not None:
            yield day_value(group, day)


def _day(value: str) -> date | None:
    plain = value.strip().partition("T")[0].replace("-", "")
    try:
        return date(int(plain[:4]), int(plain[4:6]), int(plain[6:8])) if len(plain) == 8 else None
    except ValueError:
        return None


def values_of(line: Line, country: str, label: str = "") -> list[Value]:
    """The values of a line that can be several on a card; nothing for one that we cannot have."""
    if line.name == "CATEGORIES":
        return [Value("categories", tidy(one), tidy(one)) for one in split_value(line.value, ",") if tidy(one)]
    if line.name not in POINTS:
        return []
    kind = POINTS[line.name]
    if kind == "postal":
        return _postal(line, label, country)
    text = line.text.strip().removeprefix("x-apple:")
    if kind == "phone":
        text = text.removeprefix("tel:").replace(";ext=", " x")
    try:
        contact = normalise(text, kind=kind if kind != "handle" else "", country=country)
    except ContactError:
        return []
    if contact.kind != kind:
        return []
    key = f"{contact.network}:{contact.value}" if kind == "handle" else contact.value
    return [Value(kind, key, text, _label(line, label), parts=(contact.network,))]


def _label(line: Line, label: str) -> str:
    if label:
        return tidy(label.replace(APPLE_LABEL, "").replace(">!$_", "")).lower()[:40]
    types = line.types()
    return next((LABELS[one] for one in LABELS if one in types), "")


def _postal(line: Line, label: str, home: str) -> list[Value]:
    box, extra, street, place, region, code, country = ([*split_value(line.value), *[""] * 7])[:7]
    del region
    found = ", ".join(tidy(one) for one in (box, extra, street) if tidy(one))
    parts = (found, tidy(code), tidy(place), tidy(country))
    try:
        detail = normalise(address_text(parts), kind="postal", country=home).detail
    except ContactError:
        return []
    key = address_key(detail["street"], detail["postal_code"], detail["place"])
    return [Value("postal", key, label=_label(line, label), parts=parts)]


def address_text(parts: tuple[str, ...]) -> str:
    """A postal address in lines, as people write it."""
    street, code, place = parts[:3]
    return "\n".join(filter(None, (street, " ".join(filter(None, (code, place))))))


def point_text(value: Value) -> str:
    """A contact point on a card, as somebody would write it."""
    return address_text(value.parts) if value.group == "postal" else value.text


def address_key(street: str, code: str, place: str) -> str:
    """A postal address in the form in which it is compared."""
    return "|".join(tidy(one).casefold() for one in (street, code.replace(" ", ""), place))


def new_lines(value: Value, version: str, place: int) -> list[Line]:
    """The lines that say a value; `place` makes the group of one with a label of its own."""
    if value.group in PROPERTIES:
        return _point_lines(value, version, place)
    if value.group == "name":
        family, given = value.parts
        named = Line("N", f"{escape(family)};{escape(given)};;;")
        return [Line("FN", escape(value.text))] + ([named] if family or given or version == OLD else [])
    if value.group == "org":
        organization, department, role = value.parts
        org = Line("ORG", escape(organization) + (f";{escape(department)}" if department else ""))
        return [org] + ([Line("TITLE", escape(role))] if role else [])
    if value.group in ("bday", "anniversary"):
        return [Line(value.group.upper(), value.key if version == OLD else value.key.replace("-", ""))]
    return [Line(value.group.upper(), escape(value.text))]


def _point_lines(value: Value, version: str, place: int) -> list[Line]:
    name = PROPERTIES[value.group]
    kind = TYPES.get(value.label.lower(), "")
    params: list[tuple[str, str]] = []
    if value.group == "email" and version == OLD:
        params.append(("TYPE", "INTERNET"))
    if kind:
        params.append(("TYPE", kind.upper() if version == OLD else kind))
    if value.is_first:
        params.append(("TYPE", "PREF") if version == OLD else ("PREF", "1"))
    text = escape(value.text)
    if value.group == "postal":
        street, code, town, country = value.parts
        text = ";".join(("", "", escape(street), escape(town), "", escape(code), escape(country)))
    if value.group == "handle":
        network, name_there = value.parts
        params.append(("TYPE", network))
        text = escape(profile_address(network, name_there) or name_there)
    group = f"item{place}" if value.label and not kind else ""
    own = [Line("X-ABLabel", escape(value.label), group=group)] if group else []
    return [Line(name, text, tuple(params), group), *own]


def _no_picture(_sha256: str) -> bytes:
    return b""


def write_card(
    facts: Facts, version: str, kept: "KeptCard | None" = None, picture: Callable[[str], bytes] = _no_picture
) -> str:
    """The card of a relation: as it was sent, with what changed here since, or new."""
    lines = _merged(facts, version, kept) if kept and kept.text else _fresh(facts, version, kept)
    if facts.photo:
        lines = [*lines, *photo_lines(picture(facts.photo), version)]
    return folded([Line("BEGIN", "VCARD"), *lines, Line("END", "VCARD")])


@dataclass(frozen=True, slots=True)
class KeptCard:
    """What was kept of a card that a device sent."""

    uid: str
    text: str
    ours: dict[str, list[str]]


def uid_of(facts: Facts, kept: KeptCard | None) -> str:
    """The identifier of a card: the device's own, or ours."""
    return kept.uid if kept and kept.uid else f"urn:uuid:{facts.id}"


def _fresh(facts: Facts, version: str, kept: KeptCard | None) -> list[Line]:
    lines = [Line("VERSION", version), Line("PRODID", PRODUCT), Line("UID", escape(uid_of(facts, kept)))]
    if not facts.is_person:
        lines += [Line("KIND", "org")] if version == NEW else [Line("X-ABShowAs", "COMPANY")]
        lines.append(Line("ORG", escape(facts.name)))
    for place, value in enumerate(facts.values, 1):
        if value.group not in ("categories", "photo"):
            lines += new_lines(value, version, place)
    return [*lines, *_tags_line(one.text for one in facts.values if one.group == "categories")]


def _tags_line(tags: Iterable[str]) -> list[Line]:
    """Tags stand in one line, which is what devices understand."""
    said = ",".join(map(escape, tags))
    return [Line("CATEGORIES", said)] if said else []


def _merged(facts: Facts, version: str, kept: KeptCard) -> list[Line]:
    lines = [line for line in component(read_lines(kept.text), "VCARD") if line.name not in ("VERSION",)]
    lines = [Line("VERSION", version), *(_in_version(line, version) for line in lines)]
    now_ours = facts.ours()
    for group in SINGLE:
        if group != "photo" and now_ours.get(group, []) != kept.ours.get(group, []):
            new = [line for one in facts.values if one.group == group for line in new_lines(one, version, 0)]
            lines = replaced(lines, _is_of(group), new)
    lines = _tags_merged(facts, lines, set(now_ours.get("categories", [])), set(kept.ours.get("categories", [])))
    return _points_merged(facts, lines, version, kept, now_ours)


_NAMES = {
    "name": ("FN", "N"),
    "org": ("ORG", "TITLE"),
    "bday": ("BDAY",),
    "anniversary": ("ANNIVERSARY",),
    "note": ("NOTE",),
}


def _is_of(group: str) -> Callable[[Line], bool]:
    return lambda line: line.name in _NAMES[group]


def _tags_merged(facts: Facts, lines: list[Line], now_ours: set[str], before: set[str]) -> list[Line]:
    if now_ours == before:
        return lines
    said = [one for line in lines if line.name == "CATEGORIES" for one in split_value(line.value, ",") if one]
    wanted = [one for one in said if tidy(one) not in before or tidy(one) in now_ours]
    present = {tidy(one) for one in wanted}
    wanted += [one.text for one in facts.values if one.group == "categories" and one.key not in present]
    return replaced(lines, lambda line: line.name == "CATEGORIES", _tags_line(wanted))


def _points_merged(
    facts: Facts, lines: list[Line], version: str, kept: KeptCard, now_ours: dict[str, list[str]]
) -> list[Line]:
    """Take what is no longer ours out, and put what is new behind the rest."""
    gone = {(kind, key) for kind in PROPERTIES for key in set(kept.ours.get(kind, [])) - set(now_ours.get(kind, []))}
    if gone:
        out = [line for line in lines if any((one.group, one.key) in gone for one in values_of(line, facts.country))]
        groups = {line.group for line in out if line.group}
        lines = [line for line in lines if line not in out and not (line.group and line.group in groups)]
    fresh = [one for one in facts.values if one.group in PROPERTIES and one.key not in kept.ours.get(one.group, [])]
    taken = {line.group for line in lines}
    for one in fresh:
        place = next(number for number in range(1, len(lines) + len(fresh) + 3) if f"item{number}" not in taken)
        made = new_lines(one, version, place)
        taken |= {line.group for line in made}
        lines = [*lines, *made]
    return lines


def _in_version(line: Line, version: str) -> Line:
    """A line as the other version of the standard writes it, where the two differ."""
    if line.name in ("BDAY", "ANNIVERSARY"):
        day = _day(line.value)
        wanted = "" if day is None else day.isoformat() if version == OLD else day.isoformat().replace("-", "")
        if wanted and wanted.replace("-", "") == line.value.strip().replace("-", "") and wanted != line.value.strip():
            return Line(line.name, wanted, line.params, line.group)
    if version == OLD and line.name == "TEL" and line.param("VALUE") == "uri":
        params = tuple((key, value) for key, value in line.params if key != "VALUE")
        return Line("TEL", line.value.strip().removeprefix("tel:"), params, line.group)
    return line


def without_photo(card: Card) -> str:
    """The card as it is kept when its photo became the relation's own."""
    lines = [line for line in card.lines if line.name != "PHOTO"]
    return folded([Line("BEGIN", "VCARD"), *lines, Line("END", "VCARD")])
