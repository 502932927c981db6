# SPDX-License-Identifier: Apache-2.0
"""Cycle estimates: what a core and its flash make of counted instructions. docs/cycles.md has the tables' sources."""
