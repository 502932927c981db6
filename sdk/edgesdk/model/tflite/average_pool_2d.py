# SPDX-License-Identifier: Apache-2.0
"""AVERAGE_POOL_2D has the options of all pooling."""

from edgesdk.model.tflite.codec import Codec
from edgesdk.model.tflite.pool_2d import OPTIONS_TYPE, read_pool_2d, write_pool_2d

CODEC = Codec(op="AVERAGE_POOL_2D", builtin=1, options_type=OPTIONS_TYPE, read=read_pool_2d, write=write_pool_2d)
