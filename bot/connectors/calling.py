"""One call of a tool: to its result, or to a question that only a person can answer; what we can answer we do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from bot.connectors.answers import answer_of
from bot.domain import form as forms
from bot.domain.asking import Asking, Reply, Said
from bot.domain.cleaned import cleaned, cleaned_in
from bot.domain.connector import Answer, Form, Question
from bot.errors import ToolError

if TYPE_CHECKING:
    from mcp import Client
    from mcp.shared.dispatcher import ProgressFnT
    from mcp_types import CallToolResult, ElicitRequestParams, InputRequest, InputRequiredResult

_MOST_ROUNDS: Final = 10
_LONGEST_STATE: Final = 500_000
_OPEN_FIRST: Final = -32042
"""What the older protocol says where a page is to be opened before the call is made again."""

_REFUSED: Final = "Not done: the server wants a page to be opened first, and the requester declined."


async def called(
    client: Client,
    tool: str,
    arguments: Mapping[str, Any],
    *,
    asking: Asking | None,
    ours: Callable[[InputRequest], Awaitable[Mapping[str, Any]]],
    progress: ProgressFnT,
) -> Answer:
    """`ours` answers what a server may ask of a client itself: its roots, or a word of the model.

    `asking` is what it asked the last time, with the replies: then the call goes on where it was.
    """
    if asking is not None and asking.question.is_before and _is_refused(asking):
        return Answer(text=_REFUSED, is_error=True)
    replies, state = _replies(asking), asking.question.state or None if asking else None
    refused: list[str] = []
    for _ in range(_MOST_ROUNDS):
        result = await _result(client, tool, arguments, replies, state, progress)
        if isinstance(result, Question):
            return Answer(asked=result)
        if result.result_type != "input_required":
            return _with(answer_of(_whole(result)), refused)
        question = await _question(_asked(result), ours, refused)
        if question.forms:
            return Answer(asked=question)
        replies, state = question.given, question.state or None
    raise ToolError(f"It asked for more {_MOST_ROUNDS} times, and never came to a result.")


def form_of(params: ElicitRequestParams) -> Form:
    if params.mode == "url":
        return Form(message=cleaned(params.message), url=params.url)
    return Form(message=cleaned(params.message), schema=cleaned_in(params.requested_schema))


def written(reply: Reply) -> dict[str, Any]:
    """As the protocol has it."""
    content = {"content": dict(reply.content)} if reply.content else {}
    return {"action": str(reply.said), **content}


def declined(form: Form, why: str) -> str:
    """For the model: a question that nobody was asked."""
    return f"[Cowork declined a question of this server (“{form.message[:200]}”): {why}.]"


async def _result(
    client: Client,
    tool: str,
    arguments: Mapping[str, Any],
    replies: Mapping[str, Any],
    state: str | None,
    progress: ProgressFnT,
) -> CallToolResult | InputRequiredResult | Question:
    from mcp import MCPError

    try:
        return await client.session.call_tool(
            tool,
            dict(arguments),
            input_responses=dict(replies) or None,  # read as JSON is
            request_state=state,
            allow_input_required=True,
            progress_callback=progress,
        )
    except MCPError as error:
        if error.error.code != _OPEN_FIRST or (pages := _pages(error.error.data)) is None:
            raise
        return Question(forms=pages, is_before=True)


def _pages(described: Any) -> Mapping[str, Form] | None:
    """The addresses to open before the same call is made anew, none of which is opened by us."""
    listed = described.get("elicitations") if isinstance(described, dict) else None
    found = {
        str(number): Form(message=cleaned(str(one.get("message") or "")), url=str(one.get("url") or ""))
        for number, one in enumerate(listed or ())
        if isinstance(one, dict)
    }
    return found if found and not any(map(forms.objection, found.values())) else None


async def _question(
    result: InputRequiredResult,
    ours: Callable[[InputRequest], Awaitable[Mapping[str, Any]]],
    refused: list[str],
) -> Question:
    """What is left for a person when we have answered what is ours, and refused what nobody is to be asked."""
    asked: dict[str, Form] = {}
    given: dict[str, Any] = {}
    for key, request in (result.input_requests or {}).items():
        if request.method != "elicitation/create":
            given[key] = await ours(request)
        elif why := forms.objection(form := form_of(request.params)):
            refused.append(declined(form, why))
            given[key] = written(Reply(said=Said.DECLINE))
        else:
            asked[key] = form
    return Question(forms=asked, state=result.request_state or "", given=given)


def _replies(asking: Asking | None) -> Mapping[str, Any]:
    if asking is None or asking.question.is_before:
        return {}
    return {**asking.question.given, **{key: written(reply) for key, reply in asking.replies.items()}}


def _is_refused(asking: Asking) -> bool:
    return any(reply.said is not Said.ACCEPT for reply in asking.replies.values())


def _asked(result: CallToolResult | InputRequiredResult) -> InputRequiredResult:
    from mcp_types import InputRequiredResult

    assert isinstance(result, InputRequiredResult)
    if len(result.request_state or "") > _LONGEST_STATE:
        raise ToolError("It asks something, and sent more with the question than can be kept.")
    return result


def _whole(result: CallToolResult | InputRequiredResult) -> CallToolResult:
    from mcp_types import CallToolResult

    assert isinstance(result, CallToolResult)
    return result


def _with(answer: Answer, refused: list[str]) -> Answer:
    return replace(answer, text="\n".join(filter(None, [answer.text, *refused]))) if refused else answer
