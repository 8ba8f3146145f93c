"""The cases, in the order of the table. Each runs through every proxy."""

from . import answers, forgeries, requests, connections, upgrades, options
from .table import CASES

__all__ = ["CASES"]
