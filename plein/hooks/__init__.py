# SPDX-License-Identifier: AGPL-3.0-or-later
"""What other programs tell us and want to hear from us, over the web, and what came of each call."""
