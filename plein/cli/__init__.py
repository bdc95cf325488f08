# SPDX-License-Identifier: AGPL-3.0-or-later
"""The `plein` command: what an administrator types to start, fill, check and mend a Plein."""
