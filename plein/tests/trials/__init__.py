# SPDX-License-Identifier: AGPL-3.0-or-later
"""Trials of survival: processes killed, databases gone, disks full, nonsense by the thousands; nothing may be lost."""

import os

#: At night everything is tried in full; per commit a sample.
NIGHTLY = bool(os.environ.get("PLEIN_NIGHTLY"))
