# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an import keeps on disk while it is not done, and what it reads from there again."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from plein.channels.base import Unreadable
from plein.channels.connectors.mail.roles import JobRole, read_roles
from plein.channels.models import ImportProblem, MailImport
from plein.core.events import publish
from plein.moments.events import MailBroughtIn
from plein.moments.intake.bringer import Bringer
from plein.moments.intake.plan import Choices, preview_of
from plein.moments.intake.scan import Scan
from plein.moments.queries.sharing import rules_of
from plein.relations.domains import domain_of


def folder_of(planned: MailImport) -> Path:
    """The folder of an import."""
    return Path(settings.PLEIN_FILES) / str(planned.workspace_id) / "imports" / str(planned.id)


def spool_of(planned: MailImport) -> Path:
    """Where the reader leaves attachments and what it could not read."""
    return folder_of(planned) / "spool"


def bringer_of(planned: MailImport) -> Bringer:
    """The import as it brings in messages; what it could not read is kept beside it."""

    def refuse(problems: Sequence[Unreadable]) -> None:
        ImportProblem.objects.bulk_create(
            ImportProblem(
                mail_import=planned,
                circle_id=planned.circle_id,
                folder=problem.folder[:500],
                position=problem.position,
                reason=problem.reason[:500],
                sha256=problem.sha256,
                size=problem.size,
            )
            for problem in problems
        )

    return Bringer(planned.id, planned.circle_id, spool_of(planned), rules_of(planned), refuse)


def keep_scan(planned: MailImport, scan: Scan) -> None:
    """Keep what the look ahead found."""
    scan.save(folder_of(planned) / "scan.json")


def kept_scan(planned: MailImport) -> Scan | None:
    """What the look ahead found, or None when it is not kept any more."""
    kept = folder_of(planned) / "scan.json"
    return Scan.load(kept) if kept.is_file() else None


def choices_of(planned: MailImport, ours: Sequence[str]) -> Choices:
    """The choices of an import, with this for our side."""
    return Choices(planned.policy, tuple(ours), roles_of(planned.roles_path, ours))


def count_again(planned: MailImport, ours: Sequence[str]) -> dict[str, Any]:
    """The counts for the user to choose by, with another "our side"."""
    scan = kept_scan(planned)
    return preview_of(scan, choices_of(planned, ours)) if scan else planned.preview.get("policies", {})


def roles_of(path: str, ours: Sequence[str]) -> dict[str, JobRole]:
    """A list of roles, by address; addresses without a domain get ours."""
    if not path:
        return {}
    domain = next((domain_of(own) for own in ours), "")
    return {role.address: role for role in read_roles(Path(path), domain)}


def clear(planned: MailImport) -> None:
    """What the import needed goes, and the file that was sent for it; what it brought stands elsewhere."""
    shutil.rmtree(folder_of(planned), ignore_errors=True)
    if planned.is_upload:
        shutil.rmtree(Path(planned.path).parent, ignore_errors=True)


def tell_brought_in(import_id: UUID) -> None:
    """Tell that all of it is in: now the texts can be looked at, which would have held the import up."""
    publish(MailBroughtIn(import_id))
