# SPDX-License-Identifier: AGPL-3.0-or-later
"""Turns what can go wrong with an import into a sentence for the user, and the state in which it can go on."""

import errno
import logging

import psycopg
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from plein.channels.connectors.archives import ArchiveFailed, NotAnArchive
from plein.channels.connectors.mail import NotAMailbox, ReaderFailed
from plein.channels.connectors.mail.roles import NotRoles
from plein.channels.models import ImportState, MailImport
from plein.moments.intake.lease import AtWork, Superseded
from plein.moments.intake.runner import Runner
from plein.trust.seats import entered

logger = logging.getLogger(__name__)


def carry_out(runner: Runner, *, scan_only: bool) -> None:
    """Let a worker do its turn; trouble that is not the worker's own ends in the state "stopped", with the reason.

    Superseded ends the turn silently. A database that does not answer is raised: nothing can be written down then.
    """
    try:
        if scan_only:
            runner.scan()
        else:
            runner.run()
    except Superseded:
        return
    except AtWork:
        raise
    except Exception as error:
        if is_database_gone(error):
            raise
        sentence = sentence_of(error)
        if sentence is None:
            logger.exception("import %s", runner.import_id)
            sentence = _(
                "Something unexpected happened at this place. Nothing is lost: try to go on, or look in the log."
            )
        stop(runner, sentence)


def stop(runner: Runner, sentence: str) -> None:
    """Say why the import stopped; only the worker that still has it may."""
    if runner.lease is None:
        return
    with entered(runner.user, runner.workspace, door=runner.door):
        MailImport.objects.filter(
            id=runner.import_id,
            fence=runner.lease.fence,
            state__in=(ImportState.SCANNING, ImportState.RUNNING),
        ).update(state=ImportState.FAILED, problem=sentence[:500], lease_until=None, holder="")


def is_database_gone(error: BaseException) -> bool:
    """Whether the database went away, as against refused something."""
    return isinstance(error, OperationalError | InterfaceError) and not _is_disk_full(error)


def sentence_of(error: BaseException) -> str | None:
    """What a user can do something with, or None when this was not foreseen."""
    if _is_disk_full(error):
        return _("The disk is full. Nothing is lost and nothing is half done: make room, then go on.")
    if isinstance(error, NotAMailbox | ReaderFailed | NotRoles | NotAnArchive | ArchiveFailed):
        return str(error)
    if isinstance(error, FileNotFoundError):
        return _("The file %(name)s is not there any more.") % {"name": error.filename}
    if isinstance(error, OSError) and error.strerror:
        return _("The file could not be read: %(reason)s.") % {"reason": error.strerror}
    return None


def _is_disk_full(error: BaseException | None) -> bool:
    seen = 0
    while error is not None and seen < 10:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if isinstance(error, psycopg.errors.DiskFull):
            return True
        text = str(error)
        if isinstance(error, ReaderFailed) and "No space left" in text:
            return True
        error, seen = error.__cause__ or error.__context__, seen + 1
    return False
