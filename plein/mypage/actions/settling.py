# SPDX-License-Identifier: AGPL-3.0-or-later
from plein.core.isolation import workspace_id
from plein.core.operations import operation
from plein.mypage.models import PageSettings
from plein.trust.permissions import permit
from plein.trust.seats import Entrance


def set_own_pages(*, actor: Entrance, is_open: bool, in_footer: bool, names_readers: bool = False) -> PageSettings:
    """Choose whether people may open their own page, whether mail to one person offers it, and if it names readers."""
    permit(actor, "manage")
    with operation("set_own_pages"):
        chosen, _made = PageSettings.objects.update_or_create(
            workspace_id=workspace_id(),
            defaults={"is_open": is_open, "in_footer": in_footer, "names_readers": names_readers},
        )
    return chosen
