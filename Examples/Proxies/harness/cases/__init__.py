"""The cases, in the order of the table. Each runs through every proxy."""

from . import answers, forgeries, requests, connections, upgrades, options
from .table import CASES, Case

__all__ = ["CASES", "Case"]
