# SPDX-License-Identifier: Apache-2.0
"""The benchmark models and the boards that the end-to-end tests run them on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from model_files import MODELS

# zlib CRC-32 of the outputs for the default input, as TensorFlow Lite Micro's reference kernels compute them.
OUTPUT_CRCS = {"kws01": "4a3130da", "vww01": "90d2a596", "ic01": "8ffeda4f", "ad01": "036b7d7e"}
EMULATED = ("mps2-an385", "mps2-an386", "mps2-an500", "mps2-an505", "mps3-an547", "riscv-virt")
QUICK_BOARDS = ("mps2-an386", "riscv-virt")  # for the models that take longer
QUICK_MODELS = ("kws01", "ad01")


def model_path(name: str) -> Path:
    """A model of tests/models."""
    return MODELS / f"{name}.tflite"


def large_model(name: str) -> Path:
    """A model too large to keep here, from the folder EDGESDK_MODELS; skips the test without it."""
    path = Path(os.environ.get("EDGESDK_MODELS") or MODELS) / f"{name}_int8.tflite"
    if not path.is_file():
        pytest.skip(f"EDGESDK_MODELS holds no {path.name}")
    return path


def board_models(*, host: bool = True) -> list[object]:
    """Parameters (board, model): every pair, those that take long marked slow."""
    pairs: list[object] = []
    for board in (*EMULATED, *(("host",) if host else ())):
        marks = [] if board == "host" else [pytest.mark.emulator]
        for model in OUTPUT_CRCS:
            quick = model in QUICK_MODELS or board in (*QUICK_BOARDS, "host")
            pairs.append(pytest.param(board, model, marks=marks if quick else [*marks, pytest.mark.slow]))
    return [*pairs, pytest.param("netduino-plus-2", "kws01", marks=pytest.mark.emulator)]


# Instructions of one inference in TensorFlow Lite Micro, compiled with -O2 and run as ours are: on Cortex-M with
# CMSIS-NN, on RV32 with its reference kernels, since it has no others there.
TFLM_INSTRUCTIONS = {
    "mps2-an385": {"kws01": 10_532_629, "vww01": 31_959_309, "ic01": 41_846_002, "ad01": 955_960},
    "mps2-an386": {"kws01": 7_697_870, "vww01": 24_101_894, "ic01": 29_861_642, "ad01": 582_942},
    "mps2-an500": {"kws01": 7_643_647, "vww01": 24_025_520, "ic01": 30_023_359, "ad01": 583_234},
    "mps3-an547": {"kws01": 1_813_648, "vww01": 6_558_260, "ic01": 4_910_073, "ad01": 149_971},
    "riscv-virt": {"kws01": 44_311_195, "vww01": 109_927_571, "ic01": 125_528_412, "ad01": 2_480_467},
}

# Arena bytes of TensorFlow Lite Micro with CMSIS-NN on mps2-an386, input and output included.
TFLM_ARENAS = {"kws01": 22_832, "vww01": 100_720, "ic01": 55_008, "ad01": 3_024}
