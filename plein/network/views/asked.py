# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page of the network was asked: about whom, from whose side, and how it is to be shown."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plein.core.audit import audit_look
from plein.network.queries import COLLEAGUES, ME
from plein.relations.models import Relation
from plein.trust.answers import Request

PICTURE, TABLE = "picture", "table"
LONGEST_NAME = 200


class Unclear(Exception):
    """What stands in the address cannot be meant; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who can introduce whom to whom, and how the answer is shown."""

    to: Relation | None
    origin: str | UUID
    beginner: Relation | None
    view: str

    @classmethod
    def read(cls, request: Request) -> "Asked":
        """What the address says; raises Unclear, and Http404 for whom the reader may not see."""
        begin = request.GET.get("from") or ME
        beginner = None if begin in (ME, COLLEAGUES) else somebody(begin)
        wanted = request.GET.get("to", "")
        return cls(
            to=somebody(wanted) if wanted else None,
            origin=beginner.id if beginner else begin,
            beginner=beginner,
            view=TABLE if request.GET.get("view") == TABLE else PICTURE,
        )

    def address(self, **changes: object) -> str:
        """The address of the same question with something else in it; what is as usual is left out."""
        to = self.to.id if self.to else ""
        wanted: dict[str, object] = {"to": to, "from": self.origin, "view": self.view, **changes}
        usual = {"from": ME, "view": PICTURE, "path": 1}
        return "?" + urlencode({key: str(value) for key, value in wanted.items() if value not in ("", usual.get(key))})


def somebody(text: str) -> Relation:
    """The person or organization of an id in an address, when the reader may see it."""
    try:
        wanted = UUID(text)
    except ValueError:
        raise Unclear(_("That address names nobody. Choose somebody by name.")) from None
    found: Relation | None = Relation.objects.filter(id=wanted).first()
    if found is None:
        raise Http404
    audit_look("relation", [found], how="list")
    return found


def typed_name(request: Request) -> str:
    """What somebody typed to find a name, without what no name holds."""
    return request.GET.get("name", "").replace("\x00", "").strip()[:LONGEST_NAME]
