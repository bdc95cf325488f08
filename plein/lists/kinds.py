# SPDX-License-Identifier: AGPL-3.0-or-later
"""The kinds of records that have lists. Lists knows none of them: `plein/web/panels.py` registers what there is."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from plein.lists.conditions import Conditions
from plein.lists.fields import Link, ListField
from plein.lists.operators import Words
from plein.metadata.models import ValueRow
from plein.trust.seats import Entrance


def _no_conditions(query: Mapping[str, Any]) -> Conditions:
    del query
    return ()


@dataclass(frozen=True, slots=True)
class Quick:
    """A filter that stands ready: its words and its question, as in an address."""

    words: Words
    filter: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Pages:
    """The addresses of a kind, and the templates it brings for places in the list page; "" where it has none.

    peek     what a record shows beside the list, with `peek_context`; without it, all its fields
    empty    what an empty list says at first use; `is_bare` tells whether the rows there are count as none
    above    what stands above the table
    """

    all: Callable[[], str]
    record: Callable[[UUID], str]
    create: Callable[[], str] = lambda: ""
    create_words: Words = ""
    heading: Words = ""
    tabs: Callable[[], Sequence[tuple[str, str, str]]] = tuple
    peek: str = ""
    peek_context: Callable[[Any, Entrance], dict[str, Any]] = lambda record, actor: {}
    empty: str = ""
    is_bare: Callable[[Sequence[Any]], bool] = lambda records: not records
    above: str = ""


@dataclass(frozen=True, slots=True)
class ListKind:
    """A kind of record and its list.

    rows        its records, in context and unsorted, as a query set
    words       how many there are, in words: `words(3, "3")` is "3 people"
    name_of     what a record is called
    search      the ids that a text in the search field finds, best first
    legacy      the questions in an address as they were written before `f`
    prepare     reads, in one statement, what the fields need of the rows of a page besides their columns
    values_model  where the values of fields stand that administrators add to it
    """

    key: str
    plural: Words
    model: type[models.Model]
    rows: Callable[[], QuerySet[Any, Any]]
    words: Callable[[int, str], str]
    name_of: Callable[[Any], str]
    pages: Pages
    fields: tuple[ListField, ...]
    columns: tuple[str, ...]
    sort: str
    links: tuple[Link, ...] = ()
    search: Callable[[str, int], list[UUID]] | None = None
    search_words: Words = ""
    quick: tuple[Quick, ...] = ()
    start: str = ""
    legacy: Callable[[Mapping[str, Any]], Conditions] = _no_conditions
    prepare: Callable[[Sequence[Any]], None] | None = None
    values_model: type[ValueRow] | None = None
    name_field: str = "name"

    def link(self, key: str) -> Link | None:
        return next((one for one in self.links if one.key == key), None)


#: What the keys of fields begin with that a company made itself.
MADE = "c."
_kinds: dict[str, ListKind] = {}


def register_kind(kind: ListKind) -> None:
    """Give a kind its list."""
    _kinds.setdefault(kind.key, kind)


def extend_kind(
    key: str, *, fields: Sequence[ListField] = (), links: Sequence[Link] = (), columns: Sequence[str] = ()
) -> None:
    """Add fields and links of another domain to a kind."""
    known = _kinds[key]
    names = {one.key for one in known.fields} | {one.key for one in known.links}
    _kinds[key] = replace(
        known,
        fields=known.fields + tuple(one for one in fields if one.key not in names),
        links=known.links + tuple(one for one in links if one.key not in names),
        columns=known.columns + tuple(one for one in columns if one not in known.columns),
    )


def kind_of(key: str) -> ListKind:
    """The kind of that key; raises KeyError."""
    return _kinds[key]


def kinds() -> Iterable[ListKind]:
    """All kinds, in the order they were registered."""
    return _kinds.values()


#: The fields that a company made itself, of one kind that has a table of values: one statement at most.
type Maker = Callable[[str, type[ValueRow]], Sequence[ListField]]


class Known:
    """The fields that one reader may see, of any kind. Those the company made are read when first asked for."""

    def __init__(self, actor: Entrance) -> None:
        self.actor = actor
        self._made: dict[str, dict[str, ListField]] = {}

    def made(self, kind: str) -> dict[str, ListField]:
        """The fields of a kind that the company made itself, by key."""
        if kind not in self._made:
            self._made[kind] = made_fields_of(kind)
        return self._made[kind]

    def find(self, kind: str, key: str) -> ListField | None:
        """A field of a kind, also one this reader may not see; a field of our own costs no statement."""
        own = next((one for one in kind_of(kind).fields if one.key == key), None)
        return self.made(kind).get(key) if own is None and key.startswith(MADE) else own

    def of(self, kind: str) -> "FieldsOf":
        """The fields of a kind that this reader may see, by key."""
        return FieldsOf(self, kind)


class FieldsOf(Mapping[str, ListField]):
    """The fields of a kind that a reader may see. Looking one up by its key reads no more than it must."""

    def __init__(self, known: Known, kind: str) -> None:
        self.known, self.kind = known, kind

    def __getitem__(self, key: str) -> ListField:
        found = self.known.find(self.kind, key)
        if found is None or not found.may_read(self.known.actor):
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[str]:
        everything = [*kind_of(self.kind).fields, *self.known.made(self.kind).values()]
        return (one.key for one in everything if one.may_read(self.known.actor))

    def __len__(self) -> int:
        return sum(1 for _key in self)


maker: list[Maker] = []


def make_fields_with(one: Maker) -> None:
    """Say who reads the fields that a company made itself."""
    maker[:] = [one]


def made_fields_of(kind: str) -> dict[str, ListField]:
    """The fields of a kind that the company made itself, by key: one statement at most."""
    model = kind_of(kind).values_model
    return {one.key: one for one in maker[0](kind, model)} if maker and model is not None else {}
