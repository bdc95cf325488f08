# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealing anew, with the newest key, whatever an older key sealed.

Workspace by workspace, and each row only when it is still as it was read: it can be stopped at any moment and begun
anew, while people work. What is sealed with the newest key already is left alone.
"""

from dataclasses import dataclass

from django.db.models import BinaryField, QuerySet

from plein.core.isolation import Context, no_workspace, workspace_context
from plein.trust import secret_box
from plein.trust.models import CodeApp, Secret
from plein.trust.queries import every_seat

#: Every column that keeps something sealed, for the test that looks for one that is not named here.
SEALED = {"trust_secret.sealed", "trust_code_app.sealed"}


@dataclass(slots=True)
class Resealed:
    """What was done: sealed anew, sealed with the newest key already, and what no key here opens."""

    anew: int = 0
    already: int = 0
    unopenable: int = 0


def _reseal(rows: "QuerySet[Secret] | QuerySet[CodeApp]", done: Resealed) -> None:
    for key, kept in list(rows.values_list("pk", "sealed")):
        sealed = bytes(kept)
        if secret_box.is_newest(sealed):
            done.already += 1
            continue
        try:
            fresh = secret_box.sealed_anew(sealed)
        except secret_box.Unopenable:
            done.unopenable += 1
            continue
        # Whoever changed it meanwhile sealed it with the newest key.
        done.anew += rows.filter(pk=key, sealed=sealed).update(sealed=fresh)


def reseal_everything() -> Resealed:
    """Seal anew all there is; in every workspace, and of every user."""
    done = Resealed()
    for workspace in sorted({seat.workspace_id for seat in every_seat()}):
        with workspace_context(Context(workspace_id=workspace, door="setup")):
            _reseal(Secret.objects.order_by("id"), done)
    with no_workspace("seal code apps anew"):
        _reseal(CodeApp.objects.order_by("user_id"), done)
    return done


def sealed_columns(models: list[type]) -> set[str]:
    """The columns of these models that are named as if they kept something sealed."""
    found = set()
    for model in models:
        for field in model._meta.fields:  # type: ignore[attr-defined]
            if isinstance(field, BinaryField) and "sealed" in field.name:
                found.add(f"{model._meta.db_table}.{field.column}")  # type: ignore[attr-defined]
    return found
