# SPDX-License-Identifier: Apache-2.0
"""`edgesdk convert` from every kind of model, to a file that runs on a board, and every way it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from jsonschema import Draft202012Validator
from keras import layers

from edgesdk.cli import main as cli
from edgesdk_converters import layers as own

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "docs/schema"
SHAPE = (12, 12, 3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained network of builtin operators as .keras, SavedModel, .tflite and dynamic-range .tflite, and its data."""
    import tensorflow as tf

    place = tmp_path_factory.mktemp("convert")
    keras.utils.set_random_seed(5)
    x, y = _data(300)
    model = keras.Sequential(
        [
            keras.Input(SHAPE),
            layers.Conv2D(8, 3, 2, "same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.DepthwiseConv2D(3, padding="same"),
            layers.BatchNormalization(),
            layers.ReLU(6),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    model.fit(x, y, epochs=8, verbose=0)
    model.save(place / "net.keras")
    model.export(place / "saved", verbose=False)
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    (place / "float.tflite").write_bytes(converter.convert())
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    (place / "dynamic.tflite").write_bytes(converter.convert())
    np.savez(place / "data.npz", x=x[:64], labels=y[:64])
    return place


def _data(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Noise with a mean that depends on the label, in one of three channels."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, count)
    x = rng.normal(size=(count, *SHAPE)) + np.eye(3)[y][:, None, None] * 0.5
    return x.astype(np.float32), y


def _run(arguments: list[Any], capsys: pytest.CaptureFixture[str], code: int = 0, schema: str = "convert") -> Any:
    capsys.readouterr()
    assert cli.run([*map(str, arguments), "--json"]) == code
    value = json.loads(capsys.readouterr().out)
    Draft202012Validator(json.loads((SCHEMAS / f"{schema}.schema.json").read_text())).validate(value)
    return value


@pytest.mark.parametrize("source", ["net.keras", "saved", "float.tflite", "dynamic.tflite"])
def test_every_source_becomes_the_same_int8_network(
    folder: Path, source: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out.tflite"
    data = folder / "data.npz"
    value = _run(["convert", folder / source, "-o", target, "--calibration", data], capsys)
    assert value["bytes"] == target.stat().st_size
    assert value["calibration_samples"] == value["accuracy"]["samples"] == 64
    assert value["accuracy"]["float_accuracy"] > 0.9
    assert value["accuracy"]["int8_accuracy"] > 0.9
    assert value["accuracy"]["agreement"] > 0.95
    layer = value["layers"][value["worst"]]
    assert layer["own_snr_db"] == min(x["own_snr_db"] for x in value["layers"] if x["own_snr_db"] is not None)
    shown = _run(["inspect", target], capsys, schema="inspect")
    ops = [each["op"] for each in shown["layers"] if each["op"] != "RESHAPE"]
    assert ops == ["CONV_2D", "DEPTHWISE_CONV_2D", "MEAN", "FULLY_CONNECTED", "SOFTMAX"]


def test_the_file_runs_exactly_on_a_board_and_in_tflite_micro(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out.tflite"
    _run(["convert", folder / "net.keras", "-o", target, "--calibration", folder / "data.npz"], capsys)
    verify = ["verify", target, "--board", "host", "--random", 9, "--oracle", "tflm"]
    assert _run(verify, capsys, schema="verify")["mismatched_outputs"] == 0


@pytest.mark.emulator
def test_own_layers_run_exactly_on_an_emulated_board(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keras.utils.set_random_seed(2)
    image = keras.Input(SHAPE)
    x = own.CondensationConv(8, 3, ratio=2, batch_normalization=True)(image)
    x = own.OrdinalPool2D(2, form="free")(own.OrdinalPool2D(2)(x))
    x = own.CrossChannelPool(2, "ordinal")(x)
    x = own.ProductKeyMemory(12, 8, key_dim=8, heads=2, neighbours=3)(layers.Flatten()(x))
    model = keras.Model(image, layers.Dense(3, activation="softmax")(x))
    model.save(tmp_path / "own.keras")
    np.savez(tmp_path / "data.npz", _data(32)[0])
    target = tmp_path / "own.tflite"
    value = _run(["convert", tmp_path / "own.keras", "-o", target, "--calibration", tmp_path / "data.npz"], capsys)
    assert value["accuracy"]["float_accuracy"] is None
    verified = _run(["verify", target, "--board", "mps2-an386", "--random", 6], capsys, schema="verify")
    assert (verified["mismatched_outputs"], verified["first"]) == (0, None)


def test_a_test_set_of_its_own(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    x, y = _data(40)
    np.savez(tmp_path / "test.npz", x=x[:, None], labels=y)
    command = ["convert", folder / "net.keras", "-o", tmp_path / "o.tflite", "--calibration", folder / "data.npz"]
    value = _run([*command, "--test", tmp_path / "test.npz", "--observer", "mse"], capsys)
    assert (value["accuracy"]["samples"], value["observer"]) == (40, "mse")


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"x": np.zeros((0, *SHAPE), np.float32)}, "none"),
        ({"x": np.ones((4, *SHAPE), np.float32)}, "throughout"),
        ({"x": np.zeros((4, 12, 12, 1), np.float32)}, "expected"),
        ({"x": np.zeros((4, *SHAPE))}, "float64"),
        ({"x": _data(4)[0], "labels": np.zeros(3, int)}, "labels are 3"),
        ({"x": _data(4)[0], "labels": np.zeros(4)}, "float64"),
        ({"x": np.full((4, *SHAPE), np.inf, np.float32)}, "not finite"),
    ],
)
def test_data_that_calibrates_nothing_is_refused_and_no_file_touched(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arrays: dict[str, np.ndarray], words: str
) -> None:
    target = tmp_path / "old.tflite"
    target.write_bytes(b"as it was")
    np.savez(tmp_path / "bad.npz", **arrays)
    command = ["convert", folder / "net.keras", "-o", target, "--calibration", tmp_path / "bad.npz"]
    error = _run(command, capsys, code=2, schema="error")["error"]
    assert error["id"] == "EDGE-DATA-001"
    assert words in json.dumps(error)
    assert target.read_bytes() == b"as it was"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bad.npz", "old.tflite"]


def test_models_that_cannot_be_converted_are_named(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.keras").write_bytes(b"PK\x03\x04 no archive")
    (tmp_path / "empty").mkdir()
    image = keras.Input(SHAPE)
    keras.Model(image, layers.LayerNormalization()(image)).save(tmp_path / "norm.keras")
    cases = {
        tmp_path / "missing.keras": "EDGE-MODEL-001",
        tmp_path / "missing.tflite": "EDGE-MODEL-001",
        tmp_path / "broken.keras": "EDGE-CONVERT-001",
        tmp_path / "empty": "EDGE-CONVERT-001",
        tmp_path / "norm.keras": "EDGE-CONVERT-002",
        ROOT / "tests/models/kws01.tflite": "EDGE-CONVERT-001",
    }
    for source, wanted in cases.items():
        arguments = ["convert", source, "-o", tmp_path / "o.tflite", "--calibration", folder / "data.npz"]
        code = 2 if wanted == "EDGE-MODEL-001" else 3
        assert _run(arguments, capsys, code, "error")["error"]["id"] == wanted
    assert not (tmp_path / "o.tflite").exists()


def test_without_keras_the_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "edgesdk_converters.convert", None)
    arguments = ["convert", "net.keras", "-o", tmp_path / "o.tflite", "--calibration", "x.npz"]
    error = _run(arguments, capsys, 5, "error")["error"]
    assert error["id"] == "EDGE-TOOL-001"
    assert "edgesdk[keras]" in json.dumps(error)
