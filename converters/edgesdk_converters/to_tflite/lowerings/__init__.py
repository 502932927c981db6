# SPDX-License-Identifier: Apache-2.0
"""How layers become operators: one file for each family, or for each layer of edgesdk."""
