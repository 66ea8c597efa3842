"""`python -m bot.cli` is `cowork`."""

from bot.cli.main import app

app(prog_name="cowork")
