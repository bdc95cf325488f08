# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every contact with a relation, on every channel, past and planned; what was said, and what is to be done next."""
