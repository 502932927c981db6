# SPDX-License-Identifier: Apache-2.0
"""Plans that no search would choose."""

from __future__ import annotations

from random import Random

from edgesdk.plan.candidate import Candidate, placed
from edgesdk.plan.lives import Needs
from edgesdk.plan.planner import FIRST


def random_plan(needs: Needs, random: Random) -> Candidate | None:
    """Any cuts, any bands."""
    works = needs.flow.works
    if not works:
        return None
    cuts = [k for k in range(1, len(works)) if random.random() < 0.5] + [len(works)]
    bands = [random.choice(w.bands) for w in works]
    return placed(needs, cuts, bands, FIRST)
