# SPDX-License-Identifier: AGPL-3.0-or-later
"""Questions as a tree, and as they stand in an address (ADR 0012).

    place:is:Zwolle;none.moment(when:last:90d);or(owner:is:me;owner:empty)

A test is `field:operator:value,value`. Tests are strung with `;`, which means and. `and(…)`, `or(…)` and `not(…)`
hold others; `some.link(…)` and `none.link(…)` ask whether anything at the other end of a link fits. In a value, `~`
stands before each of `~ , ; ( )` that is meant as itself.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

LONGEST, LONGEST_VALUE = 4_000, 200
DEEPEST, MOST_TESTS, MOST_VALUES = 5, 40, 50
SPECIAL = "~,;()"
NAME = re.compile(r"[a-z][a-z0-9_.-]{0,80}", re.ASCII)


class BadFilter(ValueError):
    """A filter that cannot be used; the message says which part of it, and what to do."""


@dataclass(frozen=True, slots=True)
class Test:
    """A question about one field: `place:is:Zwolle`."""

    __test__ = False

    field: str
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Several questions joined by `and` or `or`."""

    joint: str
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a question."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Across:
    """Whether something at the other end of a link fits all of these, or nothing does."""

    link: str
    is_some: bool
    parts: tuple["Node", ...] = ()


type Node = Test | Group | Not | Across
type Conditions = tuple[Node, ...]


def parts_of(node: Node) -> tuple[Node, ...]:
    """The questions directly inside one."""
    if isinstance(node, Test):
        return ()
    return (node.part,) if isinstance(node, Not) else node.parts


def tests_in(nodes: Sequence[Node]) -> Iterator[Test]:
    """Every test of a tree, those across links included."""
    for node in nodes:
        if isinstance(node, Test):
            yield node
        else:
            yield from tests_in(parts_of(node))


def without(conditions: Conditions, place: int) -> Conditions:
    """The same questions with one of the outermost left out."""
    return conditions[:place] + conditions[place + 1 :]


# Writing


def _value(text: str) -> str:
    return re.sub(r"([~,;()])", r"~\1", text)


def write(conditions: Sequence[Node]) -> str:
    """The questions as they stand in an address, before percent-encoding."""
    return ";".join(_write(node) for node in conditions)


def _write(node: Node) -> str:
    if isinstance(node, Test):
        values = ",".join(_value(value) for value in node.values)
        return f"{node.field}:{node.operator}" + (f":{values}" if node.values else "")
    if isinstance(node, Group):
        return f"{node.joint}({write(node.parts)})"
    if isinstance(node, Not):
        return f"not({_write(node.part)})"
    return f"{'some' if node.is_some else 'none'}.{node.link}({write(node.parts)})"


# Reading


class _Reader:
    """Reads questions from left to right, and stops where they become too many or too deep."""

    def __init__(self, text: str) -> None:
        self.text, self.place, self.tests = text, 0, 0

    def whole(self) -> Conditions:
        found = self.several(1)
        if self.place < len(self.text):
            raise self.broken()
        return found

    def several(self, depth: int) -> Conditions:
        if depth > DEEPEST:
            raise BadFilter(_("This filter is nested more than %(most)s deep. Make it simpler.") % {"most": DEEPEST})
        if self.at("") or self.at(")"):
            return ()
        found = [self.one(depth)]
        while self.at(";"):
            self.place += 1
            found.append(self.one(depth))
        return tuple(found)

    def one(self, depth: int) -> Node:
        name = self.name()
        if self.at("("):
            return self.holder(name, depth)
        if not self.at(":"):
            raise self.broken()
        self.place += 1
        operator = self.name()
        values: tuple[str, ...] = ()
        if self.at(":"):
            self.place += 1
            values = self.values()
        self.tests += 1
        if self.tests > MOST_TESTS:
            raise BadFilter(_("This filter asks more than %(most)s things. Make it simpler.") % {"most": MOST_TESTS})
        return Test(name, operator, values)

    def holder(self, name: str, depth: int) -> Node:
        self.place += 1
        parts = self.several(depth + 1)
        if not self.at(")"):
            raise self.broken()
        self.place += 1
        way, _dot, link = name.partition(".")
        if way in ("some", "none") and link:
            return Across(link, way == "some", parts)
        if name in ("and", "or") and parts:
            return Group(name, parts)
        if name == "not" and len(parts) == 1:
            return Not(parts[0])
        if name == "not" and parts:
            return Not(Group("and", parts))
        raise self.broken()

    def name(self) -> str:
        found = NAME.match(self.text, self.place)
        if found is None:
            raise self.broken()
        self.place = found.end()
        return found.group()

    def values(self) -> tuple[str, ...]:
        values, letters = [], []
        while self.place < len(self.text) and self.text[self.place] not in ";()":
            letter = self.text[self.place]
            if letter == "~" and self.place + 1 < len(self.text):
                self.place += 1
                letters.append(self.text[self.place])
            elif letter == ",":
                values.append("".join(letters))
                letters = []
            else:
                letters.append(letter)
            self.place += 1
        values.append("".join(letters))
        if len(values) > MOST_VALUES:
            raise BadFilter(_("This filter names more than %(most)s values. Choose fewer.") % {"most": MOST_VALUES})
        if any(len(value) > LONGEST_VALUE for value in values):
            most = {"most": LONGEST_VALUE}
            raise BadFilter(_("A value in this filter is longer than %(most)s letters. Shorten it.") % most)
        return tuple(values)

    def at(self, sign: str) -> bool:
        return self.text[self.place : self.place + 1] == sign

    def broken(self) -> BadFilter:
        near = self.text[self.place : self.place + 20] or self.text[-20:]
        return BadFilter(_("This filter cannot be read near “%(near)s”. Set it again.") % {"near": near})


def parse(text: str) -> Conditions:
    """The questions in an address; raises BadFilter. Whether fields and operators exist is not asked here."""
    if len(text) > LONGEST:
        raise BadFilter(_("This filter is longer than %(most)s letters. Make it simpler.") % {"most": LONGEST})
    return _Reader(text).whole()


def simplified(node: Node) -> Node:
    """The same question without groups of one and double negations."""
    if isinstance(node, Group):
        parts = tuple(simplified(part) for part in node.parts)
        return parts[0] if len(parts) == 1 else replace(node, parts=parts)
    if isinstance(node, Not):
        part = simplified(node.part)
        return part.part if isinstance(part, Not) else Not(part)
    return node
