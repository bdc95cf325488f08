# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an assistant may write once a person agreed; each write is an operation that can be turned back."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from mcp.server.elicitation import AcceptedElicitation, ElicitationResult
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.mcpserver.resolve import Elicit, Resolve
from pydantic import BaseModel, Field

from plein.assistant.asking import Answer, code_for, question, unconfirmed, written_once
from plein.assistant.holder import working
from plein.assistant.reading import visible_relation
from plein.core.ids import now
from plein.core.models import Operation
from plein.core.operations import CannotUndo
from plein.moments.actions import create_todo, record_moment
from plein.moments.actions.participants import Part
from plein.moments.actions.recording import roles_of
from plein.trust.actions import undo_operation
from plein.trust.permissions import may_undo

Context_ = Context[Any, Any]
Kind = Literal["visit", "call", "voicemail", "meeting", "letter", "email", "text", "chat", "post", "note"]
Way = Literal["inbound", "outbound"]
Code = Annotated[str, Field(description="The code of an answer that asked for agreement", max_length=300)]


class Written(BaseModel):
    """What became of a write: its ids when it was done, else what to show the person and the code to come back with."""

    done: bool
    says: str
    id: UUID | None = None
    operation: UUID | None = None
    code: str = ""


def _agreed(answer: ElicitationResult[Answer]) -> bool:
    return isinstance(answer, AcceptedElicitation) and answer.data.confirm


def _refused(context: Context_, answer: ElicitationResult[Answer], words: str, call: dict[str, Any]) -> Written:
    """Nothing was written: because somebody said no, or because nobody was asked yet."""
    if not isinstance(answer, AcceptedElicitation):
        return Written(done=False, says=_("The person said no. Nothing was written."))
    with working(context, "write") as actor:
        return Written(done=False, says=unconfirmed(words), code=code_for(str(actor.seat_id), call))


def _moment_call(relation: UUID, kind: str, text: str, direction: str, when: datetime | None) -> dict[str, Any]:
    return {"add": "moment", "relation": relation, "kind": kind, "text": text, "way": direction, "when": when}


def ask_moment(
    context: Context_, relation: UUID, kind: Kind, text: str, direction: Way, when: datetime | None, code: str
) -> Elicit[Answer] | Answer:
    """The question before a moment is recorded."""
    with working(context, "write") as actor:
        words = _moment_words(relation, kind, text)
        call = _moment_call(relation, kind, text, direction, when)
        answer: Elicit[Answer] | Answer = question(context, words, str(actor.seat_id), call, code)
        return answer


def _moment_words(relation: UUID, kind: str, text: str) -> str:
    name = visible_relation(relation).name
    return _("Record a %(kind)s with %(name)s: %(text)s") % {"kind": kind, "name": name, "text": text[:300]}


def add_moment(
    context: Context_,
    relation: Annotated[UUID, Field(description="With whom: the id of a person or an organization")],
    kind: Kind,
    text: Annotated[str, Field(description="What was said or what happened", min_length=1, max_length=20_000)],
    answer: Annotated[ElicitationResult[Answer], Resolve(ask_moment)],
    direction: Annotated[Way, Field(description="Who sought whom")] = "outbound",
    when: Annotated[datetime | None, Field(description="With its zone; now when left out")] = None,
    code: Code = "",
) -> Written:
    """Record a contact moment: a call, a visit, a note. It asks the person first."""
    if not _agreed(answer):
        with working(context, "write"):
            words = _moment_words(relation, kind, text)
        return _refused(context, answer, words, _moment_call(relation, kind, text, direction, when))
    if when is not None and (when.tzinfo is None or when > now()):
        raise ToolError(_("Give a time in the past with its zone, such as 2026-11-02T10:00:00+01:00."))
    with working(context, "write") as actor, written_once("record_moment", code) as done:
        visible_relation(relation)
        moment = record_moment(
            actor=actor,
            kind=kind,
            participants=[Part(relation, roles_of(kind, direction)[0])],
            direction=direction,
            occurred_at=when,
            text=text,
        )
        return Written(done=True, says=_("Recorded."), id=moment.id, operation=done.id)


def _todo_call(title: str, relation: UUID | None, due_on: date | None) -> dict[str, Any]:
    return {"add": "todo", "title": title, "relation": relation, "due": due_on}


def ask_todo(
    context: Context_, title: str, relation: UUID | None, due_on: date | None, code: str
) -> Elicit[Answer] | Answer:
    """The question before a to-do is made."""
    with working(context, "write") as actor:
        words = _todo_words(title, relation, due_on)
        call = _todo_call(title, relation, due_on)
        answer: Elicit[Answer] | Answer = question(context, words, str(actor.seat_id), call, code)
        return answer


def _todo_words(title: str, relation: UUID | None, due_on: date | None) -> str:
    words = _("Put on the list: %(title)s") % {"title": title}
    if relation is not None:
        words += _(", for %(name)s") % {"name": visible_relation(relation).name}
    if due_on is not None:
        words += _(", before %(day)s") % {"day": due_on.isoformat()}
    return words


def add_todo(
    context: Context_,
    title: Annotated[str, Field(description="What is to be done", min_length=1, max_length=300)],
    answer: Annotated[ElicitationResult[Answer], Resolve(ask_todo)],
    relation: Annotated[UUID | None, Field(description="For whom, if for anybody")] = None,
    due_on: date | None = None,
    code: Code = "",
) -> Written:
    """Put something on the to-do list of whose token this is. It asks the person first."""
    if not _agreed(answer):
        with working(context, "write"):
            words = _todo_words(title, relation, due_on)
        return _refused(context, answer, words, _todo_call(title, relation, due_on))
    with working(context, "write") as actor, written_once("create_todo", code) as done:
        if relation is not None:
            visible_relation(relation)
        todo = create_todo(actor=actor, title=title, relation_id=relation, due_on=due_on)
        return Written(done=True, says=_("On the list."), id=todo.id, operation=done.id)


def ask_undo(context: Context_, operation: UUID, code: str) -> Elicit[Answer] | Answer:
    """The question before something is turned back."""
    with working(context, "write") as actor:
        words = _undo_words(operation)
        call = {"undo": operation}
        answer: Elicit[Answer] | Answer = question(context, words, str(actor.seat_id), call, code)
        return answer


def _undo_words(operation_id: UUID) -> str:
    if not Operation.objects.filter(id=operation_id).exists():
        raise ToolError(_("There is no operation with this id."))
    return _("Turn back operation %(id)s") % {"id": operation_id}


def undo(
    context: Context_,
    operation: Annotated[UUID, Field(description="`operation` of something that was written")],
    answer: Annotated[ElicitationResult[Answer], Resolve(ask_undo)],
    code: Code = "",
) -> Written:
    """Turn back something that was written. It asks the person first; later changes by others are left alone."""
    if not _agreed(answer):
        return _refused(context, answer, _("Turn back operation %(id)s") % {"id": operation}, {"undo": operation})
    with working(context, "write") as actor:
        found = Operation.objects.filter(id=operation).first()
        if found is None or not may_undo(actor, found):
            raise ToolError(_("This cannot be turned back by you, or not any more."))
        try:
            result = undo_operation(actor=actor, operation_id=operation)
        except (CannotUndo, PermissionDenied) as trouble:
            raise ToolError(_("This cannot be turned back by you, or not any more.")) from trouble
        return Written(done=True, says=_("Turned back."), operation=result.operation.id)
