# SPDX-License-Identifier: Apache-2.0
"""Arrays of a user's file: only what has the model's shape and type is taken."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from edgesdk.errors import DATA_INVALID, EdgeError
from edgesdk.measure.inputs import load_cases
from edgesdk.rewrite.load import load_model
from model_files import MODELS

SHAPE = (49, 10, 1)


@pytest.mark.parametrize("shape", [(2, 1, *SHAPE), (2, *SHAPE)])
def test_a_batch_axis_may_be_left_out(shape: tuple[int, ...], tmp_path: Path) -> None:
    graph = load_model(MODELS / "kws01.tflite")
    values = np.arange(980).astype(np.int8)
    np.savez(tmp_path / "data.npz", input_1=values.reshape(shape))
    cases = load_cases(graph, tmp_path / "data.npz")
    np.testing.assert_array_equal(np.concatenate([case[0].reshape(-1) for case in cases]), values)


@pytest.mark.parametrize("shape", [(2, 10, 49, 1), (2, 490), (980,), (2, 1, 1, *SHAPE), (1, 2, *SHAPE)])
def test_other_shapes_of_as_many_elements_are_refused(shape: tuple[int, ...], tmp_path: Path) -> None:
    graph = load_model(MODELS / "kws01.tflite")
    np.savez(tmp_path / "data.npz", input_1=np.zeros(shape, np.int8))
    with pytest.raises(EdgeError, match="49, 10, 1") as caught:
        load_cases(graph, tmp_path / "data.npz")
    assert caught.value.kind is DATA_INVALID
