# SPDX-License-Identifier: Apache-2.0
"""What a product-key memory reads on a device is what the formulas say, and it grows with the root of its slots."""

from __future__ import annotations

from dataclasses import replace

import pytest

from record_key_memory import Memory, counts


@pytest.mark.emulator
def test_a_query_reads_all_keys_once_and_only_the_values_it_sums() -> None:
    small = Memory(heads=2, key_dim=32, sub_keys=32, neighbours=8, units=64)
    large = replace(small, sub_keys=64)
    assert large.slots == 4 * small.slots == 4096
    taken = [counts(memory) for memory in (small, large)]
    for memory, found in zip((small, large), taken, strict=True):
        assert found.read == (memory.key_bytes, memory.value_bytes)
    assert large.key_bytes == 2 * small.key_bytes
    assert taken[1].instructions <= 2.1 * taken[0].instructions
