# SPDX-License-Identifier: Apache-2.0
"""The plugin's file."""

from __future__ import annotations

import pytest

from edgesdk.cycles.counts import Block, Counts, Traffic, parse_counts


def test_counts() -> None:
    text = "run 2\nblock 1 1f0 1f8 7 3 4\nblock 0 100 10a 5 0 1\ntraffic 0 9 1 2 3 1 2 0\ntraffic 1 0 0 0 0 0 0 0\n"
    blocks = (Block(0, 0x100, 0x10A, 5, 0, 1), Block(1, 0x1F0, 0x1F8, 7, 3, 4))
    assert parse_counts(text) == Counts(2, blocks, (Traffic(9, 1, 2, 3, 1, 2, 0), Traffic()))


@pytest.mark.parametrize(
    "text", ["", "run x", "run 1\nblock 0 1 2 3 4", "run 1\ntraffic 1 0 0 0 0 0 0 0", "run 1\nelse"]
)
def test_what_is_no_file_of_counts(text: str) -> None:
    with pytest.raises(ValueError):
        parse_counts(text)
