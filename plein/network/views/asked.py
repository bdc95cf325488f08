# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page was asked: about whom, from whose side, and how the answer is to be shown."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plein.core.audit import audit_look
from plein.network.queries import COLLEAGUES, ME
from plein.network.queries.faces import Asking, Face, asking
from plein.network.queries.following import Moment
from plein.network.queries.introductions import Ends
from plein.relations.models import Relation
from plein.trust.answers import Request

PICTURE, TABLE = "picture", "table"
LONGEST_NAME = 200


class Unclear(Exception):
    """What stands in the address cannot be meant; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who can introduce whom to whom, and how the answer is shown.

    to          the person, or an organization: then anybody who works there
    begin       `me`, `colleagues` or the id of a relation, as it stands in the address
    beginner    that relation
    mine        the reader's own person, when there is one
    colleagues  who of us may be asked, when any of us may
    number      which of the ways is chosen
    """

    to: Face | None = None
    begin: str = ME
    beginner: Face | None = None
    mine: Face | None = None
    colleagues: tuple[UUID, ...] = ()
    view: str = PICTURE
    number: int = 1
    is_choosing: bool = False

    @classmethod
    def read(cls, request: Request, moment: Moment) -> "Asked":
        """What the address says; raises Unclear, and Http404 for whom the reader may not see. One query."""
        begin, wanted = request.GET.get("from") or ME, request.GET.get("to", "")
        ids = [] if begin in (ME, COLLEAGUES) else [_id(begin)]
        ids += [_id(wanted)] if wanted else []
        seat_id = request.seat.seat_id
        found = asking(ids, moment, seat_id, with_colleagues=begin != ME) if ids else Asking({})
        if any(one not in found.faces for one in ids):
            raise Http404
        audit_look("relation", [found.faces[one].relation for one in ids], how="list")
        return cls(
            to=found.faces[ids[-1]] if wanted else None,
            begin=begin if begin in (ME, COLLEAGUES) else str(ids[0]),
            beginner=None if begin in (ME, COLLEAGUES) else found.faces[ids[0]],
            mine=own(found, seat_id),
            colleagues=found.colleagues,
            view=TABLE if request.GET.get("view") == TABLE else PICTURE,
            number=_number(request.GET.get("path", "")),
            is_choosing="choose" in request.GET,
        )

    @property
    def is_shut(self) -> bool:
        """Whether it is to begin with a colleague who does not let others ask them."""
        one = self.beginner
        return one is not None and one != self.mine and one.seat_id is not None and one.id not in self.colleagues

    @property
    def ends(self) -> Ends:
        """Who would be asked first, and whom one would meet."""
        first = None if self.is_shut else self.beginner or (self.mine if self.begin == ME else None)
        sources = self.colleagues if self.begin == COLLEAGUES else (first.id,) if first else ()
        return Ends(sources, targets_of(self.to) if self.to else ())

    def address(self, **changes: object) -> str:
        """The address of the same question with something else in it; what is as usual is left out."""
        to = self.to.id if self.to else ""
        wanted: dict[str, object] = {"to": to, "from": self.begin, "view": self.view, **changes}
        usual = {"from": ME, "view": PICTURE, "path": 1}
        return "?" + urlencode({key: str(value) for key, value in wanted.items() if value not in ("", usual.get(key))})


def own(found: Asking, seat_id: UUID) -> Face | None:
    """The reader's own person."""
    mine = [one for one in found.faces.values() if one.seat_id == seat_id and one.is_person]
    return min(mine, key=lambda one: one.id, default=None)


def targets_of(face: Face) -> tuple[UUID, ...]:
    """Whom one would meet: the person, unless they are to be left alone, or who works at the organization."""
    if not face.is_person:
        return face.members
    return () if face.relation.do_not_contact else (face.id,)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Unclear(_("That address names nobody. Choose somebody by name.")) from None


def somebody(text: str) -> Relation:
    """The person or organization of an id in an address, when the reader may see it."""
    found: Relation | None = Relation.objects.filter(id=_id(text)).first()
    if found is None:
        raise Http404
    audit_look("relation", [found], how="list")
    return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 1


def typed_name(request: Request) -> str:
    """What somebody typed to find a name, without what no name holds."""
    return request.GET.get("name", "").replace("\x00", "").strip()[:LONGEST_NAME]
