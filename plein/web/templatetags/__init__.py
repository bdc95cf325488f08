# SPDX-License-Identifier: AGPL-3.0-or-later
"""Template words of Plein: icons, avatars, dates, buttons, fields."""
