# SPDX-License-Identifier: Apache-2.0
"""The README shows what its commands print."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import pytest

from record_readme import BENCH, README, examples, missing, printed, with_table

TEXT = README.read_text()
COMPILERS = {row["compiler"] for row in json.loads(BENCH.read_text())["rows"]}


def by_another_compiler(output: Sequence[str]) -> bool:
    return any(line.startswith("compiler") and line.split(maxsplit=1)[1] not in COMPILERS for line in output)


def masked(lines: Sequence[str]) -> list[str]:
    """Without figures, and the room that they take."""
    return [" ".join(re.sub(r"[\d,.]+", "0", line).split()) for line in lines]


@pytest.mark.emulator
@pytest.mark.parametrize("command", examples(TEXT))
def test_an_example_prints_what_it_shows(command: str) -> None:
    shown, output = examples(TEXT)[command], printed(command)
    if by_another_compiler(output):
        shown, output = masked([line for line in shown if line != "..."]), masked(output)
    assert missing(shown, output) == [], "python tests/record_readme.py puts it right"


def test_the_comparison_is_that_of_the_record() -> None:
    assert with_table(TEXT) == TEXT, "python tests/record_readme.py puts it right"


def test_a_line_that_is_not_printed_is_missing() -> None:
    assert missing(["a", "...", "b"], ["a", "x", "b"]) == []
    assert missing(["a", "...", "c"], ["a", "x", "b"]) == ["c"]
    assert missing(["b", "a"], ["a", "b"]) == ["a"]
