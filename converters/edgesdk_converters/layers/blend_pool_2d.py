# SPDX-License-Identifier: Apache-2.0
"""BlendPool2D: between maximum and average by one parameter."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from edgesdk_converters.layers.ordinal_pool_2d import OrdinalPool2D


@keras.saving.register_keras_serializable("edgesdk")
class BlendPool2D(OrdinalPool2D):
    """share * maximum + (1 - share) * average of every window, the same trained share for all channels.

    "Mixed" pooling of Lee et al. 2016 (arXiv 1509.08985), the cheap rival of ordinal pooling; on devices it is one:
    the greatest value weighs share + (1 - share) / n, every other (1 - share) / n. Shapes are as in OrdinalPool2D.
    """

    def __init__(self, pool_size: Any = 2, strides: Any = None, padding: str = "valid", **kwargs: Any) -> None:
        super().__init__(pool_size, strides, padding, **kwargs)

    def add_ordinal(self, channels: int | None, ranks: int) -> None:
        if channels is None:
            raise ValueError(f"{self.name} must know its input's channels")
        self._channels = channels
        self.share = self.add_weight(name="share", shape=(1,), initializer=keras.initializers.Constant(0.5))

    @property
    def weights_by_rank(self) -> Any:
        ranks = self.pool_size[0] * self.pool_size[1]
        share = ops.clip(self.share, 0.0, 1.0)
        greatest = ops.convert_to_tensor(np.eye(ranks, dtype=np.float32)[0])
        return ops.ones((self._channels, 1)) * (share * greatest + (1 - share) / ranks)

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        return {name: value for name, value in config.items() if name not in ("form", "initializer")}
