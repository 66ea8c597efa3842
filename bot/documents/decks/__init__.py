"""Decks of slides: their look, their layouts, and what of a text fits onto a slide."""
