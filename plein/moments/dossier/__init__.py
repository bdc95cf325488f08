# SPDX-License-Identifier: AGPL-3.0-or-later
"""The file of a relation on paper: everything the reader may see of it, as a PDF."""

from plein.moments.dossier.content import write_dossier

__all__ = ["write_dossier"]
