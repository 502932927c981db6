# SPDX-License-Identifier: Apache-2.0
"""What a search may spend: a count of what it looks at, never time, so that a plan is the same everywhere."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Effort:
    """What a search may still spend."""

    left: int

    def spend(self, units: int) -> None:
        """Raises:
        OutOfEffort: nothing is left.
        """
        self.left -= units
        if self.left < 0:
            raise OutOfEffort


class OutOfEffort(Exception):
    """The search ended before it knew."""
