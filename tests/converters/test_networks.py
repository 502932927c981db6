# SPDX-License-Identifier: Apache-2.0
"""The comparison networks: the published sizes, and files that are int8 throughout and the same every time."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgesdk.measure.inspect import inspect
from edgesdk_converters.networks.tables import (
    MCUNET_320KB_176,
    MCUNET_V2_VWW_5FPS_80,
    MOBILENET_V2_035_144,
    Bottleneck,
    Network,
    macs,
)

TINY = Network("tiny", 16, 4, 4, (Bottleneck(4, 8, 3, 1), Bottleneck(6, 8, 5, 2)), 8, 3)


@pytest.mark.parametrize(
    ("network", "work", "blocks", "residuals"),
    [
        (MOBILENET_V2_035_144, 19_357_490, 17, 10),
        (MCUNET_V2_VWW_5FPS_80, 11_578_816, 14, 8),
        (MCUNET_320KB_176, 81_785_520, 17, 11),
    ],
)
def test_tables(network: Network, work: int, blocks: int, residuals: int) -> None:
    entering = [network.separable or network.stem, *(block.channels for block in network.blocks)]
    pairs = zip(entering, network.blocks, strict=False)
    assert macs(network) == work
    assert len(network.blocks) == blocks
    assert sum(block.stride == 1 and block.channels == channels for channels, block in pairs) == residuals


def test_converted(tmp_path: Path) -> None:
    pytest.importorskip("tensorflow", reason="TensorFlow is not installed")
    from edgesdk_converters.networks.convert import int8_file

    path = tmp_path / "tiny.tflite"
    path.write_bytes(int8_file(TINY))
    report = inspect(path)
    assert report.macs == macs(TINY)
    assert path.read_bytes() == int8_file(TINY)
