# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reads of this domain."""

from plein.erasure.queries.telling import export_subject, vcard
from plein.erasure.queries.weighing import Weight, weigh

__all__ = ["Weight", "export_subject", "vcard", "weigh"]
