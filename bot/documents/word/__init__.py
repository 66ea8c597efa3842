"""Word files: `written` makes one; `editing` changes one that exists."""

from bot.documents.word.writing import written

__all__ = ["written"]
