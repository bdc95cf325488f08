# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from plein.core.isolation import default_circle_id
from plein.core.models import Operation
from plein.core.operations import operation
from plein.relations.models import Favourite, Follow, ImportantDate, Interest, Relation, Tag, Tagging
from plein.relations.names import tidy
from plein.relations.refusals import Refused
from plein.relations.vocabulary import Source
from plein.trust.permissions import permit
from plein.trust.seats import Entrance

#: Chalks for tags, taken in turn as tags are made.
COLOURS = ("yellow", "rose", "blue", "mint", "orange", "lilac")
LONGEST_TAG, LONGEST_INTEREST = 60, 200


def find_tag(name: str, circle_id: int) -> Tag:
    """The tag of that name, whatever its capitals, for what lives in this circle; made there when there is none yet.

    A tag of a narrower circle is not it: what is filed under that would be hidden from others who see the record.
    """
    name = tidy(name)
    if not name or len(name) > LONGEST_TAG:
        raise Refused(_("A tag is one or a few words, 60 characters at most."))
    known = list(Tag.objects.filter(name__iexact=name, circle_id__in={circle_id, default_circle_id()}).order_by("id"))
    if known:
        return min(known, key=lambda one: one.circle_id != default_circle_id())
    colour = COLOURS[Tag.objects.count() % len(COLOURS)]
    made: Tag = Tag.objects.create(name=name, colour=colour, circle_id=circle_id)
    return made


def tag(*, actor: Entrance, relation: Relation, name: str) -> Tagging:
    """File a relation under a tag."""
    permit(actor, "write")
    with operation("tag"):
        filed_under = find_tag(name, relation.circle_id)
        tagging = Tagging.objects.filter(relation=relation, tag=filed_under).first()
        saved: Tagging = tagging or Tagging.objects.create(relation=relation, tag=filed_under)
        return saved


def untag(*, actor: Entrance, relation: Relation, tag_id: UUID) -> Operation:
    """Take a tag off a relation."""
    permit(actor, "write")
    with operation("untag") as done:
        Tagging.objects.filter(relation=relation, tag_id=tag_id).delete()
    return done


def set_favourite(*, actor: Entrance, relation: Relation, is_favourite: bool) -> bool:
    """Keep a relation at hand, or no longer; only for oneself, so it is no history."""
    permit(actor, "write")
    mine = Favourite.objects.filter(relation=relation, seat_id=actor.seat_id)
    if not is_favourite:
        mine.delete()
    elif not mine.exists():
        Favourite.objects.create(relation=relation, seat_id=actor.seat_id)
    return is_favourite


def set_following(*, actor: Entrance, relation: Relation, is_following: bool) -> bool:
    """Hear the news of a relation from now on, or no longer; only for oneself, so it is no history."""
    permit(actor, "read")
    mine = Follow.objects.filter(relation=relation, seat_id=actor.seat_id)
    if not is_following:
        mine.delete()
    elif not mine.exists():
        Follow.objects.create(relation=relation, seat_id=actor.seat_id)
    return is_following


def add_interest(*, actor: Entrance, relation: Relation, text: str, source: str = Source.HAND) -> Interest:
    """Note what moves this person."""
    permit(actor, "write")
    text = tidy(text)
    if not text or len(text) > LONGEST_INTEREST:
        raise Refused(_("Say in a few words what moves them, 200 characters at most."), "text")
    with operation("add_interest"):
        saved: Interest = Interest.objects.create(relation=relation, text=text, source=source)
        return saved


def remove_interest(*, actor: Entrance, interest: Interest) -> Operation:
    """Forget an interest."""
    permit(actor, "write")
    with operation("remove_interest") as done:
        Interest.objects.filter(id=interest.id).delete()
    return done


def add_important_date(*, actor: Entrance, relation: Relation, kind: str, on: date, note: str = "") -> ImportantDate:
    """Note a day that matters to a relation."""
    permit(actor, "write")
    with operation("add_important_date"):
        saved: ImportantDate = ImportantDate.objects.create(relation=relation, kind=kind, on=on, note=note)
        return saved


def remove_important_date(*, actor: Entrance, important_date: ImportantDate) -> Operation:
    """Forget a day."""
    permit(actor, "write")
    with operation("remove_important_date") as done:
        ImportantDate.objects.filter(id=important_date.id).delete()
    return done
