# SPDX-License-Identifier: AGPL-3.0-or-later
from django.db.models import CharField, F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language


def name_for_reader(prefix: str) -> Combinable:
    """The name of something that has one in both languages, in the reader's or else in the other, as a column."""
    names = [f"{prefix}__name_nl", f"{prefix}__name_en"]
    if not (get_language() or "").startswith("nl"):
        names.reverse()
    first: Combinable = NullIf(F(names[0]), Value(""))
    return Coalesce(first, F(names[1]), output_field=CharField())
