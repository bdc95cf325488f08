# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tags themselves: their names and colours, two that become one, one that goes."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from plein.core.isolation import default_circle_id
from plein.core.models import Operation
from plein.core.operations import operation
from plein.relations.actions.filing import COLOURS, LONGEST_TAG
from plein.relations.models import Tag
from plein.relations.names import tidy
from plein.relations.refusals import Refused
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def change_tag(*, actor: Entrance, tag: Tag, name: str, colour: str) -> Operation:
    """Give a tag another name or colour; a name that another tag has already asks to merge instead."""
    permit(actor, "write")
    name = tidy(name)
    if not name or len(name) > LONGEST_TAG:
        raise Refused(_("A tag is one or a few words, 60 characters at most."), "name")
    if colour not in COLOURS:
        raise Refused(_("Choose one of the colours."), "colour")
    if Tag.objects.filter(name__iexact=name).exclude(id=tag.id).exists():
        raise Refused(_("There is a tag of that name already. Merge the two instead."), "name")
    with operation("change_tag") as done:
        Tag.objects.filter(id=tag.id).update(name=name, colour=colour)
    return done


def merge_tags(*, actor: Entrance, into: Tag, others: Iterable[UUID]) -> Operation:
    """Make one tag of several: everything filed under the others is filed under the one, also what one cannot see."""
    permit(actor, "delete")
    found = list(Tag.objects.filter(id__in=set(others) - {into.id}))
    if not found:
        raise Refused(_("Choose at least one other tag."), "others")
    if any(one.circle_id != into.circle_id for one in found) and into.circle_id != default_circle_id():
        raise Refused(_("Fewer people see the tag that stays. Let a tag stay that everybody sees."), "into")
    with operation("merge_tags", count=len(found)) as done, connection.cursor() as cursor:
        for other in found:
            cursor.execute("SELECT plein_merge_relations_tag(%s, %s)", [other.id, into.id])
    return done


def delete_tag(*, actor: Entrance, tag: Tag) -> Operation:
    """Remove a tag from everything it was on; undo brings all of it back."""
    permit(actor, "delete")
    with operation("delete_tag") as done:
        Tag.objects.filter(id=tag.id).delete()
    return done
