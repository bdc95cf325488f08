# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one can do with saved views."""

from plein.lists.actions.saved import MOST_PINNED, change_view, delete_view, may_change, pin_view, save_view

__all__ = ["MOST_PINNED", "change_view", "delete_view", "may_change", "pin_view", "save_view"]
