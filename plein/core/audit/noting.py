# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from plein.core import chain
from plein.core.isolation.context import Context, current, workspace_context

#: Where somebody looks with their own eyes; a job reads for them what it works on.
EYES = frozenset({"web", "api", "assistant", "cli", "dav"})


#: The door of who looks through the eyes of somebody else.
LOOK = "look"


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What was opened through the eyes of somebody else: of which kind, which, and how."""

    kind: str
    records: tuple[UUID, ...]
    how: str


glimpsed: ContextVar[list[Glimpse]] = ContextVar("plein_glimpsed")


class InACircle(Protocol):
    """A record as the log asks it who may see it."""

    @property
    def id(self) -> UUID: ...
    @property
    def circle_id(self) -> int: ...


def _ids(about: UUID | Iterable[UUID] | None) -> tuple[UUID, ...]:
    if about is None:
        return ()
    return (about,) if isinstance(about, UUID) else tuple(about)


def audit(
    event: str,
    *,
    kind: str = "",
    about: UUID | Iterable[UUID] | None = None,
    run: UUID | None = None,
    extra: Mapping[str, chain.Fact] | None = None,
    **facts: chain.Fact,
) -> None:
    """Log that the seat in force did something; it is there when what they did is there.

    `about` are ids of records, `kind` says of what; `run` binds the lines of what is done in steps. Facts are counts,
    ids, and words of ours: never a name, an address or a text, of which `keyed` makes a hash. `extra` are more of them.
    """
    entry = chain.entry_of(current(), event, kind, _ids(about), {**(extra or {}), **facts})
    chain.note(replace(entry, run_id=run))


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that was shown of a record, where the record itself is not at hand."""

    id: UUID
    circle_id: int


def audit_look(kind: str, records: Iterable[InACircle | None], *, how: str = "page") -> None:
    """Log that the seat in force looked at records that not everyone here may see, once a day for each of them.

    `how` says whether it was opened, or shown among others by its title: "list" and "search" are looks too, and who
    opens it afterwards looked once more.
    """
    context = current()
    if context.seat_id is None or not context.circles:
        return
    everyone = context.circles[0]
    if context.door == LOOK:
        # Nothing is written through the eyes of somebody else: whoever looks writes it afterwards.
        found = [
            one.id for one in records if one is not None and (how not in chain.TITLES or one.circle_id != everyone)
        ]
        glimpsed.get().append(Glimpse(kind, tuple(dict.fromkeys(found)), how))
        return
    if context.door not in EYES:
        return
    looked_at = [record.id for record in records if record is not None and record.circle_id != everyone]
    if looked_at:
        chain.note(chain.entry_of(context, chain.READ, kind, dict.fromkeys(looked_at), {"how": how}))


def audit_taken(kind: str, records: Iterable[UUID], *, format: str) -> None:
    """Log that records were taken along as a file; through the eyes of somebody else, that they were opened as one."""
    taken = tuple(dict.fromkeys(records))
    if not taken:
        return
    if current().door == LOOK:
        glimpsed.get().append(Glimpse(kind, taken, "file"))
    else:
        audit("export", kind=kind, about=taken, format=format)


@dataclass(frozen=True, slots=True)
class KeptLooks:
    """Looks at what an answer shows whose transaction is turned back, and as whom they were had."""

    context: Context
    entries: Sequence[chain.Entry]


def looks_to_keep() -> KeptLooks:
    """The looks of the transaction in force, to be taken out of it before it is turned back."""
    return KeptLooks(current(), chain.looks_that_go())


def audit_kept(looks: KeptLooks) -> None:
    """Log looks that were taken out of a transaction, after it: what was shown was seen, whatever was not done."""
    if looks.entries:
        with workspace_context(looks.context):
            for entry in looks.entries:
                chain.note(entry)


def forget_glimpses() -> None:
    """What was opened through the eyes of somebody else was not shown after all."""
    glimpsed.get([]).clear()


@contextmanager
def glimpsing() -> Iterator[list[Glimpse]]:
    """What is opened inside through the eyes of somebody else."""
    token = glimpsed.set([])
    try:
        yield glimpsed.get()
    finally:
        glimpsed.reset(token)


def audit_glimpses(glimpses: Iterable[Glimpse], *, look: UUID) -> None:
    """Log what the seat in force opened through the eyes of somebody else: each record once in that look."""
    for one in glimpses:
        if one.records:
            chain.note(chain.entry_of(current(), chain.READ, one.kind, one.records, {"how": one.how, "look": look}))


def audit_apart(
    event: str,
    *,
    workspace: int | None = None,
    seat: UUID | None = None,
    user: UUID | None = None,
    door: str = "web",
    kind: str = "",
    about: UUID | Iterable[UUID] | None = None,
    extra: Mapping[str, chain.Fact] | None = None,
    **facts: chain.Fact,
) -> None:
    """Log at once what is no part of what was done: a refusal, a sign-in that failed. Without a workspace: of none.

    A transaction that is turned back takes this along too, so call it before or after one.
    """
    context = Context(workspace_id=workspace, seat_id=seat, user_id=user, door=door)
    entry = chain.entry_of(context, event, kind, _ids(about), {**(extra or {}), **facts})
    with workspace_context(context):
        chain.append([entry])


@contextmanager
def coming_from(arrival: chain.Arrival) -> Iterator[None]:
    """Everything logged inside came from there."""
    token = chain.arrival.set(arrival)
    try:
        yield
    finally:
        chain.arrival.reset(token)


@contextmanager
def arriving_with(token_id: UUID) -> Iterator[None]:
    """Everything logged inside came with this token, from where it came already."""
    with coming_from(replace(chain.arrival.get(), token_id=token_id)):
        yield
