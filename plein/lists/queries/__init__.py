# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one can ask about saved views."""

from plein.lists.queries.saved import ViewLine, all_views, find_view, pinned_views, views_at_hand, views_named

__all__ = ["ViewLine", "all_views", "find_view", "pinned_views", "views_at_hand", "views_named"]
