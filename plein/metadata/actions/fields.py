# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making, changing, ordering and retiring fields and their groups: the administrator's side."""

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from plein.core.finding.search import fold
from plein.core.ids import now
from plein.core.isolation import default_circle_id
from plein.core.models import Operation
from plein.core.operations import operation, save_edit
from plein.metadata.models import Field, FieldGroup
from plein.metadata.queries.usage import is_filled
from plein.metadata.refusals import Refused
from plein.metadata.vocabulary import FieldKind, FieldType
from plein.trust.circles import circle_for
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

LONGEST_KEY = 40
MOST_FIELDS, MOST_CHOICES = 300, 200
DETAILS = frozenset({
    "label_nl", "label_en", "help_nl", "help_en", "kinds", "tags", "views", "is_required", "settings", "choices",
})  # fmt: skip
STEPS = {"up": -1, "down": 1}


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", fold(text)).strip("_")[:LONGEST_KEY].strip("_")


def _named(*names: str) -> None:
    if not any(name.strip() for name in names):
        raise Refused(_("Give it a name, in Dutch, in English or in both."), "label_nl")


def add_group(*, actor: Entrance, name_nl: str, name_en: str, audience: str = "") -> FieldGroup:
    """Start a group of fields, for whoever is in a circle."""
    permit(actor, "manage")
    _named(name_nl, name_en)
    with operation("add_field_group"):
        last = FieldGroup.objects.order_by("-position").values_list("position", flat=True).first()
        saved: FieldGroup = FieldGroup.objects.create(
            name_nl=name_nl.strip(),
            name_en=name_en.strip(),
            circle_id=circle_for(audience),
            position=0 if last is None else last + 1,
        )
        return saved


def change_group(
    *, actor: Entrance, group: FieldGroup, name_nl: str, name_en: str, audience: str | None, based_on: int
) -> FieldGroup:
    """Rename a group, or change who sees it with everything in it; raises EditConflict."""
    permit(actor, "manage")
    _named(name_nl, name_en)
    changes: dict[str, Any] = {"name_nl": name_nl.strip(), "name_en": name_en.strip()}
    with operation("change_field_group"):
        if audience is not None:
            changes["circle_id"] = circle_for(audience)
        return save_edit(group, changes, based_on=based_on)


def remove_group(*, actor: Entrance, group: FieldGroup) -> Operation:
    """Take an empty group away; raises Refused while it has fields, retired ones too."""
    permit(actor, "manage")
    if Field.objects.filter(group=group).exists():
        raise Refused(_("There are fields in this group, perhaps retired ones. Their values stay with it."))
    with operation("remove_field_group") as done:
        FieldGroup.objects.filter(id=group.id).delete()
    return done


def add_field(*, actor: Entrance, group: FieldGroup, type: str, key: str = "", details: Mapping[str, Any]) -> Field:
    """Add a field to a group."""
    permit(actor, "manage")
    if type not in FieldType.values:
        raise Refused(_("Choose one of these."), "type")
    if Field.objects.count() >= MOST_FIELDS:
        raise Refused(_("There are %(most)s fields already. Retire some first.") % {"most": MOST_FIELDS})
    values = _details(type, {"choices": [], "settings": {}, **details})
    _named(values.get("label_nl", ""), values.get("label_en", ""))
    with operation("add_field"):
        last = Field.objects.filter(group=group).order_by("-position").values_list("position", flat=True).first()
        saved: Field = Field.objects.create(
            group=group,
            type=type,
            key=_free_key(group, key or values.get("label_en") or values.get("label_nl") or ""),
            position=0 if last is None else last + 1,
            **values,
        )
        return saved


def _free_key(group: FieldGroup, wanted: str) -> str:
    """A key that says what the field is. In a group that not everybody sees it ends in something nobody can guess.

    Otherwise who may not see that group would learn from "this name is taken" what is in it.
    """
    key = _slug(wanted) or "field"
    if key[0].isdigit():
        key = f"f_{key}"
    if group.circle_id != default_circle_id():
        return f"{key}_{secrets.token_hex(3)}"
    taken = set(Field.objects.filter(key__startswith=key).values_list("key", flat=True))
    number = 2
    free = key
    while free in taken:
        free, number = f"{key}_{number}", number + 1
    return free


def change_field(*, actor: Entrance, field: Field, details: Mapping[str, Any], based_on: int) -> Field:
    """Change what a field is called, where it is shown, what it takes; type and key stay. Raises EditConflict."""
    permit(actor, "manage")
    changes = _details(field.type, details, field)
    _named(changes.get("label_nl", field.label_nl), changes.get("label_en", field.label_en))
    changes = {name: value for name, value in changes.items() if getattr(field, name) != value}
    if not changes:
        return field
    with operation("change_field"):
        return save_edit(field, changes, based_on=based_on)


def _details(type: str, details: Mapping[str, Any], field: Field | None = None) -> dict[str, Any]:
    unknown = set(details) - DETAILS
    if unknown:
        raise Refused(_("These details cannot be set: %(names)s.") % {"names": ", ".join(sorted(unknown))})
    values = dict(details)
    for name in ("label_nl", "label_en", "help_nl", "help_en"):
        if name in values:
            values[name] = " ".join(str(values[name]).split())
    if "kinds" in values:
        kinds = [kind for kind in FieldKind.values if kind in values["kinds"]]
        if not kinds:
            raise Refused(_("Choose of what this is a detail."), "kinds")
        values["kinds"] = kinds
    if "choices" in values:
        values["choices"] = _choices(values["choices"], field) if type in (FieldType.CHOICE, FieldType.CHOICES) else []
    return values


def _choices(wanted: Sequence[Mapping[str, Any]], field: Field | None) -> list[dict[str, Any]]:
    """The choices, each with a key that stays; one that is left out is retired, so that its values keep their words."""
    known = {one["key"]: one for one in (field.choices if field else [])}
    taken, found = set(known), []
    for one in wanted:
        dutch, english = str(one.get("nl", "")).strip()[:80], str(one.get("en", "")).strip()[:80]
        if not dutch and not english:
            continue
        key = str(one.get("key") or "")
        if key not in known:
            key = _new_key(english or dutch, taken)
        found.append({"key": key, "nl": dutch, "en": english} | ({"retired": True} if one.get("retired") else {}))
    kept = {one["key"] for one in found}
    found += [{**one, "retired": True} for key, one in known.items() if key not in kept]
    if not any(not one.get("retired") for one in found):
        raise Refused(_("Give at least one choice, each on a line of its own."), "choices")
    if len(found) > MOST_CHOICES:
        raise Refused(_("A field has at most %(most)s choices.") % {"most": MOST_CHOICES}, "choices")
    return found


def _new_key(words: str, taken: set[str]) -> str:
    base = _slug(words) or "choice"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}_{number}", number + 1
    taken.add(key)
    return key


def retire_field(*, actor: Entrance, field: Field) -> Operation:
    """Take a field out of use; its values stay, in history and in views that ask for it."""
    permit(actor, "manage")
    with operation("retire_field") as done:
        Field.objects.filter(id=field.id, retired_at__isnull=True).update(retired_at=now())
    return done


def bring_field_back(*, actor: Entrance, field: Field) -> Operation:
    """Take a retired field into use again, with the values it had."""
    permit(actor, "manage")
    with operation("bring_field_back") as done:
        Field.objects.filter(id=field.id).update(retired_at=None)
    return done


def move_field(*, actor: Entrance, field: Field, to: int, group: FieldGroup | None = None) -> Operation | None:
    """Put a field at a place in its group, or in another group while nothing is filled in.

    A value lives in the circle of its group: it does not move to other readers because its field does.
    """
    permit(actor, "manage")
    target = group or field.group
    if target.id != field.group_id and is_filled(field):
        raise Refused(_("This field is filled in, and who sees its values depends on its group. It stays here."))
    if not Field.objects.filter(id=field.id).exists():
        return None
    in_use = Field.objects.filter(group=target, retired_at__isnull=True)
    others = list(in_use.exclude(id=field.id).order_by("position", "id"))
    with operation("move_field") as done:
        if target.id != field.group_id:
            Field.objects.filter(id=field.id).update(group=target)
        _in_order(Field, [*others[: max(0, to)], field, *others[max(0, to) :]])
    return done


def move_group(*, actor: Entrance, group: FieldGroup, to: int) -> Operation:
    """Put a group at a place among the others."""
    permit(actor, "manage")
    others = list(FieldGroup.objects.exclude(id=group.id).order_by("position", "id"))
    with operation("move_field_group") as done:
        _in_order(FieldGroup, [*others[: max(0, to)], group, *others[max(0, to) :]])
    return done


def _in_order(model: type[Field] | type[FieldGroup], rows: Sequence[Field | FieldGroup]) -> None:
    for place, row in enumerate(rows):
        if row.position != place:
            model.objects.filter(id=row.id).update(position=place)
