# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which file a list becomes, by the words that programs use for both; and an export that was asked for.

Nothing of an export is kept here: what was asked travels signed in its id, and the file is made each time it is
fetched, with the eyes that its maker has then.
"""

from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import QueryDict
from django.utils.translation import gettext as _

from plein.core.ids import now
from plein.dav.files import APPOINTMENTS, CARDS, HAVE_CARDS, agenda_of
from plein.lists.export.streaming import FileFormat, Look, Shape
from plein.lists.kinds import ListKind, kind_of
from plein.lists.models import SavedView
from plein.lists.query import ViewQuery
from plein.trust.seats import Entrance

type ListName = Literal["people", "organizations", "moments", "todos", "calendar"]
type ExportFormat = Literal["csv", "xlsx", "ods", "json", "vcard", "ics"]
TABLES = get_args(FileFormat.__value__)
CARD, CALENDAR = "vcard", "ics"
#: The word for one's own agenda, which is a list of contact moments of which only appointments are shown.
AGENDA, MOMENTS = "calendar", "moment"
KINDS: dict[str, str] = {
    "people": "person",
    "organizations": "organization",
    "moments": MOMENTS,
    "todos": "todo",
    AGENDA: MOMENTS,
}
GOOD_FOR = timedelta(days=1)
_SIGNER = Signer(salt="plein.exports")


class NotThatFile(ValueError):
    """A list that does not go out as such a file; the message says as what it does."""


def kind_named(name: str) -> ListKind:
    """The kind of list that a word of programs means; raises KeyError."""
    return kind_of(KINDS[name])


def shape_of(actor: Entrance, kind: ListKind, wanted: str, *, is_agenda: bool, has_view: bool) -> Shape | None:
    """What the file is when it is no plain table of the whole list; raises NotThatFile.

    Of the agenda without a view it is one's own, with a view the appointments of that view, whosoever they are.
    """
    if wanted == CARD:
        if kind.key not in HAVE_CARDS:
            raise NotThatFile(_("Only people and organizations go out as vCard."))
        return CARDS
    if not is_agenda:
        if wanted != CALENDAR:
            return None
        if kind.key != MOMENTS:
            raise NotThatFile(_("Only appointments go out as iCalendar: the calendar, or contact moments."))
        return APPOINTMENTS
    agenda = APPOINTMENTS if has_view else agenda_of(actor)
    return agenda if wanted == CALENDAR else Shape(only=agenda.only)


def look_of(wanted: str) -> Look:
    """How a table is written for programs."""
    return Look(wanted, with_bom=False) if wanted in TABLES else Look()  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Order:
    """An export that was asked for: of which list, as which file, and what narrows it."""

    list: str
    format: str
    view: str = ""
    filter: str = ""
    search: str = ""
    columns: str = ""
    sort: str = ""
    group: str = ""
    made: int = 0
    seat: str = ""

    @property
    def ends_at(self) -> datetime:
        """Until when it may be fetched."""
        return datetime.fromtimestamp(self.made, UTC) + GOOD_FOR

    @property
    def view_id(self) -> UUID | None:
        return UUID(self.view) if self.view else None

    def asked(self, saved: SavedView | None) -> dict[str, str]:
        """The questions of its list: what is said here takes the place of what the view says."""
        before = {str(name): str(text) for name, text in QueryDict(saved.query).items()} if saved else {"f": ""}
        said = {"f": self.filter, "q": self.search, "columns": self.columns, "sort": self.sort, "group": self.group}
        return before | {name: text for name, text in said.items() if text}


def sign(actor: Entrance, order: Order) -> str:
    """The id of an export that somebody asked for now."""
    made = replace(order, made=int(now().timestamp()), seat=str(actor.seat_id))
    return _SIGNER.sign_object(list(astuple(made)), compress=True)


def read(actor: Entrance, text: str) -> Order | None:
    """The export of this id, while it may be fetched, for whoever asked for it."""
    try:
        order = Order(*_SIGNER.unsign_object(text))
    except (BadSignature, TypeError, ValueError):
        return None
    return order if order.seat == str(actor.seat_id) and order.ends_at > now() else None


def query_of(order: Order, saved: SavedView | None) -> ViewQuery:
    """The view of its list; raises BadFilter."""
    return ViewQuery.read(kind_named(order.list), order.asked(saved))
