# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be done with many rows at once, and with the rows of which list. The domains that own the rows say so."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.forms import Form
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from plein.lists.outcomes import Outcome
from plein.trust.permissions import Verb
from plein.trust.seats import Entrance

type Words = str | Promise
#: What somebody wants, as a form sends it and as it waits for a worker: texts by name.
type Wish = Mapping[str, Sequence[str]]


class CannotChange(ValueError):
    """Why many rows cannot be changed as asked; the message is for the user."""


class WishRefused(CannotChange):
    """What was filled in is not right; `errors` has the sentences by field."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        self.errors = {name: list(sentences) for name, sentences in errors.items()}
        super().__init__(" ".join(sentence for sentences in self.errors.values() for sentence in sentences))


class Perform(Protocol):
    """Does an act to rows that the actor sees, all of them in a few statements, inside an operation that is open."""

    def __call__(self, *, actor: Entrance, ids: list[UUID], values: dict[str, Any]) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Steps:
    """How a form asks one thing first and the rest after that.

    `first` names what is asked first, `opened` makes the form as it opens when that was chosen ("" for not yet), and
    `later` are the names and words of what comes after it.
    """

    first: str
    opened: Callable[[str], Form]
    later: Mapping[str, Words]

    def is_not_chosen(self, sent: Mapping[str, Any]) -> bool:
        """Whether the rest was not asked yet of what is chosen first; `asked` says of what it was asked."""
        return "choose" in sent or sent.get(self.first, "") != sent.get("asked", "")


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be done with many rows.

    key         its name in addresses
    words       on its button ("Give to…")
    icon        beside the words
    verb        of the operation it becomes
    perform     does it
    form        what is to be filled in, if anything
    permission  which verb the actor's role must allow
    is_removal  asks for a typed word when there are many
    said        what was wanted, in words, from what was filled in
    steps       when not all of the form can be asked at once
    leads       when it is no change to each but a page about all: the address for these ids, or CannotChange
    """

    key: str
    words: Words
    icon: str
    verb: str
    perform: Perform
    form: Callable[[Any], Form] | None = None
    permission: Verb = "write"
    is_removal: bool = False
    said: Callable[[dict[str, Any]], str] | None = None
    steps: Steps | None = None
    leads: Callable[[Sequence[UUID]], str] | None = None

    def opened(self, sent: Mapping[str, Any]) -> Form | None:
        """The form as it opens, nothing wrong with it yet."""
        if self.steps is not None:
            return self.steps.opened(str(sent.get(self.steps.first, "")))
        return self.form(None) if self.form else None

    def read(self, wish: Wish) -> dict[str, Any]:
        """The values that were filled in; raises WishRefused."""
        if self.form is None:
            return {}
        form = self.form(MultiValueDict({name: list(texts) for name, texts in wish.items()}))
        if not form.is_valid():
            raise WishRefused({name: [str(one) for one in errors] for name, errors in form.errors.items()})
        return dict(form.cleaned_data)

    def sentence(self, wish: Wish) -> str:
        """What was wanted, in words; only the words of the button when it cannot be said any more."""
        if self.said is None:
            return str(self.words).rstrip("…")
        try:
            return self.said(self.read(wish))
        except WishRefused:
            return str(self.words).rstrip("…")


_acts: dict[str, dict[str, Act]] = {}


def register_acts(kind: str, acts: Iterable[Act]) -> None:
    """Say what can be done with many records of a kind. Only the domain that owns them calls this."""
    _acts.setdefault(kind, {}).update({act.key: act for act in acts})


def acts_of(kind: str) -> list[Act]:
    """What can be done with many records of this kind."""
    return list(_acts.get(kind, {}).values())


def act_of(kind: str, key: str) -> Act:
    """The act of that name; raises CannotChange."""
    try:
        return _acts[kind][key]
    except KeyError:
        raise CannotChange(_("This cannot be done with these.")) from None
