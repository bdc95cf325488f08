# SPDX-License-Identifier: AGPL-3.0-or-later
"""The file of a relation on paper: everything the reader may see of it, as a PDF."""

import importlib

from plein.relations.models import Relation


def write_dossier(relation: Relation, *, reader: str, workspace: str) -> bytes:
    """The file of one relation as a PDF: only what the reader may see is in it, and it says who printed it when."""
    # Loaded with the first one: what writes a PDF is large, and most processes never do.
    content = importlib.import_module("plein.moments.dossier.content")
    written: bytes = content.write_dossier(relation, reader=reader, workspace=workspace)
    return written
