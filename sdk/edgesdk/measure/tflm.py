# SPDX-License-Identifier: Apache-2.0
"""TensorFlow Lite Micro's own reference kernels, from the tflite-micro wheel: a second source of expected outputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from edgesdk.errors import TOOL_MISSING, USAGE, EdgeError
from edgesdk.measure.inputs import Case
from edgesdk.measure.oracle import boundary, inward, outward
from edgesdk.measure.prepare import Prepared
from edgesdk.model.graph import Array
from edgesdk.text import printable

ARENA_BYTES = 64 << 20
OWN = "edgesdk."  # what the names of our operators begin with


class TflmOracle:
    """The model file in TFLite Micro's interpreter. Where the firmware's boundary is inside the file's, it gets the
    dequantized (or uint8) values, and its outputs are quantized back.

    Raises:
        EdgeError: USAGE where the model has operators of edgesdk's own, TOOL_MISSING without the wheel.
    """

    def __init__(self, prepared: Prepared) -> None:
        own = sorted({node.op for node in prepared.source.nodes if node.op.startswith(OWN)})
        if own:
            raise EdgeError(
                USAGE,
                f"--oracle tflm cannot run {', '.join(own)}",
                where=printable(prepared.path.name),
                why="TFLite Micro knows no operators of edgesdk's own",
                tries=("leave --oracle out to use edgesdk's own reference",),
            )
        try:
            from tflite_micro.python.tflite_micro import runtime
        except ImportError:
            raise EdgeError(
                TOOL_MISSING,
                "the tflite-micro wheel is not installed",
                why="it exists for Linux on x86-64 only",
                tries=("pip install 'edgesdk[oracle]'", "leave --oracle out to use edgesdk's own reference"),
            ) from None
        self._interpreter: Any = runtime.Interpreter.from_file(str(prepared.path), arena_size=ARENA_BYTES)
        self._inputs, self._outputs = boundary(prepared)

    def outputs(self, case: Case) -> Sequence[Array]:
        """The outputs of one inference, as the firmware's tensors."""
        for k, ((outer, inner), value) in enumerate(zip(self._inputs, case, strict=True)):
            self._interpreter.set_input(outward(value, outer, inner), k)
        self._interpreter.invoke()
        return [
            inward(np.asarray(self._interpreter.get_output(k)), outer, inner)
            for k, (outer, inner) in enumerate(self._outputs)
        ]
