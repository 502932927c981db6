# SPDX-License-Identifier: Apache-2.0
"""The JSON output: its schemas are those on file, every result satisfies its own, and no key is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from edgesdk.measure.results import LayerProfile, Verify
from edgesdk.report.json_output import json_text
from edgesdk.report.schema import RESULTS, schema_of
from result_samples import HOSTILE, PROFILE, SAMPLES

SCHEMAS = Path(__file__).parents[2] / "docs/schema"


def load(name: str) -> dict:
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text())


@pytest.mark.parametrize("name", RESULTS)
def test_the_schema_on_file_is_current(name: str) -> None:
    assert load(name) == schema_of(name), "run `make schemas`, and see that no key went away"


def test_there_is_a_schema_for_every_result_and_no_other() -> None:
    assert {p.name.removesuffix(".schema.json") for p in SCHEMAS.iterdir()} == set(RESULTS) == set(SAMPLES)


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_satisfies_its_schema(name: str) -> None:
    schema = load(name)
    Draft202012Validator.check_schema(schema)
    text = json_text(SAMPLES[name])
    assert text.isascii()
    assert "\n" not in text
    Draft202012Validator(schema).validate(json.loads(text))


@pytest.mark.parametrize("name", RESULTS)
def test_the_schema_refuses_a_missing_key(name: str) -> None:
    validator = Draft202012Validator(load(name))
    value = json.loads(json_text(SAMPLES[name]))
    for key in value:
        assert not validator.is_valid({k: v for k, v in value.items() if k != key})


def test_hostile_strings_survive_json_unchanged() -> None:
    assert json.loads(json_text(PROFILE))["model"] == HOSTILE


def test_profile_has_the_documented_keys() -> None:
    value = json.loads(json_text(PROFILE))
    assert list(value)[:13] == (
        [
            "schema",
            "board",
            "emulated",
            "model",
            "optimize",
            "input",
            "latency",
            "init",
            "macs",
            "macs_executed",
            "ram",
            "flash",
            "output_crc32",
        ]
    )
    assert value["schema"] == 1
    assert set(value["latency"]) == set(
        ["instructions", "callback", "cycles", "cycles_estimated", "us", "min", "max"]
    )
    assert set(value["init"]) == {"instructions"}
    assert set(["arena", "runtime", "stack", "app", "total", "other", "regions"]) <= set(value["ram"])
    assert set(["code", "weights", "app", "total", "other"]) <= set(value["flash"])
    layer = "index op name tflite_ops output macs macs_executed instructions cycles us ram_live kernel"
    assert list(value["layers"][0]) == layer.split()
    assert len(layer.split()) == len(LayerProfile.__dataclass_fields__)


def test_verify_has_the_documented_keys() -> None:
    value = json.loads(json_text(SAMPLES["verify"]))
    documented = "schema board model optimize input inputs tensors_compared mismatched_outputs first"
    assert set(documented.split()) <= set(value)
    assert set(value["first"]) == set(
        ["input", "layer", "op", "tensor", "row", "expected_crc32", "got_crc32"]
    )


@pytest.mark.parametrize(
    ("mismatched", "first", "clean"), [(0, None, True), (1, None, False), (0, "x", False)]
)
def test_clean_means_no_difference_anywhere(mismatched: int, first: str | None, clean: bool) -> None:
    divergence = SAMPLES["verify"].first if first else None
    result = Verify("b", True, "m", "ram", "resident", 1, 1, mismatched, divergence)
    assert result.clean is clean
