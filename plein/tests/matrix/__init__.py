# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address and every operation × who asks × in whose circle the things are × with which verb."""
