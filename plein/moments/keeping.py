# SPDX-License-Identifier: AGPL-3.0-or-later
"""Contact moments, their files, and people without any: what a company may choose to keep for a while only."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plein.consent.keeping import Keeping
from plein.core.audit import audit
from plein.moments.models import Attachment, Moment, MomentSubject, Participant
from plein.moments.vocabulary import MomentKind, State
from plein.relations.models import Relation
from plein.relations.vocabulary import RelationKind
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def _of_kind(kind: MomentKind) -> Callable[[datetime], QuerySet[Any, Any]]:
    return lambda before: Moment.objects.filter(kind=kind, occurred_at__lt=before).exclude(state=State.PLANNED)


def _moments(ids: list[UUID]) -> list[str]:
    return [one or _("without a subject") for one in
            MomentSubject.objects.filter(moment_id__in=ids).values_list("title", flat=True)]  # fmt: skip


def _silent(before: datetime) -> QuerySet[Any, Any]:
    """People we have had no contact with since, and who were not added since; colleagues stay."""
    contact = Participant.objects.filter(relation_id=OuterRef("id"), occurred_at__gte=before)
    people = Relation.objects.filter(kind=RelationKind.PERSON, seat__isnull=True, is_ours=False)
    return people.filter(created_at__lt=before, updated_at__lt=before).filter(~Exists(contact))


def _people(ids: list[UUID]) -> list[str]:
    return list(Relation.objects.filter(id__in=ids).order_by("sort_name").values_list("name", flat=True))


def _files(before: datetime) -> QuerySet[Any, Any]:
    return Attachment.objects.filter(moment__occurred_at__lt=before, is_inline=False)


def _file_names(ids: list[UUID]) -> list[str]:
    return list(Attachment.objects.filter(id__in=ids).values_list("name", flat=True))


def _remove_files(actor: Entrance, ids: list[UUID]) -> int:
    permit(actor, "delete")
    found = Attachment.objects.filter(id__in=ids)
    count = found.count()
    audit("delete", kind="attachment", about=ids)
    found.delete()
    return count


KEEPINGS = (
    *(
        Keeping(
            key=f"moment-{kind}",
            label=kind.label,
            what=gettext_lazy("Counted from when it took place. Planned ones stay."),
            old=_of_kind(kind),
            naming=_moments,
            months=84,
            kind="moment",
        )
        for kind in MomentKind
    ),
    Keeping(
        key="person",
        label=gettext_lazy("people we lost touch with"),
        what=gettext_lazy("Counted from the last contact, or from when they were added or changed. Colleagues stay."),
        old=_silent,
        naming=_people,
        months=60,
        kind="person",
        is_promised=True,
    ),
    Keeping(
        key="file",
        label=gettext_lazy("files of contact moments"),
        what=gettext_lazy("Counted from the contact moment. What was said stays."),
        old=_files,
        naming=_file_names,
        months=84,
        remove=_remove_files,
    ),
)
