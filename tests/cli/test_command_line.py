# SPDX-License-Identifier: Apache-2.0
"""The command line itself: help, usage errors, exit codes, and what goes to which stream."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import edgesdk
from edgesdk.cli import main as cli
from edgesdk.errors import MODEL_TYPE, EdgeError

ROOT = Path(__file__).parents[2]
KWS = ROOT / "tests/models/kws01.tflite"
VERBS = ["inspect", "plan", "build", "flash", "profile", "verify", "bench", "boards", "doctor", "monitor"]
GROUPS = ["toolchain list", "toolchain install"]


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("EDGESDK_BOARD", "EDGESDK_PORT", "EDGESDK_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)


def error_of(output: str) -> dict:
    value = json.loads(output)
    Draft202012Validator(json.loads((ROOT / "docs/schema/error.schema.json").read_text())).validate(value)
    return value["error"]


@pytest.mark.parametrize("verb", VERBS + GROUPS)
def test_help_has_an_example_and_ends_well(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([*verb.split(), "--help"]) == 0
    out, err = capsys.readouterr()
    assert f"Example: edgesdk {verb}" in out
    assert "--json" in out
    assert err == ""


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_the_top_help_lists_every_verb(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(arguments) == 0
    out = capsys.readouterr().out
    assert all(f"  {verb} " in out for verb in [*VERBS, "toolchain"])


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--version"]) == 0
    assert capsys.readouterr().out == f"edgesdk {edgesdk.__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["toolchain"],
        ["toolchain", "nonsense"],
        ["plan"],
        ["plan", "x.tflite", "--bord", "host"],
        ["plan", "x.tflite"],
        ["plan", "x.tflite", "--board", "host", "--ram", "12Q"],
        ["plan", "x.tflite", "--board", "host", "--ram", "0"],
        ["plan", "x.tflite", "--board", "host", "--ram", "-5"],
        ["plan", "x.tflite", "--board", "host", "--optimize", "flash"],
        ["plan", "x.tflite", "--board", "host", "--input", "pushed"],
        ["build", "x.tflite", "--board", "host"],
        ["profile", "x.tflite", "--board", "host", "--runs", "0"],
        ["verify", "x.tflite", "--board", "host", "--random", "0"],
        ["verify", "x.tflite", "--board", "host", "--random", "3", "--data", "x.npz"],
        ["verify", "x.tflite", "--board", "host", "--oracle", "guess"],
        ["bench", "x.tflite", "--boards", ","],
        ["bench", "--boards", "host"],
        ["monitor"],
        ["monitor", "--port", "x"],
    ],
)
def test_usage_errors_are_exit_2_with_an_id_as_text_and_as_json(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    if arguments != ["monitor", "--port", "x"]:  # that one is wrong only with --json
        assert cli.run(arguments) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("EDGE-USE-001: ")
    assert cli.run([*arguments, "--json"]) == 2
    out, err = capsys.readouterr()
    error = error_of(out)
    assert (error["id"], error["exit_code"]) == ("EDGE-USE-001", 2)
    assert err.startswith("EDGE-USE-001: ")


@pytest.mark.parametrize(
    ("arguments", "code", "identifier"),
    [
        (["inspect", "absent.tflite"], 2, "EDGE-MODEL-001"),
        (["inspect", "."], 2, "EDGE-MODEL-001"),
        (["inspect", "bad.tflite"], 3, "EDGE-MODEL-002"),
        (["plan", str(KWS), "--board", "mps2-an38"], 2, "EDGE-BOARD-001"),
        (["boards", "nowhere"], 2, "EDGE-BOARD-001"),
        (["plan", str(KWS), "--board", "mps2-an386", "--ram", "3K"], 1, "EDGE-PLAN-001"),
        (["verify", str(KWS), "--board", "host", "--data", "absent.npz"], 2, "EDGE-DATA-001"),
    ],
)
def test_errors_end_with_their_exit_code(
    arguments: list[str], code: int, identifier: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.tflite").write_bytes(b"\0" * 64)
    assert cli.run([*arguments, "--json"]) == code
    out, err = capsys.readouterr()
    error = error_of(out)
    assert (error["id"], error["exit_code"]) == (identifier, code)
    assert f"{identifier}: " in err


def test_an_unknown_board_has_near_ones_to_try(capsys: pytest.CaptureFixture[str]) -> None:
    cli.run(["plan", str(KWS), "--board", "mps2-an38", "--json"])
    assert "mps2-an386" in " ".join(error_of(capsys.readouterr().out)["try"])


def test_a_fault_of_our_own_is_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(path: Path) -> None:
        raise ZeroDivisionError("a\nb\x1b[31m")

    monkeypatch.setattr("edgesdk.measure.inspect.load_model", broken)
    assert cli.run(["inspect", str(KWS), "--json"]) == 1
    out, err = capsys.readouterr()
    assert error_of(out)["id"] == "EDGE-BUG-001"
    assert "Traceback" not in err
    assert err.splitlines()[0].startswith("EDGE-BUG-001: ZeroDivisionError: a b\\x1b[31m (")
    monkeypatch.setenv("EDGESDK_DEBUG", "1")
    cli.run(["inspect", str(KWS)])
    assert "Traceback" in capsys.readouterr().err


def test_hostile_file_names_are_escaped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = "\x1b[31m\n*) \u202e.tflite"
    (tmp_path / name).write_bytes(KWS.read_bytes())
    assert cli.run(["inspect", name]) == 0
    assert cli.run(["inspect", name + "x"]) == 2
    out, err = capsys.readouterr()
    assert "\x1b" not in out + err
    assert "\u202e" not in out + err
    assert "\n*)" not in out + err


def test_an_interruption_is_exit_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(path: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("edgesdk.measure.inspect.load_model", interrupted)
    assert cli.run(["inspect", str(KWS)]) == 130
    assert capsys.readouterr().out == ""


def test_what_to_try_is_at_most_three_things(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(path: Path) -> None:
        raise EdgeError(MODEL_TYPE, "what", where="where", why="why", tries=["a", "b", "c", "d"])

    monkeypatch.setattr("edgesdk.measure.inspect.load_model", refuse)
    assert cli.run(["inspect", str(KWS)]) == 3
    wanted = "EDGE-MODEL-004: what (where): why\nThings to try:\n  - a\n  - b\n  - c\n"
    assert capsys.readouterr().err == wanted


def edgesdk_process(*arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from edgesdk.cli.main import main; main()", *arguments]
    return subprocess.run(command, text=True, check=False, stderr=subprocess.PIPE, **settings)  # type: ignore[call-overload]


def test_a_reader_that_goes_away_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        done = edgesdk_process("boards", stdout=closed)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_is_an_error_with_an_id() -> None:
    with open("/dev/full", "wb") as full:
        done = edgesdk_process("boards", stdout=full)
    assert done.returncode == 2
    assert done.stderr.startswith("EDGE-FILE-001: ")
    assert "Traceback" not in done.stderr


def test_a_terminal_of_few_characters_gets_escapes(tmp_path: Path) -> None:
    (tmp_path / "größe.tflite").write_bytes(KWS.read_bytes())
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = edgesdk_process("inspect", "größe.tflite", stdout=subprocess.PIPE, cwd=tmp_path, env=environment)
    assert done.returncode == 0
    assert "gr\\xf6\\xdfe.tflite" in done.stdout


def test_help_does_not_load_the_machinery() -> None:
    code = (
        "import sys; from edgesdk.cli.main import run; run(['plan', '--help']); "
        "print([m for m in ('numpy', 'rich', 'serial', 'jinja2', 'elftools') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
