# SPDX-License-Identifier: AGPL-3.0-or-later
"""How somebody stands in the network, in sentences."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plein.network.models import Census, Group
from plein.network.queries.influence import Stands, names_of

#: Who is among so many, or this part of all, by what they stand between or by how well they are known.
FEW, PART = 10, 0.02
#: From how close a circle on it is worth a sentence.
CLOSE = 5


def notable(people: int) -> int:
    """Up to which place it is worth a sentence, of so many people."""
    return max(FEW, int(PART * people))


class Words:
    """Groups by name, for one answer: two queries for all of them."""

    def __init__(self, stands: Iterable[Stands], beside: Iterable[Group] = ()) -> None:
        groups = {group.number: group for one in stands for group in (one.group, *one.joins) if group is not None}
        groups |= {group.number: group for group in beside}
        self._names = names_of(groups.values())

    def group(self, group: Group) -> str:
        """What a group is called: by where its people work, else what they are filed under, else where they are."""
        organization, tag, best = self._named(group)
        if organization:
            return _("people at %(organization)s") % {"organization": organization}
        if tag:
            return _("%(tag)s in %(place)s") % {"tag": tag, "place": group.place} if group.place else tag
        if group.place:
            return _("people in %(place)s") % {"place": group.place}
        if best:
            return _("people around %(name)s") % {"name": best}
        return ngettext("a group of %(count)d person", "a group of %(count)d people", group.size) % {
            "count": group.size
        }

    def label(self, group: Group) -> str:
        """The same where there is little room."""
        organization, tag, best = self._named(group)
        if self._is_by_name(group):
            return _("Around %(name)s") % {"name": best}
        return organization or (self.group(group) if tag else group.place) or self.group(group)

    def _named(self, group: Group) -> tuple[str, str, str]:
        names = self._names
        return (
            names.organizations.get(group.organization_id, "") if group.organization_id else "",
            names.tags.get(group.tag_id, "") if group.tag_id else "",
            names.people.get(group.best_id, "") if group.best_id else "",
        )

    def sentences(self, stands: Stands, census: Census) -> list[str]:
        """What is to be said of somebody: what they connect, how well they are known, and to whom only they lead."""
        figures, many = stands.figures, notable(census.people)
        told = []
        if figures.between > 0 and figures.between_place <= many and (words := self.connects(stands)):
            told.append(words)
        if figures.place <= many and census.people > FEW:
            told.append(
                _("Number %(place)d of %(people)d by how well people are known")
                % {"place": figures.place, "people": census.people}
            )
        if figures.core >= CLOSE and figures.core == census.deepest_core:
            told.append(
                _("In the closest circle: everybody knows at least %(core)d others in it") % {"core": figures.core}
            )
        if figures.only_way_to:
            count = figures.only_way_to
            told.append(
                ngettext("The only way to %(count)d person", "The only way to %(count)d people", count)
                % {"count": count}
            )
        return told

    def connects(self, stands: Stands) -> str:
        """Which groups somebody brings together; nothing when they are in none or join none."""
        if stands.group is None or not stands.joins:
            return ""
        own = self.group(stands.group)
        if stands.group.best_id == stands.person.id and self._is_by_name(stands.group):
            own = _("their own circle")
        one, *others = [self.group(group) for group in stands.joins[:2]]
        if not others:
            return _("Connects %(own)s with %(one)s") % {"own": own, "one": one}
        return _("Connects %(own)s with %(one)s and %(other)s") % {"own": own, "one": one, "other": others[0]}

    def _is_by_name(self, group: Group) -> bool:
        """Whether a group is called by who is best known in it."""
        organization, tag, best = self._named(group)
        return bool(best) and not (organization or tag or group.place)
