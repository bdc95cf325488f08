# SPDX-License-Identifier: AGPL-3.0-or-later
"""Listens to connections: visits each in turn, and stores what was heard together with the place to go on from."""
