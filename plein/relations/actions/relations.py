# SPDX-License-Identifier: AGPL-3.0-or-later
from io import BytesIO
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from plein.core.audit import audit
from plein.core.blobs import store
from plein.core.events import publish
from plein.core.models import Operation
from plein.core.operations import operation, save_edit
from plein.relations.actions.contacting import keep_wishes
from plein.relations.events import RelationAssigned
from plein.relations.models import Relation
from plein.relations.names import LONGEST, PersonName, parse_name, sort_name, tidy
from plein.relations.refusals import Refused
from plein.relations.vocabulary import RelationKind, Source
from plein.trust.circles import circle_for_new
from plein.trust.models import Seat
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

__all__ = ["Refused"]

PHOTO_LIMIT = 5 * 1024 * 1024
_PARTS = ("given_name", "infix", "family_name")
EDITABLE = frozenset({"name", *_PARTS, "headline", "place", "country", "language", "about", "owner_id", "is_ours"})


def checked_name(text: str) -> str:
    """A name as it is kept; raises Refused when it is empty or too long."""
    name = tidy(text)
    if not name:
        raise Refused(_("A name is needed, the rest can come later."))
    if len(name) > LONGEST:
        raise Refused(
            _("A name has at most %(most)s characters; this one has %(count)s.") % {"most": LONGEST, "count": len(name)}
        )
    return name


def check_owner(owner_id: UUID | None) -> None:
    """Raise Refused when the owner is not a colleague with a seat here."""
    if owner_id is not None and not Seat.objects.filter(id=owner_id, is_active=True).exists():
        raise Refused(_("Choose an owner who has a seat here."))


def create_person(
    *,
    actor: Entrance,
    name: str,
    circle_key: str = "",
    source: str = Source.HAND,
    parts: PersonName | None = None,
    **details: Any,
) -> Relation:
    """Add a person; the name is taken apart unless its parts are given."""
    permit(actor, "write")
    whole = checked_name(name)
    found = parts or parse_name(whole)
    return _create(
        RelationKind.PERSON,
        "create_person",
        circle_key,
        {
            "name": whole if parts else found.full or whole,
            "sort_name": sort_name(whole, is_person=True, parts=found),
            "given_name": found.given,
            "infix": found.infix,
            "family_name": found.family,
            "source": source,
            **details,
        },
    )


def create_organization(
    *, actor: Entrance, name: str, circle_key: str = "", source: str = Source.HAND, **details: Any
) -> Relation:
    """Add an organization."""
    permit(actor, "write")
    whole = checked_name(name)
    values = {"name": whole, "sort_name": sort_name(whole, is_person=False), "source": source, **details}
    return _create(RelationKind.ORGANIZATION, "create_organization", circle_key, values)


def _create(kind: str, verb: str, circle_key: str, values: dict[str, Any]) -> Relation:
    check_owner(values.get("owner_id"))
    with operation(verb):
        # The circle of somebody alone is made at its first use, and that is a write too.
        saved: Relation = Relation.objects.create(kind=kind, circle_id=circle_for_new(circle_key), **values)
        if saved.owner_id is not None:
            publish(RelationAssigned((saved.id,), saved.owner_id))
        return saved


def edit_relation(*, actor: Entrance, relation: Relation, changes: dict[str, Any], based_on: int) -> Relation:
    """Change what we know of a relation; raises EditConflict when somebody else was first."""
    permit(actor, "write")
    unknown = set(changes) - EDITABLE
    if unknown:
        raise Refused(_("These details cannot be changed: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    values: dict[str, Any] = {
        name: tidy(value) if isinstance(value, str) and name != "about" else value for name, value in changes.items()
    }
    if values.keys() & {"name", *_PARTS}:
        values |= _names(relation, values)
    if "owner_id" in values:
        owner_id = UUID(str(values["owner_id"])) if values["owner_id"] else None
        check_owner(owner_id)
        values["owner_id"] = owner_id
    values = {name: value for name, value in values.items() if getattr(relation, name) != value}
    if not values:
        return relation
    with operation("edit_relation"):
        saved = save_edit(relation, values, based_on=based_on)
        if "owner_id" in values:
            publish(RelationAssigned((relation.id,), values["owner_id"]))
    return saved


def _names(relation: Relation, values: dict[str, Any]) -> dict[str, Any]:
    """The name, its parts and what it sorts under, kept in step whichever of them was written."""
    if not relation.is_person:
        name = checked_name(values.get("name", relation.name))
        return {"name": name, "sort_name": sort_name(name, is_person=False)}
    if values.keys() & set(_PARTS):
        parts = PersonName(*(values.get(part, getattr(relation, part)) for part in _PARTS))
        name = checked_name(parts.full)
    else:
        name = checked_name(values["name"])
        parts = parse_name(name)
    return {
        "name": name,
        "sort_name": sort_name(name, is_person=True, parts=parts),
        "given_name": parts.given,
        "infix": parts.infix,
        "family_name": parts.family,
    }


def delete_relation(*, actor: Entrance, relation: Relation) -> Operation:
    """Move a relation, with everything that belongs to it, to the recycle bin; undoing the operation brings it back."""
    permit(actor, "delete")
    with operation("delete_relation") as done:
        audit("delete", kind="relation", about=relation.id, operation=done.id)
        keep_wishes([relation.id])
        Relation.objects.filter(id=relation.id).delete()
    return done


def picture_type(data: bytes) -> str:
    """The media type of a picture by its first bytes, or nothing when it is none we show."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def set_photo(*, actor: Entrance, relation: Relation, data: bytes) -> Relation:
    """Give a relation a photo."""
    permit(actor, "write")
    if len(data) > PHOTO_LIMIT:
        raise Refused(_("A photo may be 5 MB at most. Make this one smaller first."))
    if not picture_type(data):
        raise Refused(_("A photo is a JPEG, PNG or WebP picture. This file is something else."))
    try:
        sha256 = store(BytesIO(data))
    except OSError as trouble:
        raise Refused(_("The photo was not kept: there is no room on the disk.")) from trouble
    return _with_photo(relation, sha256, "set_photo")


def remove_photo(*, actor: Entrance, relation: Relation) -> Relation:
    """Take the photo of a relation away."""
    permit(actor, "write")
    return _with_photo(relation, "", "remove_photo")


def _with_photo(relation: Relation, sha256: str, verb: str) -> Relation:
    if relation.photo != sha256:
        with operation(verb):
            Relation.objects.filter(id=relation.id).update(photo=sha256)
    saved: Relation = Relation.objects.get(id=relation.id)
    return saved
