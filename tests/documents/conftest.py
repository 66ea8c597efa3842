"""The same grounds as the tools' own tests have."""

from tests.tools.conftest import grounds

__all__ = ["grounds"]
