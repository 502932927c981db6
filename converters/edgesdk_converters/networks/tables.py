# SPDX-License-Identifier: Apache-2.0
"""The networks as tables: a stem, inverted bottlenecks, an optional last convolution, a classifier."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bottleneck:
    """An inverted bottleneck: 1x1 expansion, k x k depthwise, 1x1 projection.

    Args:
        channels: of its output.
        expanded: channels between expansion and projection.
        kernel, stride: of the depthwise convolution.
    """

    channels: int
    expanded: int
    kernel: int
    stride: int


@dataclass(frozen=True)
class Network:
    """A chain of bottlenecks. Every k x k convolution is padded by k // 2 on all sides.

    Args:
        name: of the file that it becomes.
        size: height and width of its RGB input, pixels.
        stem: channels of the first 3 x 3 convolution, stride 2.
        separable: channels of the depthwise separable layer after the stem, None where there is none.
        blocks: from input to output.
        last: channels of the 1x1 convolution before global pooling, None where there is none.
        classes: outputs of the classifier.
    """

    name: str
    size: int
    stem: int
    separable: int | None
    blocks: tuple[Bottleneck, ...]
    last: int | None
    classes: int


def _chain(entering: int, rows: tuple[tuple[int, int, int, int], ...]) -> tuple[Bottleneck, ...]:
    """Bottlenecks from rows (channels, expansion, stride, kernel)."""
    blocks = []
    for channels, expansion, stride, kernel in rows:
        blocks.append(Bottleneck(channels, entering * expansion, kernel, stride))
        entering = channels
    return tuple(blocks)


def _slim(channels: int) -> int:
    """Channels of MobileNetV2 at width 0.35, rounded down as msf-CNN does."""
    return channels * 35 // 100


# (channels at width 1, expansion, stride) of MobileNetV2's stages, each with how often its block repeats.
_MOBILENET_V2 = (
    (16, 1, 1, 1),
    (24, 6, 2, 2),
    (32, 6, 2, 3),
    (64, 6, 2, 4),
    (96, 6, 1, 3),
    (160, 6, 2, 3),
    (320, 6, 1, 1),
)

MOBILENET_V2_035_144 = Network(
    "mobilenet_v2_035_144",
    144,
    _slim(32),
    None,
    _chain(
        _slim(32),
        tuple(
            (_slim(channels), expansion, stride if i == 0 else 1, 3)
            for channels, expansion, stride, repeats in _MOBILENET_V2
            for i in range(repeats)
        ),
    ),
    _slim(1280),
    1000,
)

MCUNET_V2_VWW_5FPS_80 = Network(
    "mcunet_v2_vww_5fps_80",
    80,
    16,
    8,
    _chain(
        8,
        (
            *((16, 6, 2, 3), (16, 3, 1, 3), (16, 3, 1, 3), (24, 3, 2, 7), (24, 6, 1, 3), (24, 5, 1, 5), (40, 6, 2, 7)),
            *((40, 6, 1, 7), (48, 6, 1, 3), (48, 4, 1, 3), (96, 5, 2, 5), (96, 5, 1, 3), (96, 4, 1, 3), (160, 3, 1, 7)),
        ),
    ),
    None,
    2,
)

MCUNET_320KB_176 = Network(
    "mcunet_320kb_176",
    176,
    16,
    8,
    _chain(
        8,
        (
            *((16, 3, 2, 7), (16, 5, 1, 3), (16, 5, 1, 7), (16, 4, 1, 5), (24, 5, 2, 5), (24, 5, 1, 5), (24, 5, 1, 5)),
            *((40, 5, 2, 3), (40, 6, 1, 7), (40, 4, 1, 5), (48, 5, 1, 5), (48, 5, 1, 7), (48, 5, 1, 3), (96, 6, 2, 3)),
            *((96, 5, 1, 7), (96, 4, 1, 3), (160, 5, 1, 7)),
        ),
    ),
    None,
    1000,
)

NETWORKS = (MOBILENET_V2_035_144, MCUNET_V2_VWW_5FPS_80, MCUNET_320KB_176)


def macs(network: Network) -> int:
    """Multiplications of one inference: convolutions and classifier; paddings counted, as everybody does."""
    side, channels = network.size // 2, network.stem
    total = side * side * 9 * 3 * channels
    if network.separable is not None:
        total += side * side * channels * (9 + network.separable)
        channels = network.separable
    for block in network.blocks:
        made = (side - 1) // block.stride + 1
        total += side * side * channels * block.expanded
        total += made * made * block.expanded * (block.kernel**2 + block.channels)
        side, channels = made, block.channels
    if network.last is not None:
        total += side * side * channels * network.last
        channels = network.last
    return total + channels * network.classes
