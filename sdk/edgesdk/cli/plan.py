# SPDX-License-Identifier: Apache-2.0
"""edgesdk plan"""

from __future__ import annotations

from edgesdk.cli.options import BoardId, FloatIo, Input, Json, Model, Optimize, Ram
from edgesdk.cli.output import emit
from edgesdk.cli.target import choose, plan_options


def plan(
    model: Model,
    board: BoardId = None,
    ram: Ram = None,
    optimize: Optimize = "ram",
    input: Input = "resident",
    float_io: FloatIo = False,
    json: Json = False,
) -> None:
    """Say what a model will cost on a board, before anything is built.

    Example: edgesdk plan kws01.tflite --board mps2-an386 --ram 32K
    """
    from edgesdk.measure.plan import plan as run
    from edgesdk.report.plan import render_plan

    report = run(model, choose(board).board, plan_options(optimize, input, float_io), ram)
    emit(report, render_plan, json)
