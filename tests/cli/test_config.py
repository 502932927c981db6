# SPDX-License-Identifier: Apache-2.0
"""Settings: the order of precedence, and files that are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgesdk.cli.config import settings
from edgesdk.errors import USAGE, EdgeError


@pytest.fixture
def user_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("EDGESDK_BOARD", raising=False)
    monkeypatch.delenv("EDGESDK_PORT", raising=False)
    inner = tmp_path / "project/inner"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    path = tmp_path / "config/edgesdk/config.toml"
    path.parent.mkdir(parents=True)
    return path


def test_flag_before_environment_before_project_before_user(
    user_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (settings()["board"].value, settings()["board"].source) == (None, "default")
    user_file.write_text('board = "user"\nport = "user-port"\n')
    assert (settings()["board"].value, settings()["board"].source) == ("user", str(user_file))
    project = tmp_path / "project/edgesdk.toml"
    project.write_text('board = "project"\n')
    assert (settings()["board"].value, settings()["board"].source) == ("project", str(project))
    assert settings()["port"].value == "user-port"
    monkeypatch.setenv("EDGESDK_BOARD", "variable")
    assert (settings()["board"].value, settings()["board"].source) == ("variable", "EDGESDK_BOARD")
    assert settings({"board": "flag"})["board"].source == "--board"
    assert settings({"board": None})["board"].value == "variable"


@pytest.mark.parametrize("text", ["board = ", "board = 3\n", 'bored = "x"\n', "\0", "[board]\nx = 1\n"])
def test_a_wrong_file_is_a_usage_error_that_names_it(user_file: Path, text: str) -> None:
    user_file.write_text(text)
    with pytest.raises(EdgeError) as caught:
        settings()
    assert caught.value.kind is USAGE
    assert caught.value.where == str(user_file)


def test_a_file_that_is_no_text_is_a_usage_error(user_file: Path) -> None:
    user_file.write_bytes(b"\xff\xfe")
    with pytest.raises(EdgeError) as caught:
        settings()
    assert caught.value.kind is USAGE
