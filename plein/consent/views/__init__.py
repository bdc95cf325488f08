# SPDX-License-Identifier: AGPL-3.0-or-later
"""The HTML door to purposes and consent."""
