# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ground everything stands on: records, isolation, operations with undo, finding, events; no business."""
