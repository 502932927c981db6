# SPDX-License-Identifier: Apache-2.0
"""Networks with published RAM figures, rebuilt with random weights: what a plan needs to be compared with them.

`tables` needs nothing but Python; `build` and `convert` need TensorFlow, the extra `keras`.
"""
