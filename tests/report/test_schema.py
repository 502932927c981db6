# SPDX-License-Identifier: Apache-2.0
"""The JSON output: its schemas are those on file, every result satisfies its own, and no key is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from edgesdk.measure.results import Verify
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


DOCUMENTED = """
    profile: schema board emulated model optimize input latency init macs macs_executed ram flash layers
    profile: output_crc32
    profile.latency: instructions callback cycles cycles_estimated us min max
    profile.init: instructions
    profile.ram: arena runtime stack app total other regions
    profile.flash: code weights app total other
    profile.layers: index op name tflite_ops output macs macs_executed instructions cycles us ram_live kernel
    verify: schema board model optimize input inputs tensors_compared mismatched_outputs first
    verify.first: input layer op tensor row expected_crc32 got_crc32
    error.error: id what where why try exit_code
"""


@pytest.mark.parametrize("line", DOCUMENTED.strip().splitlines())
def test_documented_keys_stay(line: str) -> None:
    path, _, keys = line.strip().partition(": ")
    name, _, inner = path.partition(".")
    value = json.loads(json_text(SAMPLES[name]))
    assert value["schema"] == 1
    if inner:
        value = value[inner][0] if isinstance(value[inner], list) else value[inner]
    assert set(keys.split()) <= set(value)


@pytest.mark.parametrize(("mismatched", "first", "clean"), [(0, None, True), (1, None, False), (0, "x", False)])
def test_clean_means_no_difference_anywhere(mismatched: int, first: str | None, clean: bool) -> None:
    divergence = SAMPLES["verify"].first if first else None
    result = Verify("b", True, "m", "ram", "resident", 1, 1, mismatched, divergence)
    assert result.clean is clean
