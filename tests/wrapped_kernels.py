# SPDX-License-Identifier: Apache-2.0
"""Puts test kernels round the kernels of a generated model: the firmware stays the product's, but for these calls."""

from __future__ import annotations

import re
from collections.abc import Mapping

SIGNATURE = "(const edge_op *op, const edge_rows *in, const edge_rows *out, edge_span span, void *scratch, void *state)"
CALL = "(op, in, out, span, scratch, state)"
_KERNEL = re.compile(r"\.kernel = (edge_\w+)")


def wrap_kernels(source: str, bodies: Mapping[int, str], declarations: str = "") -> str:
    """The text of model_<prefix>.c with the kernels of some operators replaced.

    Args:
        source: as emitted.
        bodies: operator index -> C statements of the function that runs instead; ORIGINAL; calls the kernel itself.
        declarations: C text before those functions. No variables: the linker script refuses them in a model's file.
    """
    head, table = source[: source.index("static const edge_op ")], source[source.index("static const edge_op ") :]
    kernels = iter(enumerate(_KERNEL.findall(table)))
    functions = [declarations]

    def replace(match: re.Match[str]) -> str:
        index, kernel = next(kernels)
        if index not in bodies:
            return match.group(0)
        body = bodies[index].replace("ORIGINAL;", f"{kernel}{CALL};")
        functions.append(f"static void test_kernel_{index}{SIGNATURE} {{\n{body}\n}}\n")
        return f".kernel = test_kernel_{index}"

    table = _KERNEL.sub(replace, table)
    return head + "\n".join(functions) + "\n" + table
