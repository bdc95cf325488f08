# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to address books."""

from plein.imports.api.door import router

__all__ = ["router"]
