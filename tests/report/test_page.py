# SPDX-License-Identifier: Apache-2.0
"""The HTML page: well-formed, nothing from outside, every layer; comparisons; files that are no results."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from edgesdk.cli import main as cli
from edgesdk.errors import RESULT_FILE, USAGE, EdgeError
from edgesdk.measure.results import PlanReport
from edgesdk.report.json_input import read_result
from edgesdk.report.json_output import json_text
from edgesdk.report.page import builds_of, page_text
from model_files import MODELS
from result_samples import PROFILE, SAMPLES

HTML = "{http://www.w3.org/1999/xhtml}"
PLAN: PlanReport = SAMPLES["plan"]
NAMESPACES = {"http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"}


def parsed(page: str) -> ElementTree.Element:
    """The page's tree; it must be XML, without a script, and refer to nothing."""
    tree = ElementTree.fromstring(page)
    for element in tree.iter():
        tag = element.tag.rpartition("}")[2]
        assert tag not in ("script", "link", "img", "iframe", "object", "image", "use")
        assert not {"src", "href"} & {name.rpartition("}")[2] for name in element.attrib}
        assert not any(name.startswith("on") for name in element.attrib)
    assert set(re.findall(r"https?://[^\"'\s<]+", page)) <= NAMESPACES
    assert "url(" not in page
    assert "@import" not in page
    return tree


def test_kws01_has_all_layers_and_the_timeline(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["plan", str(MODELS / "kws01.tflite"), "--board", "mps2-an386", "--json"]) == 0
    printed = capsys.readouterr().out
    source, page = tmp_path / "plan.json", tmp_path / "page.html"
    source.write_text(printed)
    assert cli.run(["report", str(source), "-o", str(page)]) == 0
    tree = parsed(page.read_text())
    layers = json.loads(printed)["layers"]
    shown = [row for row in tree.iter(f"{HTML}tr") if row.get("class") == "layer"]
    assert [row[4].text for row in shown] == [layer["kernel"] for layer in layers]
    assert len(list(tree.iter("{http://www.w3.org/2000/svg}path"))) > len(layers)


def test_hostile_strings_are_text() -> None:
    tree = parsed(page_text(builds_of([PROFILE])))
    assert not list(tree.iter("b"))
    parsed(page_text(builds_of([PLAN])))


@pytest.mark.parametrize("result", [PROFILE, PLAN])
def test_a_result_comes_back_from_its_json(result: object, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(json_text(result))
    assert read_result(path) == result


def test_a_profile_and_its_plan_are_one_build() -> None:
    plan = replace(PLAN, board=PROFILE.board, model=PROFILE.model, macs_executed=PROFILE.macs_executed)
    plan = replace(plan, optimize=PROFILE.optimize, input=PROFILE.input)
    (both,) = builds_of([PROFILE, plan])
    assert both.profile is PROFILE
    assert both.plan is plan
    assert len(builds_of([PROFILE, PROFILE])) == 2
    with pytest.raises(EdgeError) as error:
        builds_of([PROFILE, PROFILE, PROFILE])
    assert error.value.kind is USAGE


def test_a_comparison_shows_what_differs() -> None:
    layer = replace(PROFILE.layers[0], instructions=450_000, kernel="edge_y")
    other = replace(PROFILE, latency=replace(PROFILE.latency, instructions=450_050), layers=(layer,))
    page = page_text(builds_of([PROFILE, other]))
    (section,) = [s for s in parsed(page).iter(f"{HTML}section") if s.get("id") == "comparison"]
    rows = ["|".join(cell.text or "" for cell in row) for row in section.iter(f"{HTML}tr")]
    assert "instructions|900,100|450,050|-50.0%" in rows
    assert "RAM: arena|22,000|22,000|+0.0%" in rows
    assert any(row.endswith("|900,000|450,000|-50.0%|edge_x → edge_y") for row in rows)


def test_files_that_are_no_results(tmp_path: Path) -> None:
    value = json.loads(json_text(PROFILE))
    cases = {
        "": "not JSON",
        "[" * 100_000: "not JSON",
        "[]": "no object",
        '{"schema": 2}': "no object",
        json_text(SAMPLES["error"]): "holds an error",
        json_text(SAMPLES["boards"]): "is missing",
        json.dumps({k: v for k, v in value.items() if k != "layers"}): "layers is missing",
        json.dumps(value | {"macs": "many"}): "macs has a value of the wrong type",
        json.dumps(value | {"macs": True}): "macs has a value of the wrong type",
        json.dumps(value | {"ram": []}): "ram is no object",
        json.dumps(value | {"layers": [1]}): "layers[0] is no object",
    }
    path = tmp_path / "r.json"
    for text, why in cases.items():
        path.write_text(text)
        with pytest.raises(EdgeError) as error:
            read_result(path)
        assert error.value.kind is RESULT_FILE
        assert why in error.value.why
    path.write_bytes(b"\xff\xfe")
    for wrong in (path, tmp_path, tmp_path / "none"):
        with pytest.raises(EdgeError) as error:
            read_result(wrong)
        assert error.value.kind is RESULT_FILE
