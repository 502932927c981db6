# SPDX-License-Identifier: Apache-2.0
"""Results that others measured on silicon: MLPerf Tiny, closed division, performance, rounds 1.0 to 1.3.

Milliseconds per inference, from the result logs. The models are those of tests/models.
"""

from __future__ import annotations

from dataclasses import dataclass

from edgesdk.boards.descriptor import FlashTiming


@dataclass(frozen=True)
class Chip:
    """A chip of the records.

    Args:
        board: the emulated board with its core, on which instructions are counted.
        clock_mhz: at which the records were made.
        flash: at that clock.
        best: the shortest time of any engine, by model.
    """

    name: str
    board: str
    clock_mhz: int
    flash: FlashTiming
    best: dict[str, float]

    def cycles(self, model: str) -> float:
        """The record in cycles."""
        return self.best[model] * self.clock_mhz * 1000


_L4R5 = {"kws01": 43.2, "vww01": 88.9, "ic01": 165.1, "ad01": 4.05}
CHIPS = (
    Chip(
        "STM32L4R5, M4",
        "mps2-an386",
        120,
        FlashTiming(
            wait_states=5,
            line_bytes=8,
            code_lines=128,
            code_ways=128,
            data_lines=32,
            data_ways=32,
            source="ST RM0432: 5 wait states at 120 MHz, two banks of 64 bits as delivered, caches 1 KiB and 256 bytes",
        ),
        _L4R5,
    ),
    Chip(
        "STM32L4R5, M4, flash as one bank",
        "mps2-an386",
        120,
        FlashTiming(
            wait_states=5,
            line_bytes=16,
            code_lines=64,
            code_ways=64,
            data_lines=16,
            data_ways=16,
            source="ST RM0432: as above, one bank of 128 bits (option DBANK = 0)",
        ),
        _L4R5,
    ),
    Chip(
        "STM32H7A3, M7",
        "mps2-an500",
        280,
        FlashTiming(
            wait_states=13,
            line_bytes=32,
            code_lines=512,
            code_ways=2,
            data_lines=512,
            data_ways=4,
            source="ST RM0455: 6 wait states at 280 MHz, a line of the 16 KiB caches in two reads of 128 bits",
        ),
        {"kws01": 11.32, "vww01": 23.80, "ic01": 40.84, "ad01": 1.08},
    ),
    Chip(
        "STM32F746, M7",
        "mps2-an500",
        216,
        FlashTiming(
            wait_states=7,
            line_bytes=32,
            code_lines=128,
            code_ways=2,
            data_lines=128,
            data_ways=4,
            source="ST RM0385: 7 wait states at 216 MHz, 256 bits a read, caches of 4 KiB",
        ),
        {"kws01": 17.75, "vww01": 34.08, "ic01": 62.88, "ad01": 1.42},
    ),
    Chip(
        "STM32U575, M33",
        "mps2-an505",
        160,
        FlashTiming(
            wait_states=4,
            line_bytes=16,
            code_lines=512,
            code_ways=2,
            shared=True,
            source="ST RM0456: 4 wait states at 160 MHz, 128 bits a read, one cache of 8 KiB for code and constants",
        ),
        {"kws01": 28.99, "vww01": 59.27, "ic01": 104.3, "ad01": 3.09},
    ),
    Chip(
        "STM32G0B1, M0+",
        "microbit-v1",
        64,
        FlashTiming(
            wait_states=2,
            line_bytes=8,
            code_lines=2,
            code_ways=2,
            prefetch=True,
            source="ST RM0444: 2 wait states at 64 MHz, 64 bits a read, two lines of cache, prefetch",
        ),
        {"kws01": 474.6, "vww01": 1414, "ic01": 1522},
    ),
)


@dataclass(frozen=True)
class Engine:
    """microTVM with CMSIS-NN (round 1.0) on a chip."""

    chip: str
    core: str
    clock_mhz: int
    ms: dict[str, float]

    def cycles(self, model: str) -> float:
        """The time in cycles."""
        return self.ms[model] * self.clock_mhz * 1000


CMSIS_NN = (
    Engine("STM32L4R5", "cortex-m4", 120, {"kws01": 99.8, "vww01": 301.2, "ic01": 389.6, "ad01": 8.60}),
    Engine("nRF5340", "cortex-m33", 128, {"kws01": 76.1, "vww01": 232.0, "ic01": 316.2, "ad01": 6.27}),
)
