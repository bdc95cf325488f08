# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a worker does with an address book: look ahead, or bring it in; what goes wrong becomes a sentence."""

import logging
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.utils import translation
from django.utils.translation import gettext as _

from plein.channels.connectors.contacts.tables import NotATable
from plein.channels.models import ImportState
from plein.core.leases import AtWork, Superseded
from plein.imports.actions import kept_book, wishes_of
from plein.imports.ahead import MOST, Ahead
from plein.imports.effects import Effect
from plein.imports.models import ContactImport, Foreseen
from plein.imports.runner import Runner
from plein.trust.circles import UnknownCircle
from plein.trust.models import User
from plein.trust.seats import entered

logger = logging.getLogger(__name__)
#: Entries of which is told what would become of them, and how many more of those one should look at.
TOLD = 500


def look_ahead(user: User, workspace: int, import_id: UUID) -> None:
    """Count what would become of all entries, and keep of the first ones what it is."""
    with translation.override(user.language):
        with entered(user, workspace, door="worker"):
            planned = ContactImport.objects.get(id=import_id)
        if planned.state != ImportState.SCANNING:
            return
        book = kept_book(planned)
        counts: Counter[str] = Counter()
        kept: list[Effect] = []
        told: Counter[str] = Counter()
        try:
            for effects in Ahead(user, workspace, book, wishes_of(planned), "worker").effects():
                counts.update(one.what for one in effects)
                for one in effects:
                    told[one.what] += 1
                    kept += [one] if told[one.what] <= TOLD else []
        except (NotATable, UnknownCircle, OSError) as trouble:
            return _stop(user, workspace, import_id, sentence_of(trouble))
        _keep(user, workspace, import_id, counts, kept)


def _keep(user: User, workspace: int, import_id: UUID, counts: Counter[str], kept: list[Effect]) -> None:
    with entered(user, workspace, door="worker"):
        planned: ContactImport = ContactImport.objects.select_for_update().get(id=import_id)
        if planned.state != ImportState.SCANNING:
            return
        Foreseen.objects.filter(contact_import=planned).delete()
        Foreseen.objects.bulk_create([_foreseen(planned, one) for one in kept], batch_size=1_000)
        looked = counts.total()
        planned.foreseen = {**counts, "looked": looked, "is_all": looked < MOST}
        planned.state = ImportState.PREVIEW
        planned.save(update_fields=["foreseen", "state"])


def _foreseen(planned: ContactImport, one: Effect) -> Foreseen:
    return Foreseen(
        contact_import=planned,
        circle_id=planned.circle_id,
        number=one.entry.number,
        name=one.name[:300],
        what=one.what,
        changes=[list(change) for change in one.changes],
        reasons=one.told,
        who=[[str(one_id), name] for one_id, name in one.who],
    )


def bring_in(user: User, workspace: int, import_id: UUID, should_stop: Callable[[], bool]) -> None:
    """Bring the book in, from where it stopped. A database that does not answer is raised, as is AtWork."""
    with translation.override(user.language):
        runner = Runner(user, workspace, import_id, door="worker", should_stop=should_stop)
        try:
            clear(runner.run())
        except Superseded:
            return
        except (AtWork, OperationalError, InterfaceError):
            raise
        except Exception as trouble:
            logger.exception("import of an address book %s", import_id)
            _stop(user, workspace, import_id, sentence_of(trouble))


def clear(done: ContactImport) -> None:
    """The file that was sent goes when all of it is in."""
    if done.is_upload and done.state == ImportState.DONE:
        shutil.rmtree(Path(done.path).parent, ignore_errors=True)


def sentence_of(trouble: Exception) -> str:
    """What a user can do something with."""
    if isinstance(trouble, NotATable):
        return str(trouble)
    if isinstance(trouble, UnknownCircle):
        return _("The circle you chose is not there any more. Choose another one.")
    if isinstance(trouble, FileNotFoundError):
        return _("The file is not there any more. Send it once more.")
    if isinstance(trouble, OSError) and trouble.strerror:
        return _("The file could not be read: %(reason)s.") % {"reason": trouble.strerror}
    return _("Something unexpected happened at this place. Nothing is lost: try to go on, or look in the log.")


def _stop(user: User, workspace: int, import_id: UUID, sentence: str) -> None:
    with entered(user, workspace, door="worker"):
        at_work = ContactImport.objects.filter(id=import_id, state__in=(ImportState.SCANNING, ImportState.RUNNING))
        at_work.update(state=ImportState.FAILED, problem=sentence[:500], lease_until=None, holder="")
