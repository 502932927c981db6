# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

import pytest

from link_device import compile_device


@pytest.fixture(scope="session")
def big_device(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1,024-byte frames, room for a copy of the input."""
    return compile_device(tmp_path_factory.mktemp("big") / "device", payload=1024, db_bytes=256)


@pytest.fixture(scope="session")
def small_device(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """64-byte frames, no copy of the input, a profile table of one operator."""
    return compile_device(tmp_path_factory.mktemp("small") / "device", payload=64, profile_ops=1)
