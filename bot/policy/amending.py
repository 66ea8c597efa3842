"""How a brief comes of words, and how later words change it: limits add up, and only a lift loosens."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.brief import Boundary, Brief, CheckIn, Deed, Lift, Reading

_OTHER = {Deed.MOVING: Deed.MAKING, Deed.MAKING: Deed.MOVING}


def amended(brief: Brief, reading: Reading) -> Brief:
    """After more words of the requester: what they forbid is added, what they plainly allow is lifted."""
    for lift in reading.lifts:
        brief = _lifted(brief, lift)
    if reading.drops_plan:
        brief = replace(brief, plan_first=False)
    return tightened(brief, reading)


def tightened(brief: Brief, reading: Reading) -> Brief:
    """With what a reading adds, and nothing of what it would lift: a model that reads can forbid, and never allow."""
    boundaries = [*brief.boundaries]
    for new in reading.boundaries:
        if not any(_covers(old, new) for old in boundaries):
            boundaries.append(new)
    return replace(
        brief,
        boundaries=tuple(boundaries),
        plan_first=brief.plan_first or bool(reading.plan_first),
        plan_approved=brief.plan_approved and not reading.plan_first,
        check_ins=tuple(dict.fromkeys((*brief.check_ins, *reading.check_ins))),
        wanted=tuple({(one.format, one.name): one for one in (*reading.wanted, *brief.wanted)}.values()),
        named=brief.named | reading.named,
        recipients=tuple(dict.fromkeys((*brief.recipients, *reading.recipients))),
        unclear=tuple(dict.fromkeys((*brief.unclear, *reading.unclear))),
    )


def _lifted(brief: Brief, lift: Lift) -> Brief:
    """What only part of is allowed again is asked about from now on, as far as it was forbidden."""
    kept = tuple(_kept(brief, lift))
    if lift.is_partial and kept != brief.boundaries:
        freed = [one for one in brief.boundaries if one not in kept]
        asked = [
            CheckIn(effects=one.effects & lift.effects, quote=lift.quote, where=one.where, deed=one.deed)
            for one in freed
        ]
        brief = replace(brief, check_ins=tuple(dict.fromkeys((*brief.check_ins, *asked))))
    return replace(brief, boundaries=kept)


def _kept(brief: Brief, lift: Lift) -> list[Boundary]:
    """The boundaries under a lift: less its effects where it speaks of the same place, else as they were."""
    kept = []
    for boundary in brief.boundaries:
        if not boundary.effects & lift.effects or boundary.deed is _OTHER.get(lift.deed):
            kept.append(boundary)
        elif boundary.only:
            kept += _widened(boundary, lift)
        elif _is_same(boundary.where, lift.where):
            kept += _without(boundary, lift)
        elif lift.where and not boundary.where:
            kept += _except_there(boundary, lift)
        else:
            kept.append(boundary)
    return kept


def _without(boundary: Boundary, lift: Lift) -> list[Boundary]:
    """To allow moves is not to allow new files, nor the other way round."""
    left = boundary.effects - lift.effects
    kept = [replace(boundary, effects=left)] if left else []
    if boundary.deed is Deed.ANY and lift.deed in _OTHER:
        kept.append(replace(boundary, effects=boundary.effects & lift.effects, deed=_OTHER[lift.deed]))
    return kept


def _except_there(boundary: Boundary, lift: Lift) -> list[Boundary]:
    """Forbidden anywhere, and now allowed in one place."""
    there = replace(boundary, effects=boundary.effects & lift.effects, only=frozenset({lift.where}))
    return [there, *_without(boundary, lift)]


def _widened(boundary: Boundary, lift: Lift) -> list[Boundary]:
    """Allowed in some places alone, and now in one more; words without a place do not say so."""
    if not lift.where:
        return [boundary]
    more = replace(boundary, effects=boundary.effects & lift.effects, only=boundary.only | {lift.where})
    return [more, *_without(boundary, lift)]


def _is_same(one: str, other: str) -> bool:
    return one.strip("/ ").casefold() == other.strip("/ ").casefold()


def _covers(old: Boundary, new: Boundary) -> bool:
    """The new one says nothing that does not hold already."""
    is_there = (old.where, old.only, old.deed) == (new.where, new.only, new.deed)
    return is_there and new.effects <= old.effects
