# SPDX-License-Identifier: Apache-2.0
"""Files that cannot be read are refused before anything is made of them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from edgesdk.errors import MODEL_FILE, MODEL_MALFORMED, EdgeError
from edgesdk.model.tflite.reader import read_model


def test_an_absent_file(tmp_path: Path) -> None:
    assert "no file" in _file_error(tmp_path / "absent.tflite").what


def test_a_folder(tmp_path: Path) -> None:
    assert "not a file" in _file_error(tmp_path).what


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.tflite").touch()
    assert "empty" in _file_error(tmp_path / "empty.tflite").what


def test_an_endless_file() -> None:
    assert "not a file" in _file_error(Path("/dev/zero")).what


def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "not a file" in _file_error(tmp_path / "pipe").what


def test_a_huge_file(tmp_path: Path) -> None:
    with (tmp_path / "huge.tflite").open("wb") as file:
        file.truncate((64 << 20) + 1)
    assert "larger than 64 MiB" in _file_error(tmp_path / "huge.tflite").what


@pytest.mark.parametrize("begin", [b"\x89HDF\r\n\x1a\n", b"PK\x03\x04"])
def test_a_model_of_keras_is_called_so(begin: bytes, tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    path.write_bytes(begin + bytes(100))
    with pytest.raises(EdgeError) as caught:
        read_model(path)
    assert caught.value.kind is MODEL_MALFORMED
    assert "edgesdk convert" in caught.value.tries[0]


def test_names_no_system_has(tmp_path: Path) -> None:
    _file_error(tmp_path / "nul\0.tflite")
    _file_error(tmp_path / ("a" * 5000))


def test_an_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.tflite"
    path.write_bytes(b"x")

    def refuse(*_: Any) -> None:  # a mode would not stop root
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert "cannot be read" in _file_error(path).what


def _file_error(path: Path) -> EdgeError:
    with pytest.raises(EdgeError) as caught:
        read_model(path)
    assert caught.value.kind is MODEL_FILE
    assert str(caught.value).isprintable()
    return caught.value
