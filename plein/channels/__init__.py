# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that comes in from or goes out to the world outside: mail, networks, feeds, archives and files."""
