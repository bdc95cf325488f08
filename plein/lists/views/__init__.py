# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of every list."""

from plein.lists.views.lists import list_page

__all__ = ["list_page"]
