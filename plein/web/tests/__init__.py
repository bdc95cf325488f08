# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the design system promises."""
