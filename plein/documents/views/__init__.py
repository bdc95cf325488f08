# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of files, the invoices of a relation, and bringing them in."""
