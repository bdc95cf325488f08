# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to a company's own fields: which there are, and setting them up."""

from plein.metadata.api import setup
from plein.metadata.api.door import router

__all__ = ["router", "setup"]
