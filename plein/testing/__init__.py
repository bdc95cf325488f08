# SPDX-License-Identifier: AGPL-3.0-or-later
"""What tests stand on: a real database, a real server, a real browser, the cast and their company."""
