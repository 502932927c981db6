# SPDX-License-Identifier: Apache-2.0
"""edgesdk: trained int8 networks to bit-exact, measured firmware for microcontrollers."""

__version__ = "0.1.0"
