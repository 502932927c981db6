# SPDX-License-Identifier: Apache-2.0
"""One file per operator: checks, shapes, integer reference, rows needed, MACs."""

from edgesdk.ops.registry import find_operator, operators

__all__ = ["find_operator", "operators"]
