# SPDX-License-Identifier: Apache-2.0
"""Where a result cannot be written is said before the work: the models here do not exist."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edgesdk.cli import main as cli


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert cli.run([*arguments, "--json"]) == 2
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["id"] == "EDGE-FILE-001"
    return str(error["why"])


def test_a_folder_that_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    for out in (taken, taken / "below"):
        why = refused(["build", "absent.tflite", "--board", "host", "-o", str(out)], capsys)
        assert "taken is a file, not a folder" in why
    assert taken.read_text() == "mine"


@pytest.mark.parametrize(
    "verb", [["plan", "absent.tflite", "--board", "host", "--svg"], ["report", "absent.json", "-o"]]
)
def test_a_file_without_a_place(verb: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is no folder" in refused([*verb, str(tmp_path / "absent" / "page")], capsys)
    assert "it is a folder" in refused([*verb, str(tmp_path)], capsys)
