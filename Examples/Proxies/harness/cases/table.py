"""The table that the cases beside this file are put in."""

from collections.abc import Callable
from dataclasses import dataclass

from ..stage import Stage


@dataclass(frozen=True)
class Case:
    """It raises `Failure`, or returns what the table is to show in place of `ok`."""

    name: str
    run: Callable[[Stage], str | None]
    # Runs with the recipe's options, in place of the recipe as it is.
    options: bool


CASES: list[Case] = []


def case(name: str, options: bool = False):
    def add(run):
        CASES.append(Case(name, run, options))
        return run

    return add
