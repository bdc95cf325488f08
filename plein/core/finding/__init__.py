# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding is separate from reading: the finder turns a search or a filter into ids, which are then read under RLS.

It alone uses the role `plein_finder`, which may read the few tables it looks in and sees all their rows, because
text and trigram indexes do not work under row-level security. It adds the literal workspace and circles itself, so a
mistake here shows nothing extra: what it returns is ids, and reading them asks again who may see them.
"""

from plein.core.finding.finder import find_ids
from plein.core.finding.likeness import QUESTIONS, WRITTEN, Alike, Weighed, alike
from plein.core.finding.search import Hits, search, suggest

__all__ = ["QUESTIONS", "WRITTEN", "Alike", "Hits", "Weighed", "alike", "find_ids", "search", "suggest"]
