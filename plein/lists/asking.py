# SPDX-License-Identifier: AGPL-3.0-or-later
"""From questions to conditions of the database: only fields, operators and links that are declared, one by one."""

from collections.abc import Callable, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Exists, Q, QuerySet
from django.utils.translation import gettext as _

from plein.lists.conditions import Across, BadFilter, Conditions, Group, Node, Not, Test, tests_in
from plein.lists.fields import Link, ListField, Question
from plein.lists.kinds import Known, ListKind, kind_of
from plein.lists.operators import Unreadable, read_value

type Fields = Callable[[str], ListField | None]


class Asking:
    """Reads questions for one reader. A lenient one leaves out what it does not understand and says so."""

    def __init__(self, known: Known, *, is_lenient: bool = False) -> None:
        self.known, self.is_lenient = known, is_lenient
        self.problems: list[str] = []

    def understood(self, kind: ListKind, conditions: Sequence[Node]) -> Conditions:
        """The questions that can be asked; raises BadFilter for another one unless lenient."""
        found = []
        for node in conditions:
            try:
                self.condition(kind, node)
            except BadFilter as trouble:
                if not self.is_lenient:
                    raise
                self.problems.append(str(trouble))
            else:
                found.append(node)
        return tuple(found)

    def condition(self, kind: ListKind, node: Node) -> Q:
        """A question about records of a kind."""
        if isinstance(node, Test):
            return self._test(lambda key: self.known.find(kind.key, key), node)
        if isinstance(node, Across):
            return self._across(kind, node)
        return self._joined(node, lambda part: self.condition(kind, part))

    def all_of(self, kind: ListKind, conditions: Sequence[Node]) -> Q:
        return reduce(and_, (self.condition(kind, node) for node in conditions), Q())

    @staticmethod
    def _joined(node: Group | Not, each: Callable[[Node], Q]) -> Q:
        if isinstance(node, Not):
            return ~each(node.part)
        return reduce(and_ if node.joint == "and" else or_, (each(part) for part in node.parts))

    def question(self, fields: Fields, test: Test) -> tuple[ListField, Question]:
        """The field of a test and what is asked of it; raises BadFilter that says what is wrong."""
        field = fields(test.field)
        if field is None or field.where is None:
            words = _("There is no field “%(field)s” to filter on here; it may have been retired.")
            raise BadFilter(words % {"field": test.field})
        label = {"field": str(field.label), "operator": test.operator}
        if not field.may_read(self.known.actor):
            raise BadFilter(_("You may not filter on “%(field)s”. Somebody who may see it can.") % label)
        if field.is_retired:
            raise BadFilter(_("“%(field)s” was retired and is no longer asked about. Take that filter out.") % label)
        operator = field.operator(test.operator)
        if operator is None:
            raise BadFilter(_("“%(field)s” cannot be asked with “%(operator)s”. Choose another question.") % label)
        wanted, given = operator.takes, len([value for value in test.values if value != ""])
        if (wanted < 0 and not given) or (wanted >= 0 and (given != wanted or len(test.values) != wanted)):
            raise BadFilter(_("The filter on “%(field)s” lacks a value. Fill it in.") % label)
        try:
            values = tuple(read_value(field.type, operator.key, value) for value in test.values if value != "")
        except Unreadable as trouble:
            told = label | {"trouble": str(trouble)}
            raise BadFilter(_("The filter on “%(field)s” cannot be used. %(trouble)s") % told) from trouble
        return field, Question(operator.key, values)

    def _test(self, fields: Fields, test: Test) -> Q:
        field, question = self.question(fields, test)
        assert field.where is not None
        return field.where(question)

    # Along indexes

    def reached(self, kind: ListKind, node: Node) -> QuerySet[Any, Any] | None:
        """The ids that a question leads to along an index, as one column; None where none leads there."""
        if isinstance(node, Test):
            field = self.known.find(kind.key, node.field)
            if field is None or field.reach is None:
                return None
            return field.reach(self.question(lambda key: self.known.find(kind.key, key), node)[1])
        if not isinstance(node, Across) or not node.is_some or not node.parts:
            return None
        link = self.link(kind, node)
        if link.back is None:
            return None
        rows, own = link.back
        return rows().filter(self._inside(link, Group("and", node.parts))).values(own)

    # Across links

    def link(self, kind: ListKind, node: Across) -> Link:
        found = kind.link(node.link)
        if found is None:
            raise BadFilter(_("There is nothing called “%(link)s” to look across here.") % {"link": node.link})
        return found

    def _across(self, kind: ListKind, node: Across) -> Q:
        link = self.link(kind, node)
        inner = self._inside(link, Group("and", node.parts)) if node.parts else Q()
        found = reduce(or_, (Q(Exists(rows.filter(inner))) for rows in link.rows()))
        return found if node.is_some else ~found

    def is_own(self, link: Link, node: Node) -> bool:
        """Whether a question is about the row between, and not about the record at its other end."""
        return isinstance(node, Test) and any(one.key == node.field for one in link.fields)

    def _is_far(self, link: Link, node: Node) -> bool:
        """Whether all of a question is about the record at the other end."""
        if isinstance(node, Group):
            return all(self._is_far(link, part) for part in node.parts)
        return self._is_far(link, node.part) if isinstance(node, Not) else not self.is_own(link, node)

    def _inside(self, link: Link, node: Node) -> Q:
        """A question behind a link, as a condition on the rows between."""
        if self.is_own(link, node):
            assert isinstance(node, Test)
            return self._test({one.key: one for one in link.fields}.get, node)
        if self._is_far(link, node):
            return self._far(link, node)
        assert isinstance(node, Group | Not)
        if isinstance(node, Group) and node.joint == "and":
            far = tuple(part for part in node.parts if self._is_far(link, part))
            near = [self._inside(link, part) for part in node.parts if part not in far]
            return reduce(and_, [*near, *([self._far(link, Group("and", far))] if far else [])])
        return self._joined(node, lambda part: self._inside(link, part))

    def _far(self, link: Link, node: Node) -> Q:
        if not link.to:
            first = next(tests_in([node]), None)
            told = {"field": first.field if first else "…", "link": str(link.label)}
            raise BadFilter(_("There is no field “%(field)s” to filter on behind “%(link)s”.") % told)
        far = kind_of(link.to)
        return Q(far_id__in=far.rows().filter(self.condition(far, node)).values("id"))
