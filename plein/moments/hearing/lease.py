# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lets one worker at a time listen to a connection; see plein/core/leases.py."""

from plein.channels.models import Connection, ConnectionState
from plein.core import leases
from plein.core.leases import AtWork, Lease, Superseded

__all__ = ["HEARINGS", "AtWork", "Lease", "Superseded"]

HEARINGS = leases.Workplace(Connection._meta.db_table, (ConnectionState.ACTIVE,))
