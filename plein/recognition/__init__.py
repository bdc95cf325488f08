# SPDX-License-Identifier: AGPL-3.0-or-later
"""Recognition: text in, labels out. What somebody wants, how they feel about it, how soon, and whom and what they name.

It works offline on a CPU, knows neither people nor contact moments, and keeps nothing: who calls it decides what to do
with the answer. What each label means stands in docs/develop/recognition.md.
"""
