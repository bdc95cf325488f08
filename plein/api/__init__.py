# SPDX-License-Identifier: AGPL-3.0-or-later
"""The REST door: what people do on the pages, for programs, with a token that stands for one of them."""
