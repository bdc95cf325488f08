# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who works here and who may see what: workspaces, users and their seats, teams, circles, ways to sign in, secrets."""
