"""The requester's words, read by fixed rules: what they forbid, want and name. English; pure."""

from __future__ import annotations

from bot.domain.brief import Boundary, CheckIn, Reading
from bot.policy.reader import formats, places, plans, wishes
from bot.policy.reader.limits import Limit, limits
from bot.policy.reader.phrases import phrases
from bot.policy.reader.said import Sentence, own, sentences


def read(words: str) -> Reading:
    """Everything in these words, in the order it was said."""
    said = list(sentences(words))
    plan = next(filter(None, map(plans.plan_first, said)), "")
    found = [limit for one in said for limit in _limits(one)]
    named, recipients = places.named(own(words))
    check_ins = [one for one in found if isinstance(one, CheckIn)]
    check_ins += [wish for one in said for wish in wishes.check_ins(one)]
    return Reading(
        boundaries=tuple(dict.fromkeys(one for one in found if isinstance(one, Boundary))),
        plan_first=plan,
        check_ins=tuple(dict.fromkeys(check_ins)),
        wanted=tuple(dict.fromkeys(wish for one in said for wish in formats.wanted(one))),
        named=named,
        recipients=recipients,
        lifts=tuple(dict.fromkeys(lift for one in said for lift in wishes.lifts(one))),
        drops_plan=next(filter(None, map(plans.drops_plan, said)), ""),
        unclear=tuple(dict.fromkeys(one for one in found if isinstance(one, str))),
    )


def _limits(sentence: Sentence) -> list[Limit]:
    return [*limits(sentence), *phrases(sentence)]
