# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door for assistants: a Model Context Protocol server that acts for the person whose token it carries."""
