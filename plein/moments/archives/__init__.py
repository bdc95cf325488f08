# SPDX-License-Identifier: AGPL-3.0-or-later
"""Brings in what networks let people download of themselves: conversations become moments, connections become ties."""
