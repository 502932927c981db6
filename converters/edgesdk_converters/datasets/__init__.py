# SPDX-License-Identifier: Apache-2.0
"""Data sets for the recipes, from where they lie on this machine; nothing is downloaded.

They are looked for in the folder that EDGESDK_DATA names, then where Debian's packages put them. Each module says
how to get what is missing.
"""
