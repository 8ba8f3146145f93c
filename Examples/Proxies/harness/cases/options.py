"""What a recipe offers in lines that are commented out."""

from ..stage import Stage
from .forgeries import batches, spellings
from .table import case

PREFLIGHT = ["Origin: https://web.example", "Access-Control-Request-Method: PUT"]


@case("preflight, as the recipe is: 401")
def _(stage: Stage):
    stage.refuses(stage.head(method="OPTIONS") + PREFLIGHT, 401)


@case("preflight, let pass", options=True)
def _(stage: Stage):
    forged = [f"{name}: mallory" for name in spellings("-_.") if "mail" not in name.lower()]
    stage.check(stage.ask(stage.head(method="OPTIONS") + PREFLIGHT), None)
    for group in batches(forged, 60):
        stage.check(stage.ask(stage.head(method="OPTIONS") + PREFLIGHT + group), None)
    stage.refuses(stage.head() + PREFLIGHT, 401)
    stage.refuses(stage.head(method="OPTIONS"), 401)
    stage.refuses(stage.head(method="OPTIONS") + PREFLIGHT[:1], 401)


@case("token handed to the app", options=True)
def _(stage: Stage):
    stage.passes(stage.head("alice"), "alice")
    stage.refuses(stage.head(), 401)
