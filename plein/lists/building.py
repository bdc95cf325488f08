# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions while they are put together in a form: rows that may still lack something, and what each can become."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from plein.lists.asking import Asking
from plein.lists.conditions import MOST_TESTS, MOST_VALUES, Across, BadFilter, Conditions, Group, Node, Not, Test
from plein.lists.fields import Choice, Link, ListField
from plein.lists.kinds import Known, ListKind, kind_of
from plein.lists.operators import ME, UNITS, FieldType, Operator

PATH = re.compile(r"\d{1,2}(?:-\d{1,2}){0,5}", re.ASCII)
TIMES = (FieldType.DATE, FieldType.TIME)
SPANS = ("last", "next", "older")
#: What stands for a group or a link where otherwise the key of a field stands.
LINK, ALL, ANY, NONE = "@", "@and", "@or", "@not"
GROUPS = (ALL, ANY, NONE)
FOUND = 8


@dataclass
class Draft:
    """One row of the form. `what` is the key of a field, `@key` of a link, or the way a group is joined."""

    what: str = ""
    operator: str = ""
    values: list[str] = field(default_factory=list)
    typed: str = ""
    is_some: bool = True
    parts: list["Draft"] = field(default_factory=list)
    problem: str = ""


# From questions to rows and back


def drafts_of(conditions: Sequence[Node]) -> list[Draft]:
    return [draft_of(node) for node in conditions]


def draft_of(node: Node) -> Draft:
    if isinstance(node, Test):
        return Draft(node.field, node.operator, list(node.values))
    if isinstance(node, Across):
        return Draft(LINK + node.link, is_some=node.is_some, parts=drafts_of(node.parts))
    if isinstance(node, Group):
        return Draft(ALL if node.joint == "and" else ANY, parts=drafts_of(node.parts))
    if isinstance(node.part, Across):
        return draft_of(replace(node.part, is_some=not node.part.is_some))
    inner = node.part.parts if isinstance(node.part, Group) and node.part.joint == "or" else (node.part,)
    return Draft(NONE, parts=drafts_of(inner))


def node_of(draft: Draft) -> Node | None:
    """The question of a row, None for an empty one."""
    parts = tuple(node for part in draft.parts if (node := node_of(part)) is not None)
    if draft.what in GROUPS:
        if not parts:
            return None
        group = Group("and" if draft.what == ALL else "or", parts)
        return Not(group if len(parts) > 1 else parts[0]) if draft.what == NONE else group
    if draft.what.startswith(LINK):
        return Across(draft.what.removeprefix(LINK), draft.is_some, parts)
    return Test(draft.what, draft.operator, tuple(draft.values)) if draft.what else None


# From a form to rows


def read_form(sent: QueryDict) -> list[Draft]:
    """The rows a form sent; what is not of the form is left alone."""
    root = Draft(ALL)
    known: dict[str, Draft] = {}
    for path in sorted(_paths(sent), key=lambda text: [int(part) for part in text.split("-")])[: 3 * MOST_TESTS]:
        above, _dash, _own = path.rpartition("-")
        parent = known.get(above) if above else root
        if parent is None:
            continue
        known[path] = draft = Draft(
            what=sent.get(f"w:{path}", "")[:90],
            operator=sent.get(f"o:{path}", "")[:20],
            values=[value for value in sent.getlist(f"v:{path}") if value][:MOST_VALUES],
            typed=sent.get(f"t:{path}", "").replace("\x00", "")[:120],
            is_some=sent.get(f"q:{path}", "some") != "none",
        )
        if unit := sent.get(f"u:{path}", ""):
            draft.values = [f"{value}{unit}" if value.isdigit() else value for value in draft.values]
        parent.parts.append(draft)
    return root.parts


def _paths(sent: QueryDict) -> Iterator[str]:
    for name in sent:
        letter, _colon, path = name.partition(":")
        if letter == "w" and PATH.fullmatch(path):
            yield path


def at(drafts: list[Draft], path: str) -> Draft | None:
    """The row at a path."""
    found: Draft | None = None
    rows = drafts
    for part in path.split("-"):
        if not part.isdigit() or int(part) >= len(rows):
            return None
        found = rows[int(part)]
        rows = found.parts
    return found


def act_on(drafts: list[Draft], act: str) -> list[Draft]:
    """Add a row below a path, or take one away."""
    way, _colon, path = act.partition(":")
    if way == "add":
        (drafts if not path else found.parts if (found := at(drafts, path)) else []).append(Draft())
    elif way == "remove" and path:
        above, _dash, own = path.rpartition("-")
        rows = drafts if not above else found.parts if (found := at(drafts, above)) else []
        if own.isdigit() and int(own) < len(rows):
            del rows[int(own)]
    return drafts


# What a row can become


@dataclass(frozen=True, slots=True)
class Row:
    """A row as the form shows it."""

    path: str
    draft: Draft
    fields: list[tuple[str, list[Choice]]]
    operators: tuple[Operator, ...] = ()
    control: str = ""
    choices: list[Choice] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    link: Link | None = None
    rows: list["Row"] = field(default_factory=list)


class Builder:
    """Lays the rows of a form out: what each can ask, and with what its answer is chosen."""

    def __init__(self, known: Known, kind: ListKind) -> None:
        self.known, self.kind, self.asking = known, kind, Asking(known)

    def rows(self, drafts: Sequence[Draft]) -> list[Row]:
        return self._rows(drafts, self.kind, None, "")

    def checked(self, drafts: list[Draft]) -> Conditions:
        """The questions of the form. A row that cannot be asked carries its problem, and BadFilter is raised."""
        found = []
        troubles = 0
        for draft in drafts:
            node = node_of(draft)
            if node is None:
                continue
            try:
                self.asking.condition(self.kind, node)
                found.append(node)
            except BadFilter as trouble:
                troubles += 1
                self._blame(draft, self.kind, None, str(trouble))
        if troubles:
            raise BadFilter(_("One of the rows is not complete yet."))
        return tuple(found)

    def _blame(self, draft: Draft, kind: ListKind, link: Link | None, words: str) -> None:
        """Put what is wrong beside the row it is about: the first inside that cannot be asked by itself."""
        inner_kind, inner_link = self._below(draft, kind, link)
        for part in draft.parts:
            node = node_of(part)
            if node is None:
                continue
            try:
                self._asked_behind(node, inner_kind, inner_link)
            except BadFilter as trouble:
                self._blame(part, inner_kind, inner_link, str(trouble))
                return
        draft.problem = words

    def _asked_behind(self, node: Node, kind: ListKind, link: Link | None) -> None:
        if link is None:
            self.asking.condition(kind, node)
        else:
            self.asking.condition(kind, Across(link.key, True, (node,)))

    def _below(self, draft: Draft, kind: ListKind, link: Link | None) -> tuple[ListKind, Link | None]:
        if not draft.what.startswith(LINK) or draft.what in GROUPS:
            return kind, link
        start = kind_of(link.to) if link is not None and link.to else kind
        found = start.link(draft.what.removeprefix(LINK))
        return (start, found) if found else (kind, link)

    def _rows(self, drafts: Sequence[Draft], kind: ListKind, link: Link | None, above: str) -> list[Row]:
        fields = self._choices(kind, link, is_deep=above.count("-") > 1)
        return [
            self._row(draft, kind, link, f"{above}-{place}" if above else str(place), fields)
            for place, draft in enumerate(drafts)
        ]

    def _known_fields(self, kind: ListKind, link: Link | None) -> Mapping[str, ListField]:
        if link is None:
            return self.known.of(kind.key)
        far: Mapping[str, ListField] = self.known.of(link.to) if link.to else {}
        return {**far, **{one.key: one for one in link.fields}}

    def _choices(self, kind: ListKind, link: Link | None, *, is_deep: bool) -> list[tuple[str, list[Choice]]]:
        own = self._known_fields(kind, link).values()
        asked = [one for one in own if one.where is not None and not one.is_retired]
        fields = [Choice(one.key, str(one.label)) for one in asked]
        found = [("", sorted(fields, key=lambda one: one.words))]
        if is_deep:
            return found
        start = kind_of(link.to) if link is not None and link.to else kind if link is None else None
        if start is not None and start.links:
            links = [Choice(LINK + one.key, str(one.label)) for one in start.links]
            found.append((_("Across relations"), links))
        ways = [Choice(ANY, _("one of these…")), Choice(ALL, _("all of these…")), Choice(NONE, _("none of these…"))]
        return [*found, (_("Several together"), ways)]

    def _row(
        self, draft: Draft, kind: ListKind, link: Link | None, path: str, fields: list[tuple[str, list[Choice]]]
    ) -> Row:
        if draft.what in GROUPS:
            return Row(path, draft, fields, rows=self._rows(draft.parts, kind, link, path))
        if draft.what.startswith(LINK):
            start, found = self._below(draft, kind, link)
            return Row(path, draft, fields, link=found, rows=self._rows(draft.parts, start, found, path))
        known = self._known_fields(kind, link).get(draft.what)
        if known is None:
            return Row(path, draft, fields)
        operator = known.operator(draft.operator) or known.asked[0]
        draft.operator = operator.key
        control = control_for(known, operator)
        choices = self._chosen(known, draft) if control in ("ticks", "people") else []
        return Row(path, draft, fields, known.asked, control, choices, list(shown_values(control, operator, draft)))

    def _chosen(self, known: ListField, draft: Draft) -> list[Choice]:
        if known.choices is not None:
            return known.choices()
        return people_found(known, draft)


def people_found(known: ListField, draft: Draft) -> list[Choice]:
    """Whom one may mean: oneself, those chosen, and those the typed name finds."""
    found = [Choice(ME, _("me"))]
    chosen = [value for value in draft.values if value != ME]
    if chosen and known.names is not None:
        found += [Choice(str(id), str(name)) for id, name in known.names(chosen)]
    for key in known.target if draft.typed.strip() else ():
        kind = kind_of(key)
        ids = kind.search(draft.typed, FOUND) if kind.search else []
        for record in kind.rows().filter(id__in=ids):
            found.append(Choice(str(record.id), kind.name_of(record)))
    return list({one.key: one for one in found}.values())


def control_for(known: ListField, operator: Operator) -> str:
    """With what the answer to a question is given."""
    if operator.takes == 0:
        return ""
    if known.type in TIMES:
        return "span" if operator.key in SPANS else "this" if operator.key == "this" else "date"
    if known.type == FieldType.RELATION:
        return "people"
    if known.choices is not None:
        return "ticks"
    return "number" if known.type in (FieldType.NUMBER, FieldType.MONEY) else "text"


def shown_values(control: str, operator: Operator, draft: Draft) -> Iterator[str]:
    """The values as their controls hold them; one more for another alternative."""
    if control == "span":
        value = draft.values[0] if draft.values else "90d"
        yield from (value[:-1], value[-1:]) if value[-1:] in UNITS else ("", "d")
        return
    if control in ("ticks", "people"):
        yield from draft.values
        return
    values = draft.values[: abs(operator.takes)] if operator.takes > 0 else draft.values
    yield from values
    yield from [""] * (max(operator.takes, 1) - len(values))
    if operator.takes < 0 and values:
        yield ""


def kept_parts(parts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The parameters of a view besides its filter."""
    return [(name, str(value)) for name, value in parts.items() if name != "f"]
