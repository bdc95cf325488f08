# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages about forms for administrators, and the forms themselves for visitors."""
