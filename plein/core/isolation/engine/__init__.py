# SPDX-License-Identifier: AGPL-3.0-or-later
"""The database engine: Django's for PostgreSQL, which refuses to answer a question nobody asked."""
