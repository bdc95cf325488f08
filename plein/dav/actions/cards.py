# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a device says of a relation, written where it belongs: only what it changed, each by its own action."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from plein.core.ids import now
from plein.core.operations import operation
from plein.dav.actions.kept import keep
from plein.dav.card_photos import OLD
from plein.dav.cards import KINDS, LONGEST_TAG, Card, KeptCard, Value, point_text, read_card, without_photo, write_card
from plein.dav.models import Kept
from plein.dav.queries.book import DAYS, PEOPLE, facts_of, point_value
from plein.dav.refusals import NotTaken
from plein.relations.actions import (
    Refused,
    add_contact_point,
    add_important_date,
    change_job,
    create_organization,
    create_person,
    edit_contact_point,
    edit_membership,
    edit_relation,
    end_membership,
    remove_important_date,
    remove_photo,
    revoke_contact_point,
    set_photo,
    tag,
    untag,
)
from plein.relations.models import ContactPointLink, ImportantDate, Membership, Organization, Relation, Tagging
from plein.relations.names import sort_name
from plein.relations.refusals import IS_BACK
from plein.relations.vocabulary import Source
from plein.trust.circles import ME, circle_key
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


@dataclass(frozen=True, slots=True)
class PutCard:
    """A card that came in for a name in a book; `record` is whose card it is, if it is known."""

    collection: str
    name: str
    card: Card
    kept: Kept | None
    record: Relation | None
    circle: str = ""


def take_card(actor: Entrance, put: PutCard, before: Card | None) -> Relation:
    """The relation that a card is, new or changed since `before`, inside the operation of whoever calls."""
    relation = put.record or _new(actor, put)
    try:
        for part in (_name, _note, _points, _work, _days, _tags):
            part(actor, relation, put.card, before)
        _photo(actor, relation, put.card, before)
    except Refused as trouble:
        raise NotTaken(str(trouble), "valid-address-data") from trouble
    return Relation.objects.get(id=relation.id)


def put_card(*, actor: Entrance, put: PutCard) -> Relation:
    """Take a card in: a new relation, or what changed of one."""
    permit(actor, "write")
    if put.record is None:
        with operation("add_from_device"):
            return _write(actor, put, None)
    with operation("change_from_device"):
        return _write(actor, put, _shown(put.record, put.kept))


def _new(actor: Entrance, put: PutCard) -> Relation:
    card = put.card
    details: dict[str, Any] = {"source": Source.IMPORT, "owner_id": actor.seat_id, "circle_key": put.circle}
    try:
        if card.is_company or put.collection != PEOPLE:
            return create_organization(actor=actor, name=card.name[:300], **details)
        return create_person(actor=actor, name=card.name[:300], parts=card.parts, **details)
    except Refused as trouble:
        raise NotTaken(str(trouble), "valid-address-data") from trouble


def _shown(relation: Relation, kept: Kept | None) -> Card:
    """The card as this colleague's devices see it now: what differs from that is what the device changed."""
    facts = next(facts_of([relation]))
    known = KeptCard(kept.uid, kept.text, kept.ours) if kept else None
    return read_card(write_card(facts, OLD, known), facts.country)


def _write(actor: Entrance, put: PutCard, before: Card | None) -> Relation:
    saved = take_card(actor, put, before)
    keep(
        actor,
        put.kept,
        collection=put.collection,
        name=put.name,
        uid=put.card.uid or f"urn:uuid:{saved.id}",
        text=without_photo(put.card) if saved.photo else _whole(put.card),
        ours=next(facts_of([saved])).ours(),
        relation=saved,
    )
    return saved


def _whole(card: Card) -> str:
    return "BEGIN:VCARD\r\n" + "".join(f"{line}\r\n" for line in card.lines) + "END:VCARD\r\n"


def _name(actor: Entrance, relation: Relation, card: Card, before: Card | None) -> None:
    if before is None or card.group("name").keys() == before.group("name").keys():
        return
    if not relation.is_person:
        changes = {"name": card.name}
    elif card.parts.full:
        changes = {"given_name": card.parts.given, "infix": card.parts.infix, "family_name": card.parts.family}
    else:
        changes = {"name": card.name}
    edit_relation(actor=actor, relation=relation, changes=changes, based_on=_version(relation))


def _version(relation: Relation) -> int:
    """The version as it is now, after what this card changed already; the door compared the one it was based on."""
    return int(Relation.objects.values_list("version", flat=True).get(id=relation.id))


def _note(actor: Entrance, relation: Relation, card: Card, before: Card | None) -> None:
    said, had = card.group("note"), before.group("note") if before else {}
    if said.keys() != had.keys():
        about = next((one.text for one in said.values()), "")
        edit_relation(actor=actor, relation=relation, changes={"about": about}, based_on=_version(relation))


def _points(actor: Entrance, relation: Relation, card: Card, before: Card | None) -> None:
    """Addresses and numbers: what the device added, took away, or labelled otherwise."""
    links = _links(relation)
    for kind in KINDS:
        said, had = card.group(kind), before.group(kind) if before else {}
        for key in had.keys() - said.keys():
            if (kind, key) in links:
                revoke_contact_point(actor=actor, link=links[kind, key])
        for key in (one for one in said if one not in had):
            if (kind, key) not in links:
                _add_point(actor, relation, said[key])
        for key in said.keys() & had.keys():
            if said[key].label != had[key].label and (kind, key) in links:
                link = links[kind, key]
                edit_contact_point(actor=actor, link=link, text=link.contact_point.value, label=said[key].label)


def _add_point(actor: Entrance, relation: Relation, value: Value) -> None:
    try:
        add_contact_point(
            actor=actor,
            relation=relation,
            text=point_text(value),
            kind=value.group,
            network=value.parts[0] if value.group == "handle" else "",
            label=value.label,
            source=Source.IMPORT,
        )
    except Refused as trouble:
        # One of somebody who was erased is not kept; what cannot be an address of ours stays on the card alone.
        if trouble.field == IS_BACK:
            raise


def _links(relation: Relation) -> dict[tuple[str, str], ContactPointLink]:
    found = ContactPointLink.objects.filter(relation=relation, revoked_at__isnull=True).select_related("contact_point")
    return {(link.contact_point.kind, point_value(link).key): link for link in found.order_by("-id")}


def _work(actor: Entrance, relation: Relation, card: Card, before: Card | None) -> None:
    """For whom somebody works: another organization ends the role there was, another function changes it."""
    said = next(iter(card.group("org").values()), None)
    had = next(iter(before.group("org").values()), None) if before else None
    if not relation.is_person or (said.key if said else "") == (had.key if had else ""):
        return
    present = _present_work(relation)
    if said is None:
        if present is not None:
            last = max(now().date(), present.starts_on) if present.starts_on else now().date()
            end_membership(actor=actor, membership=present, ends_on=last)
        return
    name, department, role = said.parts
    if present is not None and present.organization.name == name:
        edit_membership(actor=actor, membership=present, changes={"role": role, "department": department})
        return
    change_job(
        actor=actor,
        person=relation,
        organization=_organization(actor, name, relation.circle_id),
        instead_of=[present] if present is not None else [],
        role=role,
        department=department,
        source=Source.IMPORT,
    )


def _present_work(relation: Relation) -> Membership | None:
    today = now().date()
    works = Membership.objects.filter(person=relation).select_related("organization").order_by("id")
    return next(
        (
            one
            for one in works
            if (one.ends_on is None or one.ends_on >= today) and (one.starts_on is None or one.starts_on <= today)
        ),
        None,
    )


def _organization(actor: Entrance, name: str, circle_id: int) -> Relation:
    """The organization of that name, made when the actor sees none; seen by no more than who works there is."""
    known: Relation | None = (
        Organization.objects.filter(sort_name=sort_name(name, is_person=False)).order_by("id").first()
    )
    if known is not None:
        return known
    return create_organization(actor=actor, name=name, circle_key=circle_key(circle_id) or ME, source=Source.IMPORT)


def _days(actor: Entrance, relation: Relation, card: Card, before: Card | None) -> None:
    for kind, group in DAYS.items():
        said, had = set(card.group(group)), set(before.group(group)) if before else set()
        if said == had:
            continue
        rows = list(ImportantDate.objects.filter(relation=relation, kind=kind))
        for row in rows:
            if row.on.isoformat() in had - said:
                remove_important_date(actor=actor, important_date=row)
        for key in said - had - {row.on.isoformat() for row in rows}:
            add_important_date(actor=actor, relation=relation, kind=kind, on=date.fromisoformat(key))


def _tags(actor: Entrance, relation: Relation, card: Card, before: Card | None) -> None:
    said, had = card.group("categories"), before.group("categories") if before else {}
    present = {one.tag.name.casefold(): one.tag_id for one in _taggings(relation)}
    for key in had.keys() - said.keys():
        if key.casefold() in present:
            untag(actor=actor, relation=relation, tag_id=present[key.casefold()])
    for key in (one for one in said if one not in had and len(one) <= LONGEST_TAG):
        if key.casefold() not in present:
            tag(actor=actor, relation=relation, name=key)


def _taggings(relation: Relation) -> Iterator[Tagging]:
    yield from Tagging.objects.filter(relation=relation).select_related("tag")


def _photo(actor: Entrance, relation: Relation, card: Card, before: Card | None) -> None:
    """The photo on the card becomes that of the relation; a kind of picture we do not show stays on the card."""
    if card.photo is None:
        if before is not None and relation.photo and not any(line.name == "PHOTO" for line in card.lines):
            remove_photo(actor=actor, relation=relation)
        return
    with suppress(Refused):
        set_photo(actor=actor, relation=relation, data=card.photo)


def relation_of_uid(uid: str) -> UUID | None:
    """The id of the relation whose card we made ourselves, if this is the identifier of one."""
    try:
        return UUID(uid.removeprefix("urn:uuid:"))
    except ValueError:
        return None
