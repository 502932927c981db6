# SPDX-License-Identifier: Apache-2.0
"""How far the rows of kernels that take their window straight from the input must trail the rows they overwrite."""

from __future__ import annotations

from edgesdk.kernels.base import Overlap


def windowed_overlap(outputs: int, stride: int, before: int, read: int, made: int) -> Overlap:
    """For rows made pixel by pixel and channel by channel: each channel is read to the end before the next begins.

    While pixel x is written its channels after the one under way are still to be read from column x * stride - before
    on; then come the columns of pixel x + 1.

    Args:
        outputs: pixels of the output row.
        before: columns of padding on the left.
        read, made: bytes of an input and of an output pixel.
    """
    first = [max(0, x * stride - before) for x in range(outputs)]
    during = max((x + 1) * made - (column + 1) * read for x, column in enumerate(first))
    after = max((x * made - column * read for x, column in enumerate(first)), default=0)
    return Overlap(max(0, during, after))
