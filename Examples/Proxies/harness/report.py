"""The results as a table, for a terminal and for the documentation."""

from dataclasses import dataclass, field

from .recipes import Proxy


@dataclass
class Report:
    # A row is a case, a column is a proxy with its version.
    rows: list[str]
    columns: list[str] = field(default_factory=list)
    cells: dict[tuple[str, str], str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    passed: int = 0

    def add(self, row: str, column: str, shown: str | None, failure: str | None, limit: str | None) -> None:
        """One result. A limit of a proxy must hold: else it is no longer one, and the recipe's page is wrong."""
        if limit is not None and failure is None:
            failure = "it passes, but is noted as something that this proxy can't do"
        elif limit is not None:
            failure, shown = None, "limit"
            self.notes[f"{column}, {row}"] = limit
        if failure is None:
            self.passed += 1
        else:
            self.failures.append(f"{column}, {row}: {failure}")
        self.cells[row, column] = "FAILED" if failure else shown or "ok"

    @property
    def closing(self) -> str:
        return f"{self.passed} passed, {len(self.failures)} failed"

    def text(self) -> str:
        table = [["", *self.columns], *([row, *self._cells(row)] for row in self.rows)]
        widths = [max(map(len, column)) for column in zip(*table)]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)) for row in table]
        lines += ["", *(f"limit: {place}: {why}" for place, why in self.notes.items())]
        lines += [f"FAILED: {failure}" for failure in self.failures]
        return "\n".join([line.rstrip() for line in lines] + [self.closing])

    def markdown(self) -> str:
        lines = [
            "# What the recipes do",
            "",
            "Written by `make test-proxies`. Each case runs through each proxy, with the recipe beside this file.",
            "`ok`, a status or a count: as it has to be. `limit`: no configuration of this proxy helps, see below.",
            "",
            "| case | " + " | ".join(self.columns) + " |",
            "| --- |" + " --- |" * len(self.columns),
        ]
        for row in self.rows:
            lines.append(f"| {row} | " + " | ".join(self._cells(row)) + " |")
        lines += ["", *(f"- {place}: {why}" for place, why in self.notes.items()), "", self.closing, ""]
        return "\n".join(lines)

    def _cells(self, row: str) -> list[str]:
        return [self.cells.get((row, column), "-") for column in self.columns]
