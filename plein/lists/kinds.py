# SPDX-License-Identifier: AGPL-3.0-or-later
"""The kinds of records that have lists. Lists knows none of them: `plein/web/panels.py` registers what there is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from plein.lists.conditions import Conditions
from plein.lists.fields import Link, ListField
from plein.lists.operators import Words
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
    is_custom   administrators can add fields to it
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
    is_custom: bool = False
    name_field: str = "name"

    def link(self, key: str) -> Link | None:
        return next((one for one in self.links if one.key == key), None)


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


#: Fields that a company made itself, for a kind and a reader: one statement for all kinds at most.
type Provider = Callable[[Entrance], Mapping[str, Sequence[ListField]]]
_providers: list[Provider] = []


def provide_fields(provider: Provider) -> None:
    """Let somebody else add fields to the lists of each reader: those of the company itself."""
    if provider not in _providers:
        _providers.append(provider)


class Known:
    """The fields that one reader may see, of any kind, built in and made by the company: asked for once."""

    def __init__(self, actor: Entrance) -> None:
        self.actor = actor
        self._made: dict[str, list[ListField]] | None = None
        self._fields: dict[str, dict[str, ListField]] = {}

    def _made_for(self, kind: str) -> list[ListField]:
        if self._made is None:
            self._made = {}
            for provider in _providers:
                for key, fields in provider(self.actor).items():
                    self._made.setdefault(key, []).extend(fields)
        return self._made.get(kind, [])

    def everything(self, kind: str) -> dict[str, ListField]:
        """All fields of a kind by key, also those this reader may not see."""
        if kind not in self._fields:
            own = kind_of(kind)
            fields = [*own.fields, *(self._made_for(kind) if own.is_custom else ())]
            self._fields[kind] = {one.key: one for one in fields}
        return self._fields[kind]

    def of(self, kind: str) -> dict[str, ListField]:
        """The fields of a kind that this reader may see, by key."""
        return {key: one for key, one in self.everything(kind).items() if one.may_read(self.actor)}
