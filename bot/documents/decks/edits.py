"""What is to be changed in a deck that exists: its slides are named by their numbers before all edits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from bot.documents import worded
from bot.documents.content import Bullet, Series, Slide
from bot.documents.edit import EditOf, as_made


class SetTitle(EditOf):
    """Pptx. `slide` is, here and in the other edits, its number in the file as it is before all of them."""

    kinds = ("pptx",)
    do: Literal["set_title"]
    slide: int = Field(ge=1)
    title: str = Field(min_length=1, max_length=1_000)

    @property
    def words(self) -> str:
        return f"Slide {self.slide}: call it “{self.title}”"


class SetBullets(EditOf):
    """Pptx: instead of those in a text of a slide; `which` counts its texts, without the title, from 1."""

    kinds = ("pptx",)
    do: Literal["set_bullets"]
    slide: int = Field(ge=1)
    bullets: list[Bullet | str] = Field(min_length=1, max_length=20)
    which: int = Field(default=1, ge=1)

    @property
    def words(self) -> str:
        said = [one if isinstance(one, Bullet) else Bullet(text=one) for one in self.bullets]
        return "\n".join(
            [f"Slide {self.slide}, text {self.which}:", *(f"{'  ' * b.level}- {b.text}" for b in said)]
        )


class SetNotes(EditOf):
    """Pptx: what the speaker sees, instead of what is there."""

    kinds = ("pptx",)
    do: Literal["set_notes"]
    slide: int = Field(ge=1)
    notes: str = Field(max_length=20_000)

    @property
    def words(self) -> str:
        return f"Slide {self.slide}, notes:\n{self.notes}"


class SetChart(EditOf):
    """Pptx: other figures in a chart that stays as it looks; `which` counts the charts of the slide from 1."""

    kinds = ("pptx",)
    do: Literal["set_chart"]
    slide: int = Field(ge=1)
    categories: list[str] = Field(max_length=10_000)
    series: list[Series] = Field(min_length=1, max_length=20)
    which: int = Field(default=1, ge=1)

    @property
    def words(self) -> str:
        figures = worded.figures(self.categories, self.series)
        return f"Slide {self.slide}, figures of chart {self.which}:\n{figures}"


class AddSlide(EditOf):
    """Pptx: a new slide in the look of the deck, after one of the file (0: before all)."""

    kinds = ("pptx",)
    do: Literal["add_slide"]
    after: int = Field(ge=0)
    content: Annotated[Slide, WithJsonSchema(as_made("A slide"))]

    @property
    def words(self) -> str:
        where = f"after slide {self.after}" if self.after else "before all others"
        return f"Add a slide {where}:\n{worded.slide(self.content)}"


class RemoveSlide(EditOf):
    """Pptx: with its notes and all that is on it."""

    kinds = ("pptx",)
    do: Literal["remove_slide"]
    slide: int = Field(ge=1)

    @property
    def words(self) -> str:
        return f"Remove slide {self.slide}"


class MoveSlide(EditOf):
    """Pptx: behind another slide of the file (0: before all)."""

    kinds = ("pptx",)
    do: Literal["move_slide"]
    slide: int = Field(ge=1)
    after: int = Field(ge=0)

    @property
    def words(self) -> str:
        return (
            f"Move slide {self.slide} behind slide {self.after}"
            if self.after
            else f"Move slide {self.slide} to the front"
        )


SlideEdit = SetTitle | SetBullets | SetNotes | SetChart | AddSlide | RemoveSlide | MoveSlide
