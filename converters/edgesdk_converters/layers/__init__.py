# SPDX-License-Identifier: Apache-2.0
"""Keras layers whose operators edgesdk runs on the device. They need Keras 3 with any backend: the extra `keras`."""

from edgesdk_converters.layers.blend_pool_2d import BlendPool2D
from edgesdk_converters.layers.channel_tensorization import ChannelTensorization
from edgesdk_converters.layers.condensation_conv import CondensationConv
from edgesdk_converters.layers.cross_channel_pool import CrossChannelPool
from edgesdk_converters.layers.memory_training import MemoryAdam, MemoryUsage, ReinitializeDeadKeys
from edgesdk_converters.layers.ordinal_pool_2d import GlobalOrdinalPool2D, OrdinalPool2D
from edgesdk_converters.layers.ordinal_weights import Shares, ordinal_initializer
from edgesdk_converters.layers.product_key_memory import ProductKeyMemory, Usage
from edgesdk_converters.layers.tensor_excitation import TensorExcitation

__all__ = [
    "BlendPool2D",
    "ChannelTensorization",
    "CondensationConv",
    "CrossChannelPool",
    "GlobalOrdinalPool2D",
    "MemoryAdam",
    "MemoryUsage",
    "OrdinalPool2D",
    "ProductKeyMemory",
    "ReinitializeDeadKeys",
    "Shares",
    "TensorExcitation",
    "Usage",
    "ordinal_initializer",
]
