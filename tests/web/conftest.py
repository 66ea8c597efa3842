"""An office per test, as those of the engine have it."""

from tests.engine.conftest import new_office  # noqa: F401
