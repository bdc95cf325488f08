# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door to who works here: seats, teams, the company's settings, and oneself."""

from plein.trust.api import company, personal, placing
from plein.trust.api.door import router

__all__ = ["company", "personal", "placing", "router"]
