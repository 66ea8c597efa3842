"""From a goal's words to the folder it means, or to the answer that finds out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.rehearsal.answer import Answer
from bot.rehearsal.goals import places, results
from bot.rehearsal.goals.moves import READS_A_TURN, Plan, gave_up, work
from bot.rehearsal.goals.transcript import Transcript

_FINDING = Plan(titles=("Find the folder",))


def located(story: Transcript) -> places.Found | Answer:
    """The folder, once it is known; until then a look around, a question, or the reason why there is none."""
    match places.folder_for(story):
        case places.Nowhere(reason=reason):
            return gave_up(story, _FINDING, reason)
        case places.Look(paths=paths):
            looks = [("list_folder", {"path": path, "recursive": True}) for path in paths[:READS_A_TURN]]
            return work(story, _FINDING, *looks, say="I look for the folder first.")
        case places.Unsure(question=question, options=options):
            return _asked(story, question, options)
        case places.Found() as found:
            return found


def not_writable(story: Transcript, found: places.Found, why: str) -> Answer:
    """The end where the folder is only to be read."""
    return gave_up(story, _FINDING, f"`{found.path}` is granted to me read-only, so {why}.")


def _asked(story: Transcript, question: str, options: Sequence[str]) -> Answer:
    last = story.last("ask_person")
    if "ask_person" not in story.tools:
        return gave_up(story, _FINDING, question)
    if last is not None and not results.answered(last.result):
        return gave_up(story, _FINDING, f"{question} (My question was not put: {last.result.strip()})")
    return work(story, _FINDING, ("ask_person", {"question": question, "options": [*options]}))
