# SPDX-License-Identifier: Apache-2.0
"""From a Graph to a Plan: segments, schedule, and a place in memory for every byte."""

from edgesdk.plan.planner import plan_graph
from edgesdk.plan.regions import Region
from edgesdk.plan.smallest import smallest

__all__ = ["Region", "plan_graph", "smallest"]
