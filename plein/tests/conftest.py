# SPDX-License-Identifier: AGPL-3.0-or-later
"""Callers of the REST door, as the API's own tests have them."""

from plein.api.tests.conftest import calling

__all__ = ["calling"]
