# SPDX-License-Identifier: AGPL-3.0-or-later
"""The example company: a working day at Noorderlicht Techniek, so that a newcomer sees Plein full."""
