# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door people walk through: pages, components, navigation and the look of Plein."""
