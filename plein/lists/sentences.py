# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions read aloud: “Place is Zwolle or Ommen”, “There was no contact of which when is in the last 90 days”."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plein.lists.conditions import Across, Group, Node, Not, Test, parts_of
from plein.lists.fields import Link, ListField
from plein.lists.kinds import Known, ListKind, kind_of
from plein.lists.operators import ME, TEAM, UNITS, FieldType, Operator

type Names = Mapping[str, str]
TIMES = (FieldType.DATE, FieldType.TIME)
NAMED = (FieldType.SEAT, FieldType.RELATION, FieldType.TAG)


def capital(text: str) -> str:
    """With a capital, as a sentence begins."""
    return text[:1].upper() + text[1:]


def inside(label: str) -> str:
    """A label as it stands in the middle of a sentence; what is written in capitals stays so."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


class Speaker:
    """Says what questions about one kind mean. The names behind ids are found at once, in one statement."""

    def __init__(self, known: Known, kind: ListKind, conditions: Sequence[Node]) -> None:
        self.known, self.kind = known, kind
        self.names = self._names(conditions)

    def sentence(self, node: Node) -> str:
        """A question as a sentence of its own."""
        return capital(self._words(self.kind, None, node))

    # The names behind ids

    def _tests(self, kind: ListKind, link: Any, nodes: Sequence[Node]) -> list[tuple[ListField, Test]]:
        found: list[tuple[ListField, Test]] = []
        for node in nodes:
            if isinstance(node, Test):
                field = self._field(kind, link, node)
                if field is not None:
                    found.append((field, node))
            elif isinstance(node, Across):
                reached = self._reached(kind, link).link(node.link)
                if reached is not None:
                    found += self._tests(kind, reached, node.parts)
            else:
                found += self._tests(kind, link, parts_of(node))
        return found

    @staticmethod
    def _reached(kind: ListKind, link: Any) -> ListKind:
        """The kind whose links can be followed from here."""
        return kind_of(link.to) if link is not None and link.to else kind

    def _field(self, kind: ListKind, link: Any, test: Test) -> ListField | None:
        if link is None:
            return self.known.of(kind.key).get(test.field)
        own = next((one for one in link.fields if one.key == test.field), None)
        return own or (self.known.of(link.to).get(test.field) if link.to else None)

    def _names(self, conditions: Sequence[Node]) -> Names:
        asked: list[QuerySet[Any, Any]] = []
        for field, test in self._tests(self.kind, None, conditions):
            values = [value for value in test.values if value not in (ME, TEAM)]
            if field.names is not None and values:
                asked.append(field.names(values))
        if not asked:
            return {}
        return {str(id): str(name) for id, name in (asked[0].union(*asked[1:]) if len(asked) > 1 else asked[0])}

    # Words

    def _words(self, kind: ListKind, link: Any, node: Node) -> str:
        if isinstance(node, Test):
            return self._test(kind, link, node)
        if isinstance(node, Not):
            return _("not: %(what)s") % {"what": self._words(kind, link, node.part)}
        if isinstance(node, Group):
            return self._group(kind, link, node)
        return self._across(kind, link, node)

    def _group(self, kind: ListKind, link: Any, node: Group) -> str:
        words = []
        for part in node.parts:
            said = self._words(kind, link, part)
            words.append(f"({said})" if isinstance(part, Group) else said)
        return (_(" and ") if node.joint == "and" else _(" or ")).join(words)

    def _across(self, kind: ListKind, link: Any, node: Across) -> str:
        reached = self._reached(kind, link).link(node.link)
        if reached is None:
            return node.link
        if not node.parts:
            return str(reached.some if node.is_some else reached.none)
        if (rest := self._alone(reached, node)) is not None:
            return f"{reached.some if node.is_some else reached.none} {rest}"
        what = self._group(self._reached(kind, link), reached, Group("and", node.parts))
        return str(reached.some_with if node.is_some else reached.none_with) % {"what": what}

    def _alone(self, link: Link, node: Across) -> str | None:
        """“… in the last 90 days”, when that is all that is asked behind a link."""
        test = node.parts[0]
        if len(node.parts) > 1 or not isinstance(test, Test):
            return None
        field = next((one for one in link.fields if one.key == test.field), None)
        operator = field.operator(test.operator) if field else None
        if field is None or operator is None or operator.key not in field.alone:
            return None
        values = self._values(field, operator, test)
        other = values[1] if len(values) > 1 else ""
        value = values[0] if operator.takes == 2 else _alternatives(values)
        return str(field.alone[operator.key]) % {"value": value, "other": other}

    def _test(self, kind: ListKind, link: Any, test: Test) -> str:
        field = self._field(kind, link, test)
        operator = field.operator(test.operator) if field else None
        if field is None or operator is None:
            return f"{test.field} {test.operator} {', '.join(test.values)}".strip()
        values = self._values(field, operator, test)
        told = {
            "field": inside(str(field.label)),
            "value": _alternatives(values),
            "all": _all(values),
            "other": values[1] if len(values) > 1 else "",
        }
        if operator.takes == 2:
            told["value"] = values[0]
        return str(operator.sentence) % told

    def _values(self, field: ListField, operator: Operator, test: Test) -> list[str]:
        if field.type in TIMES:
            return [_time_words(operator.key, value) for value in test.values]
        choices = {} if field.type in NAMED or field.choices is None else _words_of(field)
        return [self._value(value, choices) for value in test.values]

    def _value(self, value: str, choices: Names) -> str:
        special = {ME: _("me"), TEAM: _("me or my team")}
        if value in self.names:
            return self.names[value]
        if value in choices:
            return inside(choices[value])
        return special.get(value) or (_("somebody who is not here") if len(value) == 36 else value)


def _words_of(field: ListField) -> Names:
    return {one.key: one.words for one in field.choices()} if field.choices else {}


def _alternatives(values: Sequence[str]) -> str:
    if len(values) < 2:
        return "".join(values)
    return _("%(values)s or %(last)s") % {"values": ", ".join(values[:-1]), "last": values[-1]}


def _all(values: Sequence[str]) -> str:
    if len(values) < 2:
        return "".join(values)
    return _("%(values)s and %(last)s") % {"values": ", ".join(values[:-1]), "last": values[-1]}


def _time_words(operator: str, value: str) -> str:
    if operator in ("last", "next", "older"):
        return span_words(value)
    if operator == "this":
        words = {"day": _("today"), "week": _("this week"), "month": _("this month"), "year": _("this year")}
        return words.get(value, value)
    try:
        return date_format(date.fromisoformat(value), "j F Y")
    except ValueError:
        return value


def span_words(value: str) -> str:
    """A length of time in words: 90 days, 6 months."""
    count = int(value[:-1]) if value[:-1].isdigit() else 0
    if value[-1:] not in UNITS:
        return value
    words = {
        "d": ngettext("%(count)s day", "%(count)s days", count),
        "w": ngettext("%(count)s week", "%(count)s weeks", count),
        "m": ngettext("%(count)s month", "%(count)s months", count),
        "y": ngettext("%(count)s year", "%(count)s years", count),
    }[value[-1]]
    return words % {"count": count}
