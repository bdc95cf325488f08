# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fixtures that every test may use; see each module for what it gives."""

pytest_plugins = [
    "plein.testing.files",
    "plein.testing.database",
    "plein.testing.server",
    "plein.testing.browser",
    "plein.testing.cast",
    "plein.testing.addresses",
    "plein.testing.figures",
]
