# SPDX-License-Identifier: AGPL-3.0-or-later
from plein.core.operations import operation
from plein.moments.models import Moment, MomentSubject, MomentText
from plein.trust.circles import circle_for
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def change_moment_circle(*, actor: Entrance, moment: Moment, circle: str) -> Moment:
    """Choose who sees a moment; its subject, text, participants and files move along."""
    permit(actor, "write")
    with operation("change_moment_circle"):
        Moment.objects.filter(id=moment.id).update(circle_id=circle_for(circle))
    moment.refresh_from_db()
    return moment


def change_subject_circle(*, actor: Entrance, moment: Moment, circle: str) -> None:
    """Choose who sees the subject of a moment; an empty choice means whoever sees the moment."""
    permit(actor, "write")
    with operation("change_subject_circle"):
        MomentSubject.objects.filter(moment=moment).update(own_circle_id=_own(circle))


def change_text_circle(*, actor: Entrance, moment: Moment, circle: str) -> None:
    """Choose who sees the text of a moment and its files; an empty choice means whoever sees the moment."""
    permit(actor, "write")
    with operation("change_text_circle"):
        MomentText.objects.filter(moment=moment).update(own_circle_id=_own(circle))


def _own(circle: str) -> int | None:
    return None if circle in ("", "moment", "everyone") else circle_for(circle)
