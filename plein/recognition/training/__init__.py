# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the models that Plein ships are made: seed sentences, labelled sets, fitting, figures. Needs scikit-learn."""
