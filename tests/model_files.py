# SPDX-License-Identifier: Apache-2.0
"""The .tflite files that tests read."""

from __future__ import annotations

import os
from pathlib import Path

MODELS = Path(__file__).parent / "models"


def model_files() -> list[Path]:
    """Those of tests/models, and of the folder EDGESDK_MODELS (for models too large to keep here), if set."""
    extra = os.environ.get("EDGESDK_MODELS")
    return sorted(MODELS.glob("*.tflite")) + (sorted(Path(extra).glob("*_int8.tflite")) if extra else [])
