# SPDX-License-Identifier: Apache-2.0
"""One file per core: what its instructions take where memory answers at once."""
