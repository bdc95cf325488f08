# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stream that tells an open page what is new: one listening connection per process, no thread per page."""
