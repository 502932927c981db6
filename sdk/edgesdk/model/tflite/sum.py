# SPDX-License-Identifier: Apache-2.0
"""SUM has the options of all reductions."""

from edgesdk.model.tflite.codec import Codec
from edgesdk.model.tflite.reducer import OPTIONS_TYPE, read_reducer, write_reducer

CODEC = Codec(op="SUM", builtin=74, options_type=OPTIONS_TYPE, read=read_reducer, write=write_reducer)
