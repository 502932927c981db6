# SPDX-License-Identifier: Apache-2.0
"""Numbers and arrays as C text."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

LINE = 112  # columns of a line of numbers

C_TYPES = {
    "int8": "int8_t",
    "uint8": "uint8_t",
    "int16": "int16_t",
    "uint16": "uint16_t",
    "int32": "int32_t",
    "uint32": "uint32_t",
    "float32": "float",
}


def c_number(value: int | float) -> str:
    """An integer or float literal; floats in hexadecimal, which is exact."""
    if isinstance(value, float | np.floating):
        return f"{float(value).hex()}f"
    if value == -(1 << 31):
        return "(-2147483647 - 1)"
    return f"{int(value)}u" if value > 0x7FFFFFFF else f"{int(value)}"


def c_array(name: str, values: npt.NDArray[Any]) -> str:
    """`static const T name[n] = {...};`, wrapped; 4-byte aligned, so that kernels may load words."""
    flat = np.ascontiguousarray(values).reshape(-1)
    kind = C_TYPES[flat.dtype.name]
    numbers = [c_number(v) for v in flat.tolist()]
    lines: list[str] = []
    line: list[str] = []
    width = 4
    for number in numbers:
        if line and width + len(number) + 2 > LINE:
            lines.append("    " + ", ".join(line) + ",")
            line, width = [], 4
        line.append(number)
        width += len(number) + 2
    lines.append("    " + ", ".join(line))
    return f"static const {kind} {name}[{flat.size}] __attribute__((aligned(4))) = {{\n" + "\n".join(lines) + "\n};\n"
