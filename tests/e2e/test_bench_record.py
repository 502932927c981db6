# SPDX-License-Identifier: Apache-2.0
"""No version is slower or larger than the numbers in docs/results, nor than TensorFlow Lite Micro."""

from __future__ import annotations

import json

import pytest

from benchmark_models import EMULATED, OUTPUT_CRCS, QUICK_MODELS, TFLM_INSTRUCTIONS
from record_bench import RECORD, measured

MORE_INSTRUCTIONS, MORE_CODE = 1.01, 1.02
AT_LEAST = {"mps2-an385": 1.0, "riscv-virt": 2.0}  # times fewer instructions than TensorFlow Lite Micro


def pairs() -> list[object]:
    return [
        pytest.param(board, model, marks=[] if model in QUICK_MODELS else [pytest.mark.slow])
        for board in AT_LEAST
        for model in OUTPUT_CRCS
    ]


@pytest.mark.emulator
@pytest.mark.parametrize(("board", "model"), pairs())
def test_no_more_than_recorded(board: str, model: str) -> None:
    rows = json.loads(RECORD.read_text())["rows"]
    recorded = next(row for row in rows if (row["board"], row["model"]) == (board, model))
    (now,) = measured([model], [board])
    if now["compiler"] == recorded["compiler"]:  # others must be exact, not fast
        assert now["instructions"] <= recorded["instructions"] * MORE_INSTRUCTIONS
        assert now["code"] <= recorded["code"] * MORE_CODE
        assert now["weights"] <= recorded["weights"] * MORE_CODE
        assert now["instructions"] * AT_LEAST[board] <= TFLM_INSTRUCTIONS[board][model]
    assert now["arena"] <= recorded["arena"]


def test_the_record_is_whole() -> None:
    rows = json.loads(RECORD.read_text())["rows"]
    assert [(row["board"], row["model"]) for row in rows] == [(b, m) for b in EMULATED for m in OUTPUT_CRCS]
    table = RECORD.with_suffix(".md").read_text()
    assert all(f"| {r['board']} | {r['model']} | {r['instructions']:,} |" in table for r in rows)
