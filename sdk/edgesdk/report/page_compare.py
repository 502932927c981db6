# SPDX-License-Identifier: Apache-2.0
"""What differs between two builds: totals, and layers that stand for the same operators of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from edgesdk.measure.results import LayerProfile, PlanLayer, PlanReport, Profile

Layer = LayerProfile | PlanLayer


@dataclass(frozen=True)
class Change:
    """A number in both builds; None where a build does not have it.

    Args:
        kernels: of a layer in both builds, empty for a total.
    """

    what: str
    before: int | None
    after: int | None
    kernels: tuple[str, str] = ("", "")

    @property
    def percent(self) -> str:
        """By how much it grew."""
        if not self.before or self.after is None:
            return ""
        return f"{100 * (self.after - self.before) / self.before:+.1f}%"


def compared_totals(
    profile_a: Profile | None, plan_a: PlanReport | None, profile_b: Profile | None, plan_b: PlanReport | None
) -> tuple[Change, ...]:
    """Numbers that at least one build has, in the same units: measured ones first."""
    a, b = _totals(profile_a, plan_a), _totals(profile_b, plan_b)
    return tuple(Change(what, a.get(what), b.get(what)) for what in dict.fromkeys((*a, *b)))


def _totals(profile: Profile | None, plan: PlanReport | None) -> dict[str, int]:
    found: dict[str, int | None] = {}
    if profile is not None:
        found |= {
            "instructions": profile.latency.instructions,
            "cycles": profile.latency.cycles,
            "cycles, by estimate": profile.latency.cycles_estimated,
            "executed MACs": profile.macs_executed,
            "RAM: arena": profile.ram.arena,
            "RAM: runtime": profile.ram.runtime,
            "RAM: stack": profile.ram.stack,
            "RAM: app": profile.ram.app,
            "RAM: total": profile.ram.total,
            "flash: code": profile.flash.code,
            "flash: weights": profile.flash.weights,
            "flash: app": profile.flash.app,
            "flash: total": profile.flash.total,
        }
    elif plan is not None:
        found |= {
            "executed MACs": plan.macs_executed,
            "RAM: arena": plan.ram.arena,
            "flash: weights, planned": plan.flash.weights,
        }
    return {what: value for what, value in found.items() if value is not None}


def compared_layers(a: Sequence[Layer], b: Sequence[Layer]) -> tuple[Change, ...]:
    """Layers of both builds in the order of the first, then those that only the second has."""
    before, after = _keyed(a), _keyed(b)
    changes = []
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        one = old or new
        assert one is not None
        changes.append(
            Change(
                f"{one.op} {one.name}".strip(),
                _instructions(old),
                _instructions(new),
                ("" if old is None else old.kernel, "" if new is None else new.kernel),
            )
        )
    return tuple(changes)


def _keyed(layers: Sequence[Layer]) -> dict[tuple[object, ...], Layer]:
    """By what a layer stands for; moves may leave several of the same."""
    seen: Counter[tuple[object, ...]] = Counter()
    found: dict[tuple[object, ...], Layer] = {}
    for layer in layers:
        key = (layer.op, layer.tflite_ops)
        found[*key, seen[key]] = layer
        seen[key] += 1
    return found


def _instructions(layer: Layer | None) -> int | None:
    if not isinstance(layer, LayerProfile):
        return None
    return layer.instructions if layer.instructions is not None else layer.cycles
