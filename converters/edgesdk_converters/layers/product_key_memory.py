# SPDX-License-Identifier: Apache-2.0
"""ProductKeyMemory: a large table of values, addressed by pairs of small keys."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import Any

import keras
import numpy as np
from keras import ops


@dataclass(frozen=True)
class Usage:
    """How a memory's slots were read since `reset_usage`.

    Args:
        usage: share of the slots that were read at all.
        top1: share of the slots that were some query's first choice.
        kl: divergence of the weights' distribution over the slots from the uniform one, nats: 0 where all are read
            alike, log(slots) where one is read alone.
    """

    usage: float
    top1: float
    kl: float


def read_slots(halves: Any, keys: Any, neighbours: int) -> tuple[Any, Any]:
    """What queries read: slots and weights, both [queries, heads, neighbours], best first.

    Args:
        halves: [queries, heads, 2, key_dim / 2].
        keys: [heads, 2, sub_keys, key_dim / 2].
    """
    sub_keys = keys.shape[2]
    best, places = ops.top_k(ops.einsum("bhpd,hpnd->bhpn", halves, keys), neighbours)
    sums = best[:, :, 0, :, None] + best[:, :, 1, None, :]
    found, pairs = ops.top_k(ops.reshape(sums, (-1, keys.shape[0], neighbours**2)), neighbours)
    first = ops.take_along_axis(places[:, :, 0], pairs // neighbours, axis=-1)
    second = ops.take_along_axis(places[:, :, 1], pairs % neighbours, axis=-1)
    return first * sub_keys + second, ops.softmax(found, axis=-1)


@keras.saving.register_keras_serializable("edgesdk")
class ProductKeyMemory(keras.layers.Layer):
    """Reads the `neighbours` best of sub_keys ** 2 values, and sums them by the softmax of their scores.

    Input [..., d], output [..., units]. A linear query of `key_dim` elements a head is cut into halves; each is scored
    against `sub_keys` keys of its own by dot products. Slot i * sub_keys + j has the score of key i of the first half
    plus that of key j of the second, so the best slots are among the pairs of the best keys: exact, at the cost of 2 *
    sub_keys products instead of sub_keys ** 2 (Lample et al. 2019, arXiv 1907.05242; in networks for images Karimov et
    al. 2021, arXiv 2101.11685). Heads share the values. Of equal scores the lowest index wins.

    Args:
        units: elements of a value.
        sub_keys: keys of each half and head.
        key_dim: elements of a query and of a slot's key; even.
        heads: queries for each input.
        neighbours: slots that a head reads.
        query_batch_norm: whether queries are normalized over the batch, which keeps keys alive.
        value_initializer: of the values; by default normal with variance 1 / units. "zeros" suits a residual memory.
    """

    def __init__(
        self,
        units: int,
        sub_keys: int,
        key_dim: int = 32,
        heads: int = 1,
        neighbours: int = 8,
        query_batch_norm: bool = True,
        value_initializer: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        counts = {"units": units, "sub_keys": sub_keys, "key_dim": key_dim, "heads": heads, "neighbours": neighbours}
        for name, value in counts.items():
            if value < 1:
                raise ValueError(f"{name} is {value}; it must be at least 1")
        if key_dim % 2:
            raise ValueError(f"key_dim is {key_dim}; it must be even, since each half has keys of its own")
        if neighbours > sub_keys:
            raise ValueError(f"neighbours is {neighbours}; each half has only {sub_keys} keys")
        self.units = units
        self.sub_keys = sub_keys
        self.key_dim = key_dim
        self.heads = heads
        self.neighbours = neighbours
        self.query_batch_norm = query_batch_norm
        default = keras.initializers.RandomNormal(stddev=units**-0.5)
        self.value_initializer = default if value_initializer is None else keras.initializers.get(value_initializer)
        self.query = keras.layers.Dense(heads * key_dim, name="query")
        self.norm = keras.layers.BatchNormalization(name="norm") if query_batch_norm else None

    @property
    def slots(self) -> int:
        """Values."""
        return self.sub_keys**2

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.query.build(input_shape)
        if self.norm is not None:
            self.norm.build((None, self.heads * self.key_dim))
        reach = (self.key_dim / 2) ** -0.5
        self.keys = self.add_weight(
            name="keys",
            shape=(self.heads, 2, self.sub_keys, self.key_dim // 2),
            initializer=keras.initializers.RandomUniform(-reach, reach),
        )
        self.memory = self.add_weight(
            name="memory_values", shape=(self.slots, self.units), initializer=self.value_initializer
        )
        counters = {"mass": (self.slots,), "first": (self.slots,), "hits": (self.heads, 2, self.sub_keys)}
        for name, shape in counters.items():
            setattr(self, name, self.add_weight(name=name, shape=shape, initializer="zeros", trainable=False))
        super().build(input_shape)

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        slots, weights = self.read(inputs, training)
        self._count(slots, weights)
        read = ops.take(self.memory, ops.reshape(slots, (-1, self.heads * self.neighbours)), axis=0)
        y = ops.einsum("bs,bsu->bu", ops.reshape(weights, (-1, self.heads * self.neighbours)), read)
        return ops.reshape(y, (*ops.shape(inputs)[:-1], self.units))

    def read(self, inputs: Any, training: bool | None = None) -> tuple[Any, Any]:
        """What is read for inputs [..., d]: slots and weights, both [queries, heads, neighbours], best first."""
        q = ops.reshape(self.query(inputs), (-1, self.heads * self.key_dim))
        if self.norm is not None:
            q = self.norm(q, training=training)
        halves = ops.reshape(q, (-1, self.heads, 2, self.key_dim // 2))
        return read_slots(halves, self.keys, self.neighbours)

    def _count(self, slots: Any, weights: Any) -> None:
        flat = ops.reshape(slots, (-1,))
        mass = ops.cast(ops.stop_gradient(ops.reshape(weights, (-1,))), self.mass.dtype)
        self.mass.assign_add(ops.segment_sum(mass, flat, self.slots))
        top = ops.reshape(slots[..., 0], (-1,))
        self.first.assign_add(ops.segment_sum(ops.ones_like(top, dtype=self.mass.dtype), top, self.slots))
        halves = ops.stack([slots // self.sub_keys, slots % self.sub_keys], axis=2)  # [queries, heads, 2, neighbours]
        bases = ops.reshape(ops.arange(2 * self.heads, dtype=slots.dtype) * self.sub_keys, (1, self.heads, 2, 1))
        places = ops.reshape(halves + bases, (-1,))
        count = ops.segment_sum(ops.ones_like(places, dtype=self.mass.dtype), places, 2 * self.heads * self.sub_keys)
        self.hits.assign_add(ops.reshape(count, self.hits.shape))

    def reset_usage(self) -> None:
        """Forgets what was read."""
        for counter in (self.mass, self.first, self.hits):
            counter.assign(ops.zeros_like(counter))

    def usage(self) -> Usage:
        """What was read since `reset_usage`, training or not; all 0 before anything was."""
        mass, first = ops.convert_to_numpy(self.mass).astype(float), ops.convert_to_numpy(self.first)
        if not mass.sum():
            return Usage(0.0, 0.0, 0.0)
        z = mass[mass > 0] / mass.sum()
        return Usage(float((mass > 0).mean()), float((first > 0).mean()), float(log(len(mass)) + (z * np.log(z)).sum()))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "sub_keys": self.sub_keys,
            "key_dim": self.key_dim,
            "heads": self.heads,
            "neighbours": self.neighbours,
            "query_batch_norm": self.query_batch_norm,
            "value_initializer": keras.saving.serialize_keras_object(self.value_initializer),
        }
