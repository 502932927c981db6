# SPDX-License-Identifier: Apache-2.0
"""Options of RESIZE_NEAREST_NEIGHBOR."""

from __future__ import annotations

from dataclasses import dataclass

import flatbuffers

from edgesdk.model.tflite.codec import Codec
from edgesdk.model.tflite.flatbuffer import Table, write_table
from edgesdk.model.tflite.option_fields import required


@dataclass(frozen=True)
class ResizeNearestNeighborOptions:
    """Options of RESIZE_NEAREST_NEIGHBOR.

    Args:
        align_corners: the corner pixels' centres coincide.
        half_pixel_centers: pixels are sampled at their centres.
    """

    align_corners: bool = False
    half_pixel_centers: bool = False


def _read(table: Table | None) -> ResizeNearestNeighborOptions:
    fields = required(table)
    return ResizeNearestNeighborOptions(align_corners=fields.bool(0), half_pixel_centers=fields.bool(1))


def _write(builder: flatbuffers.Builder, options: ResizeNearestNeighborOptions) -> int:
    fields = [(0, "bool", options.align_corners, False), (1, "bool", options.half_pixel_centers, False)]
    return write_table(builder, fields)


CODEC = Codec(op="RESIZE_NEAREST_NEIGHBOR", builtin=97, options_type=74, read=_read, write=_write)
