# SPDX-License-Identifier: Apache-2.0
"""edge_divide is exact over its whole range: all divisors to past the last with a reciprocal, all sums."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from edgesdk.resources import firmware_dir

PROGRAM = """
#include "edge_divide.h"

int main(void) {
    for (uint32_t n = 1; n <= 400; n++) {
        const edge_divisor d = edge_make_divisor(n);
        if ((d.reciprocal != 0) != (n <= 361)) {
            return 1;
        }
        for (uint32_t a = 0; a <= 128 * n + n / 2; a++) {
            if (edge_divide(a, d) != a / n) {
                return 2;
            }
        }
    }
    return 0;
}
"""


def test_exact(tmp_path: Path) -> None:
    compiler = shutil.which("cc")
    assert compiler is not None
    source, program = tmp_path / "divide.c", tmp_path / "divide"
    source.write_text(PROGRAM)
    subprocess.run([compiler, "-O2", f"-I{firmware_dir() / 'kernels'}", str(source), "-o", str(program)], check=True)
    assert subprocess.run([program], check=False).returncode == 0
