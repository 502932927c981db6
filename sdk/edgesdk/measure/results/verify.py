# SPDX-License-Identifier: Apache-2.0
"""Whether a board computes what the model says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Divergence:
    """The first place where a device differs from the reference.

    Args:
        input: number of the input, from 0.
        layer, op: the layer (index in the plan) that made the tensor.
        tensor: the tensor's name.
        row: its row, counted over all frames; -1 where only the whole tensor could be compared.
        expected_crc32, got_crc32: of that row (or tensor), 8 hex digits.
    """

    input: int
    layer: int
    op: str
    tensor: str
    row: int
    expected_crc32: str
    got_crc32: str


@dataclass(frozen=True)
class Verify:
    """Whether a device computes what the model says.

    Args:
        inputs: inputs compared.
        tensors_compared: materialised tensors compared, summed over the inputs.
        mismatched_outputs: output elements that differ, summed over the inputs.
        first: the first divergence in execution order; None where there is none.
        oracle: "reference" (edgesdk.ops) or "tflm" (the tflite-micro wheel).
        seed: of the random inputs; None for inputs from a file.
        stream: frames of a call; None: a call is a whole inference. An input is a clip.
    """

    board: str
    emulated: bool
    model: str
    optimize: str
    input: str
    inputs: int
    tensors_compared: int
    mismatched_outputs: int
    first: Divergence | None
    oracle: str = "reference"
    seed: int | None = None
    stream: int | None = None
    output: str = "resident"

    @property
    def clean(self) -> bool:
        return self.first is None and self.mismatched_outputs == 0
