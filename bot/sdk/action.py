"""An action of a plugin: a typed function with a docstring for the model, and what policy and people need of it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from bot.domain.call import Result
from bot.domain.destination import Aim
from bot.domain.effect import Effect
from bot.domain.label import Audience
from bot.domain.receipt import Receipt
from bot.sdk.context import Context
from bot.sdk.destination import destinations_of
from bot.sdk.local import locals_of
from bot.sdk.tool import arguments_of, schema_of

Items = Callable[..., Sequence[str]]
Act = Callable[..., Result]


class _Everywhere:
    """Marks an action that looks through all that the grant covers, and gives back nothing else."""

    def __repr__(self) -> str:
        return "EVERYWHERE"


EVERYWHERE = _Everywhere()


@dataclass(frozen=True, kw_only=True)
class Inverse:
    """How a call is taken back. `words` stand on the card ("Close it"); `act` takes `(context, receipt, arguments…)`.

    It raises `ToolError` where somebody has changed since what it would take back: that is left as it is. After a
    crash it is run again, which must do no harm.
    """

    words: str
    act: Act


@dataclass(frozen=True, kw_only=True)
class Action:
    """One thing a plugin can do; see `action` for what each part is."""

    name: str
    effect: Effect
    description: str
    schema: dict[str, Any]
    arguments: type[BaseModel]
    function: Act
    items: Items | _Everywhere
    preview: Callable[..., str]
    example: Mapping[str, Any]
    detail: Callable[..., str] | None = None
    audience: Audience | Callable[..., Audience] | None = None
    inverse: Inverse | None = None
    settled: Callable[..., Result | None] | None = None
    is_keyed: bool = False
    existed: bool = False
    besides: Callable[..., Effect | None] | None = None
    needs: tuple[str, ...] = ()
    destinations: Mapping[str, Aim] = field(default_factory=dict)
    local_files: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The docstring's first line."""
        return self.description.partition("\n")[0]


def action(
    *,
    effect: Effect,
    items: Items | _Everywhere,
    preview: Callable[..., str],
    example: Mapping[str, Any],
    detail: Callable[..., str] | None = None,
    audience: Audience | Callable[..., Audience] | None = None,
    inverse: Inverse | None = None,
    settled: Callable[..., Result | None] | None = None,
    is_keyed: bool = False,
    besides: Callable[..., Effect | None] | None = None,
    needs: tuple[str, ...] = (),
) -> Callable[[Act], Action]:
    """Make an action of a function `(context, arguments…) -> Result`. Its docstring is written for the model.

    `items` takes `(context, arguments…)` and gives the ids of what the call touches, as the scope names them (a bare
    id is resolved with the client first); `EVERYWHERE` is for a listing or a search, which filters what it gives by
    `context.in_scope`. `preview` is the call in a line for people, and asks nobody; `detail` is all that is written or
    sent, to the letter, and may ask the service what stands there now.
    `example` are arguments that a test runs. `audience` says who may read what comes back; without it everybody in the
    workspace for a team's connection, and the person alone for a person's. `settled` looks at the service after a
    crash: the result when the call with `context.effect_id` happened, None when it did not; it raises `ToolError` when
    that cannot be told. `is_keyed`: the service takes the effect id as an idempotency key, so the call may be made
    again. `besides` takes `(context, arguments…)`, asks nobody, and gives what this very call does more than `effect`
    says (a file that the service will run: `Effect.PUBLISH`), or None. `needs` are the service's own scopes beyond
    those of reading. An argument noted `Destination()` says where something goes, one noted `LocalFile()` names a file
    that is sent. What a call that makes or sends something gives back counts as ours: no words of others are in it.
    """

    def made(function: Act) -> Action:
        arguments = arguments_of(function)
        return Action(
            name=function.__name__,
            effect=effect,
            description=inspect.getdoc(function) or "",
            schema=schema_of(arguments),
            arguments=arguments,
            function=function,
            items=items,
            preview=preview,
            example=example,
            detail=detail,
            audience=audience,
            inverse=inverse,
            settled=settled,
            is_keyed=is_keyed,
            besides=besides,
            existed=effect in (Effect.CHANGE, Effect.DELETE),
            needs=needs,
            destinations=destinations_of(function),
            local_files=locals_of(function),
        )

    return made


def actions_in(*modules: ModuleType) -> tuple[Action, ...]:
    """All that these modules declare, in the order in which they stand there."""
    return tuple(one for module in modules for one in vars(module).values() if isinstance(one, Action))


def taken_back(inverse: Inverse, context: Context, receipt: Receipt, arguments: Mapping[str, Any]) -> Result:
    """Undo one call, of which `receipt` is the proof."""
    return inverse.act(context, receipt, **arguments)
