# SPDX-License-Identifier: Apache-2.0
"""edgesdk inspect"""

from __future__ import annotations

from edgesdk.cli.options import Json, Model
from edgesdk.cli.output import emit


def inspect(model: Model, json: Json = False) -> None:
    """Show what a model file holds: operators, shapes, work, weights.

    Example: edgesdk inspect kws01.tflite
    """
    from edgesdk.measure.inspect import inspect as run
    from edgesdk.report.inspect import render_inspect

    emit(run(model), render_inspect, json)
