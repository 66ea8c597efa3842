"""What was picked in a select that takes several, and what is typed into one that is filled as one types."""

from __future__ import annotations

from bot.domain.person import Place
from bot.slack.parse import Body, Gesture, person_of, team_of
from bot.slack.people import People


def choices(body: Body, block: str) -> tuple[str, ...]:
    """The values of an input of a submitted view."""
    inputs = ((body["view"].get("state") or {}).get("values") or {}).get(block) or {}
    return tuple(
        str(one["value"]) for given in inputs.values() for one in given.get("selected_options") or []
    )


def search(body: Body, people: People) -> Gesture:
    """`words` are what was typed, `value` is what its view carries."""
    return Gesture(
        person=person_of(body, people),
        place=Place(team=team_of(body), channel=""),
        key="",
        words=str(body.get("value") or ""),
        value=(body.get("view") or {}).get("private_metadata") or "",
        action_id=body["action_id"],
    )
