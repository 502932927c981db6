# SPDX-License-Identifier: Apache-2.0
"""`--optimize size`: the same bits from less flash."""

from __future__ import annotations

import pytest

from benchmark_models import OUTPUT_CRCS, model_path
from edgesdk.boards import load_board
from edgesdk.measure.profile import profile
from edgesdk.model.plan import Options


@pytest.mark.emulator
@pytest.mark.parametrize(("name", "model"), [("mps2-an386", "kws01"), ("mps3-an547", "ad01")])
def test_less_flash(name: str, model: str) -> None:
    board = load_board(name)
    usual, small = (profile(model_path(model), board, Options(optimize=o)) for o in ("ram", "size"))
    assert small.output_crc32 == OUTPUT_CRCS[model]
    assert small.flash.code + small.flash.weights < usual.flash.code + usual.flash.weights
