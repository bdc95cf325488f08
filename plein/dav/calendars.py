# SPDX-License-Identifier: AGPL-3.0-or-later
"""The agenda and the to-dos of a device."""

from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from plein.dav.actions.appointments import PutEvent, put_event, remove_event
from plein.dav.actions.todos import PutTodo, put_todo
from plein.dav.ics import EventFacts, KeptText, TodoFacts, read_object
from plein.dav.ics_text import write_event, write_todo
from plein.dav.models import Kept
from plein.dav.queries.agenda import (
    AGENDA,
    TODOS,
    event_of,
    events_of,
    is_whole,
    kept_events,
    kept_todos,
    todo_of,
    todos_of,
)
from plein.dav.refusals import NotTaken
from plein.dav.shelves import EVENT, TODO, Entry, Shelf, hash_of
from plein.moments.actions import delete_todo
from plein.moments.models import Moment, ToDo
from plein.moments.queries.calendar import CalendarLine, appointments_in
from plein.moments.vocabulary import State
from plein.trust.permissions import permit
from plein.trust.zones import zone_of


class Agenda(Shelf):
    """The appointments of a colleague."""

    key, kind, suffix, about = AGENDA, EVENT, ".ics", "moment"

    @property
    def title(self) -> str:
        return _("Agenda")

    @cached_property
    def entries(self) -> dict[str, Entry]:
        kept = kept_events(self.seat.seat_id)
        found = events_of(self.seat.seat_id, kept, zone_of(self.seat.user))
        return {one.name: one for one in (self._entry(facts, kept.get(facts.id)) for facts in found)}

    def _entry(self, facts: EventFacts, kept: Kept | None) -> Entry:
        known = KeptText(kept.uid, kept.text, kept.ours) if kept and kept.text else None
        text = write_event(facts, known)
        name = kept.name if kept else f"{facts.id}{self.suffix}"
        return Entry(name, hash_of(text), lambda _version: text, facts, kept)

    def find(self, name: str) -> Entry | None:
        kept = self.kept_named(name)
        wanted = kept.moment_id if kept else self.id_in(name)
        moment = Moment.objects.filter(id=wanted).exclude(state=State.CANCELLED).first() if wanted else None
        if moment is None or (kept and kept.is_left_out):
            return None
        line = None if kept else self._line(moment)
        if kept is None and line is None:
            return None
        facts = event_of(moment, zone_of(self.seat.user), with_series=is_whole(kept), line=line)
        return self._entry(facts, kept)

    def _line(self, moment: Moment) -> CalendarLine | None:
        """How it stands in the agenda of this colleague, unless it goes by another name there."""
        if self._kept().filter(moment=moment).exists():
            return None
        at = moment.occurred_at
        there = appointments_in([self.seat.seat_id], at, at + timedelta(microseconds=1))
        return next((one for one in there if one.id == moment.id), None)

    def put(self, name: str, text: str, present: Entry | None) -> Entry:
        sent = read_object(text, zone_of(self.seat.user))
        if sent.is_todo:
            raise NotTaken(_("To-dos belong in the list of to-dos, not in the agenda."), "supported-calendar-component")
        kept = present.kept if present else self.by_uid(sent.uid, self._kept())
        _refuse_other_uid(present, sent.uid, EventFacts)
        moment_id = present.facts.id if present else kept.moment_id if kept else self._ours(sent.uid)
        moment = Moment.objects.filter(id=moment_id).exclude(state=State.CANCELLED).first() if moment_id else None
        kept = self._kept().filter(moment=moment).first() if moment else None
        saved = put_event(actor=self.seat, put=PutEvent(name, sent, text, kept, moment))
        kept = self._kept().get(moment=saved)
        return self._entry(event_of(saved, zone_of(self.seat.user), with_series=is_whole(kept)), kept)

    def _kept(self) -> QuerySet[Kept]:
        return Kept.objects.filter(seat_id=self.seat.seat_id, moment__isnull=False)

    def _ours(self, uid: str) -> UUID | None:
        """The appointment whose identifier this is: one that we made ourselves, or that came as an invitation."""
        own = self.id_in(uid)
        found = Moment.objects.filter(id=own).first() if own else None
        found = found or Moment.objects.filter(calendar_uid=uid[:300]).order_by("id").first()
        return found.id if found and self._line(found) else None

    def remove(self, entry: Entry) -> None:
        moment = Moment.objects.get(id=entry.facts.id)
        uid = entry.kept.uid if entry.kept else entry.facts.uid
        remove_event(actor=self.seat, moment=moment, kept=entry.kept, name=entry.name, uid=uid)


class Todos(Shelf):
    """The to-dos of a colleague."""

    key, kind, suffix, about = TODOS, TODO, ".ics", "todo"

    @property
    def title(self) -> str:
        return _("To-dos")

    @cached_property
    def entries(self) -> dict[str, Entry]:
        kept = kept_todos(self.seat.seat_id)
        found = todos_of(self.seat.seat_id, kept, zone_of(self.seat.user))
        return {one.name: one for one in (self._entry(facts, kept.get(facts.id)) for facts in found)}

    def _entry(self, facts: TodoFacts, kept: Kept | None) -> Entry:
        known = KeptText(kept.uid, kept.text, kept.ours) if kept and kept.text else None
        text = write_todo(facts, known)
        name = kept.name if kept else f"{facts.id}{self.suffix}"
        return Entry(name, hash_of(text), lambda _version: text, facts, kept)

    def find(self, name: str) -> Entry | None:
        kept = self.kept_named(name)
        wanted = kept.todo_id if kept else self.id_in(name)
        mine = ToDo.objects.filter(id__in=[wanted] if wanted else [])
        if kept is None:
            given = Kept.objects.filter(seat_id=self.seat.seat_id, todo__isnull=False).values("todo_id")
            mine = mine.filter(assignee_id=self.seat.seat_id).exclude(id__in=given)
        todo = mine.first()
        return self._entry(todo_of(todo, zone_of(self.seat.user)), kept) if todo else None

    def put(self, name: str, text: str, present: Entry | None) -> Entry:
        sent = read_object(text, zone_of(self.seat.user))
        _refuse_other_uid(present, sent.uid, TodoFacts)
        mine = Kept.objects.filter(seat_id=self.seat.seat_id, todo__isnull=False)
        kept = present.kept if present else self.by_uid(sent.uid, mine)
        todo_id = present.facts.id if present else kept.todo_id if kept else self.id_in(sent.uid)
        todo = ToDo.objects.filter(id=todo_id).first() if todo_id else None
        kept = mine.filter(todo=todo).first() if todo else None
        saved = put_todo(actor=self.seat, put=PutTodo(name, sent, text, kept, todo))
        facts = todo_of(saved, zone_of(self.seat.user))
        return self._entry(facts, Kept.objects.get(seat_id=self.seat.seat_id, todo=saved))

    def remove(self, entry: Entry) -> None:
        permit(self.seat, "delete")
        delete_todo(actor=self.seat, todo=ToDo.objects.get(id=entry.facts.id))


def _refuse_other_uid(present: Entry | None, uid: str, _kind: type[Any]) -> None:
    """An object keeps its identifier for as long as it is there."""
    if present is None:
        return
    known = present.kept.uid if present.kept else getattr(present.facts, "uid", "") or str(present.facts.id)
    if known != uid:
        raise NotTaken(_("The identifier (UID) of an object does not change."), "no-uid-conflict")
