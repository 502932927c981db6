# SPDX-License-Identifier: Apache-2.0
"""Compares the models with their references on every emulated board and records how many tensors in
docs/results/verify.md; stops at the first difference.

    python tests/record_verify.py [FOLDER]

FOLDER holds mcunet_vww1_int8.tflite and mcunetv2_large_int8.tflite.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmark_models import EMULATED, OUTPUT_CRCS, model_path
from edgesdk.boards import load_board
from edgesdk.measure.verify import Inputs, verify
from edgesdk.model.plan import Options

PAGE = Path(__file__).parents[1] / "docs/results/verify.md"
BOARDS = ("host", *EMULATED)
NARROW = "microbit-v1"  # whose RAM holds no image, and whose flash no weights of ad01
LARGE = {"mcunet_vww1": 50, "mcunetv2_large": 2}  # inferences; the second takes a minute each
COUNT = 50
HEAD = """# Exactness on the emulated boards

Made by `python tests/record_verify.py FOLDER`, which does what `edgesdk verify MODEL --board BOARD --random 50` does
(seed 0), for the default plan and `--optimize speed`: every row of every tensor that the firmware stores is compared
with the reference, and the outputs with the model file's own graph. Tensors compared, over all inputs; none differs.
"""
TAIL = """
microbit-v1 takes its input streamed; its flash does not hold ad01's weights. The first four models are in tests/models.
mcunet_vww1 and mcunetv2_large are TinyEngine's assets (MIT), too large to keep here; `EDGESDK_MODELS=FOLDER make test`
includes them too.
"""


def compared(path: Path, board: str, optimize: str, count: int, *, streamed: bool = False) -> int:
    """Tensors that were equal."""
    options = Options(optimize=optimize, input="streamed" if streamed else "resident")
    result = verify(path, load_board(board), options, Inputs(count=count))
    if not result.clean:
        raise SystemExit(f"{path.stem} on {board}, {optimize}: {result.first}")
    print(board, path.stem, optimize, result.tensors_compared, file=sys.stderr)
    return result.tensors_compared


def main(folder: str | None) -> None:
    paths = {name: (model_path(name), COUNT) for name in OUTPUT_CRCS}
    if folder:
        paths |= {name: (Path(folder) / f"{name}_int8.tflite", count) for name, count in LARGE.items()}
    lines = [
        HEAD,
        f"| model | inputs | {' | '.join((*BOARDS, NARROW))} |",
        f"| --- | ---: |{' ---: |' * (len(BOARDS) + 1)}",
    ]
    for name, (path, count) in paths.items():
        cells = [
            " + ".join(f"{compared(path, board, optimize, count):,}" for optimize in ("ram", "speed"))
            for board in BOARDS
        ]
        small = name in OUTPUT_CRCS and name != "ad01"
        cells.append(f"{compared(path, NARROW, 'ram', count, streamed=True):,}" if small else "")
        lines.append(f"| {name} | {count} | {' | '.join(cells)} |")
    PAGE.write_text("\n".join(lines) + "\n" + TAIL)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
