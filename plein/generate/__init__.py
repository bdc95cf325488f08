# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes workspaces of any size, to measure with: invented people, organizations and moments, or a given workload."""
