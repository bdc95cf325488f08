# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures about a whole network, as arrays; pure computing, which knows nothing of people or databases."""
