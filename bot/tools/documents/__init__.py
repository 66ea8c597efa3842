"""Any file as Markdown: `read` gives a `Document`, `excerpt` a part of its text."""

from bot.tools.documents.document import Document
from bot.tools.documents.excerpt import Excerpt, excerpt
from bot.tools.documents.reading import read

__all__ = ["Document", "Excerpt", "excerpt", "read"]
