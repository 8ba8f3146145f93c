"""Draws what `benchmarks growth` measured: plots.py GROWTH.JSON DIRECTORY."""

import json
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as pyplot
from matplotlib.ticker import EngFormatter, FuncFormatter

# Ours are solid and each has the colour of the peer that it is to be compared with.
STYLES = {
    "MemoryStore": ("#1f77b4", "-", "o"),
    "FastMCP TokenCache": ("#1f77b4", ":", "o"),
    "SQLiteStore": ("#d95f02", "-", "s"),
    "diskcache": ("#d95f02", ":", "s"),
    "Python sqlite3": ("#b8860b", ":", "D"),
    "RedisStore": ("#2ca02c", "-", "^"),
    "redis-py": ("#2ca02c", ":", "^"),
}

FIGURES = {
    "entries": ("Cost of one operation, one task", "entries", [("hit", "a hit"), ("insert", "an insert of a new key")]),
    "tasks": ("Operations a second, by all tasks together", "tasks", [("hit", "hits"), ("insert", "inserts of new keys")]),
}


def draw(points, name, directory):
    title, axis, panels = FIGURES[name]
    figure, axes = pyplot.subplots(1, 2, figsize=(13, 5.5), sharey=True, layout="constrained")
    figure.suptitle(title, fontsize=14)
    for panel, (operation, heading) in zip(axes, panels):
        for who, (colour, line, mark) in STYLES.items():
            chosen = sorted(
                (p["x"], p["y"])
                for p in points
                if (p["plot"], p["operation"], p["who"]) == (name, operation, who)
            )
            if chosen:
                panel.plot(*zip(*chosen), color=colour, linestyle=line, marker=mark, label=who, linewidth=1.8)
        panel.set_title(heading)
        panel.set_xlabel(axis)
        panel.set_xscale("log", base=10 if name == "entries" else 2)
        panel.set_yscale("log")
        panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}".replace(",", " ")))
        panel.yaxis.set_major_formatter(EngFormatter(unit="s" if name == "entries" else "/s"))
        panel.tick_params(labelleft=True)
        panel.grid(True, which="major", alpha=0.4)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)
    path = f"{directory}/{name}.png"
    figure.savefig(path, dpi=130)
    print(path)


points = json.load(open(sys.argv[1]))
for name in FIGURES:
    draw(points, name, sys.argv[2])
