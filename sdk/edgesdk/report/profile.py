# SPDX-License-Identifier: Apache-2.0
"""A profile as a per-layer table, accounts and totals."""

from __future__ import annotations

from edgesdk.measure.results import Latency, LayerProfile, Profile
from edgesdk.report.accounts import account_blocks
from edgesdk.report.document import Block, Column, Document, Facts, Table, count, percent, ratio, shape


def render_profile(profile: Profile) -> Document:
    """The per-layer table, then what the whole costs."""
    facts = [
        ("model", f"{profile.model}: optimize {profile.optimize}, input {profile.input}, output {profile.output}"),
        ("board", f"{profile.board}{' (emulated)' if profile.emulated else ''}{_clock(profile)}"),
        ("inference" if profile.stream is None else f"call of {profile.stream} frames", _latency(profile)),
    ]
    if profile.init.instructions is not None:
        facts.append(("init", f"{profile.init.instructions:,} instructions, once"))
    facts.append(("output CRC-32", profile.output_crc32))
    if profile.compiler:
        facts.append(("compiler", profile.compiler))
    facts += [("warning", text) for text in profile.warnings]
    blocks: list[Block] = [
        layer_table(profile),
        "",
        *account_blocks(profile.ram, profile.flash),
        "",
        Facts(tuple(facts)),
    ]
    return blocks


def layer_table(profile: Profile) -> Table:
    """One row per layer, in what was counted: instructions in an emulator, cycles and us elsewhere."""
    layers, latency = profile.layers, profile.latency
    instructions = any(layer.instructions is not None for layer in layers)
    cycles = any(layer.cycles is not None for layer in layers)
    us = any(layer.us is not None for layer in layers)
    cost = "instr" if instructions else "cycles" if cycles else "us" if us else ""
    sums = {name: _sum([_cost(layer, name) for layer in layers]) for name in ("instr", "cycles", "us")}

    columns = [
        Column("#", right=True),
        Column("op"),
        Column("name", limit=28, drop=5),
        Column("output", drop=3),
        Column("MACs", right=True, drop=1),
        *([Column("instr", right=True)] if instructions else []),
        *([Column("cycles", right=True)] if cycles else []),
        *([Column("us", right=True)] if us else []),
        *([Column("%", right=True, drop=2), Column(f"{cost}/MAC", right=True)] if cost else []),
        Column("RAM live", right=True),
        Column("kernel", drop=4),
    ]

    def costs(values: dict[str, float | None], macs: int) -> list[str]:
        cells = []
        if instructions:
            cells.append(_number(values["instr"]))
        if cycles:
            cells.append(_number(values["cycles"]))
        if us:
            cells.append("" if values["us"] is None else f"{values['us']:.1f}")
        if cost:
            cells += [percent(values[cost], sums[cost] or 0), ratio(values[cost], macs)]
        return cells

    rows = tuple(
        (
            str(layer.index),
            layer.op,
            layer.name,
            shape(layer.output),
            count(layer.macs_executed),
            *costs({name: _cost(layer, name) for name in sums}, layer.macs_executed),
            count(layer.ram_live),
            layer.kernel,
        )
        for layer in layers
    )
    whole: dict[str, float | None] = {
        "instr": latency.instructions,
        "cycles": latency.cycles,
        "us": latency.us,
    }
    total = (
        "",
        "total",
        "",
        "",
        count(profile.macs_executed),
        *costs(whole, profile.macs_executed),
        count(max((layer.ram_live for layer in layers), default=0)),
        "",
    )
    return Table(tuple(columns), rows, total)


def _cost(layer: LayerProfile, name: str) -> float | None:
    return {"instr": layer.instructions, "cycles": layer.cycles, "us": layer.us}[name]


def _sum(values: list[float | None]) -> float | None:
    known = [v for v in values if v is not None]
    return sum(known) if known else None


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def _clock(profile: Profile) -> str:
    """The clock belongs to cycles: an emulator counts instructions, and the host's is not known."""
    measured = profile.clock_hz is not None and profile.latency.cycles is not None
    return f" at {profile.clock_hz / 1e6:g} MHz" if measured and profile.clock_hz else ""


def _latency(profile: Profile) -> str:
    latency: Latency = profile.latency
    parts = []
    if latency.instructions is not None:
        per_mac = ratio(latency.instructions, profile.macs_executed)
        parts.append(f"{latency.instructions:,} instructions{f' ({per_mac} per executed MAC)' if per_mac else ''}")
    if latency.callback:
        parts.append(f"callback {latency.callback:,} instructions beside")
    if latency.cycles is not None:
        parts.append(f"{latency.cycles:,} cycles")
    if latency.us is not None:
        parts.append(f"{latency.us:,.1f} us")
    if latency.min is not None and latency.max is not None:
        parts.append(f"{latency.min:,.10g} to {latency.max:,.10g} over {profile.runs} runs")
    if latency.cycles_estimated is not None:
        error = profile.cycles_model.error if profile.cycles_model is not None else "unvalidated"
        parts.append(f"{latency.cycles_estimated:,} cycles by estimate ({error})")
    return ", ".join(parts) or "not measured"
