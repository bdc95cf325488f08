# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes where the people of a batch work; of somebody whom we know elsewhere, as was chosen."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from plein.core.ids import new_id, now
from plein.imports.effects import Effect
from plein.imports.models import ContactImport, Jobs
from plein.imports.wanted import Wanted
from plein.moments.intake.rows import insert_rows
from plein.moments.intake.told_work import ToldWork, ask_about_work, at_one_place
from plein.moments.vocabulary import NewsSource
from plein.relations.models import Membership, Relation
from plein.relations.names import sort_name, tidy
from plein.relations.queries.named import organizations_named
from plein.relations.vocabulary import RelationKind, Source
from plein.trust.circles import everyone

type Known = tuple[UUID, Wanted]
type Settle = Callable[[Sequence[Known], Mapping[int, Effect]], tuple[set[UUID], set[UUID]]]


@dataclass
class Works:
    """Where people work; `circle_id` is that of the import."""

    circle_id: int
    elsewhere: Settle | None = None

    def add_to_new(self, those: Sequence[tuple[UUID, int, Wanted]]) -> None:
        """Add the work of those who came just now."""
        self._add(those, {}, set(), set())

    def add_to_known(self, those: Sequence[tuple[UUID, int, Wanted]], told: Mapping[int, Effect]) -> None:
        """Add the work that is not there yet; `told` are the effects."""
        held: set[UUID] = set()
        begun: set[UUID] = set()
        if self.elsewhere is not None:
            held, begun = self.elsewhere([(one_id, one) for one_id, _circle, one in those], told)
        those = [each for each in those if each[0] not in held]
        going_on = Q(ends_on__isnull=True) | Q(ends_on__gte=now().date())
        members = Membership.objects.filter(going_on, person_id__in=[one_id for one_id, _c, _w in those])
        self._add(those, told, set(members.values_list("person_id", "organization_id")), begun)

    def _add(
        self,
        those: Sequence[tuple[UUID, int, Wanted]],
        told: Mapping[int, Effect],
        present: set[tuple[UUID, UUID]],
        begun: set[UUID],
    ) -> None:
        firms = self._firms({name for _id, _c, one in those for work in one.works if (name := tidy(work.organization))})
        rows = []
        for one_id, _circle, one in those:
            for work in one.works:
                firm = firms.get(sort_name(work.organization, is_person=False))
                if one.is_person and firm is not None and (one_id, firm) not in present:
                    present.add((one_id, firm))
                    starts_on = now().date() if one_id in begun else None
                    rows.append((new_id(), one_id, firm, work.role, work.department, starts_on))
                    if one.entry.number in told:
                        told[one.entry.number].changes.append(("organization", "", work.organization))
        constants = {"circle_id": everyone(), "source": str(Source.IMPORT)}
        columns = ("id", "person_id", "organization_id", "role", "department", "starts_on")
        insert_rows(Membership, columns, rows, constants)

    def _firms(self, names: set[str]) -> dict[str, UUID]:
        """The organizations of these names, by how they sort: who is in the circle of the import sees them too."""
        wanted = {sort_name(name, is_person=False): name[:300] for name in sorted(names)}
        if not wanted:
            return {}
        found = dict(organizations_named(names, self.circle_id).values_list("sort_name", "id"))
        fresh = {key: (new_id(), name) for key, name in wanted.items() if key not in found}
        insert_rows(
            Relation,
            ("id", "name", "sort_name"),
            [(one_id, name, key) for key, (one_id, name) in fresh.items()],
            {"kind": str(RelationKind.ORGANIZATION), "circle_id": self.circle_id, "source": str(Source.IMPORT)},
        )
        return found | {key: one_id for key, (one_id, _name) in fresh.items()}


def settle(planned: ContactImport, some: Sequence[Known], effects: Mapping[int, Effect]) -> tuple[set[UUID], set[UUID]]:
    """Ask, or end what they did until now; the people whose work is not to be noted, and those who begin today."""
    named = [(one_id, one) for one_id, one in some if one.is_person and _places(one)]
    if planned.jobs == Jobs.ASK:
        return _ask(planned, named, effects), set()
    if planned.jobs == Jobs.CHANGE:
        return set(), _end(planned, named, effects)
    return set(), set()


def _places(one: Wanted) -> set[str]:
    """Where an entry says that somebody works, as names sort."""
    return {sort_name(name, is_person=False) for work in one.works if (name := tidy(work.organization))}


def _ask(planned: ContactImport, named: Sequence[Known], effects: Mapping[int, Effect]) -> set[UUID]:
    # Identifiers grow with time: several lines of one table may name several places, and then both are so.
    known = {who: job for who, job in at_one_place({one_id for one_id, _one in named}).items() if job.id < planned.id}
    elsewhere = {
        one_id: one
        for one_id, one in named
        if one_id in known and known[one_id].organization.sort_name not in _places(one)
    }
    told = [
        ToldWork(one_id, tidy(work.organization), work.role, planned.name)
        for one_id, one in elsewhere.items()
        for work in one.works
        if tidy(work.organization)
    ]
    asked = ask_about_work(told, source=NewsSource.CARD, brought_by=planned.id, circle_id=planned.circle_id)
    for news in asked:
        names = {"old": known[news.person].organization.name, "new": news.organization}
        question = _("They are known at %(old)s. Whether they work at %(new)s now is asked afterwards.") % names
        effects[elsewhere[news.person].entry.number].question = question
    return set(elsewhere)


def _end(planned: ContactImport, named: Sequence[Known], effects: Mapping[int, Effect]) -> set[UUID]:
    today = now().date()
    going_on = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    members = Membership.objects.filter(going_on, person_id__in=[one_id for one_id, _one in named], id__lt=planned.id)
    by_person: dict[UUID, list[Membership]] = defaultdict(list)
    for member in members.select_related("organization").order_by("id"):
        by_person[member.person_id].append(member)
    ended: list[Membership] = []
    begun: set[UUID] = set()
    for one_id, one in named:
        for member in by_person[one_id]:
            if member.organization.sort_name not in _places(one):
                member.ends_on = _last(today, member.starts_on)
                ended.append(member)
                begun.add(one_id)
                effects[one.entry.number].changes.append(("organization", member.organization.name, ""))
    Membership.objects.bulk_update(ended, ["ends_on"], batch_size=500)
    return begun


def _last(today: date, starts_on: date | None) -> date:
    """The day before the other work begins, and not before this one did."""
    last = today - timedelta(days=1)
    return max(last, starts_on) if starts_on else last
