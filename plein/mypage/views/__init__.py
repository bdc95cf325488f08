# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages: people's own in `own`, what colleagues see of them beside it."""
