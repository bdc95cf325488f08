# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fixtures that every test may use; the database plugin is loaded earlier, see pyproject.toml."""

pytest_plugins = ["plein.testing.server", "plein.testing.browser"]
