"""What a server understands is found out once and remembered."""

from __future__ import annotations

import pytest

from bot.errors import NotConfigured, Unavailable
from bot.model.capabilities import FULL, PLAIN
from bot.model.claude import ModelRefused

HELLO = {"type": "text", "text": "Hello."}
EXTRAS = ("cache_control", "diagnostics", "thinking")
OPTIONAL = {*EXTRAS, "output_config"}


def extras_of(body):
    return tuple(name for name in EXTRAS if name in body)


def test_a_server_that_describes_the_model_as_anthropic_does_gets_everything(
    service, says, claude_at, prefix, goal
):
    service.says(says.whole(HELLO), says.whole(HELLO))
    claude = claude_at(service)
    claude.turn(prefix, goal)
    claude.turn(prefix, goal)
    assert [extras_of(body) for body in service.requests] == [EXTRAS, EXTRAS]
    assert service.looked_up == ["/v1/models/claude-opus-5-5"]


@pytest.mark.parametrize(
    "models",
    [
        lambda line: line.json(404, {"error": "not found"}),
        lambda line: line.json(200, {"id": "qwen3", "object": "model", "owned_by": "library"}),
        lambda line: line.json(200, ["odd"]),
        lambda line: line.json(405, {"detail": "Method Not Allowed"}),
        lambda line: line.json(500, {"error": "unknown route"}),
    ],
)
def test_any_other_server_gets_the_bare_protocol(service, says, claude_at, prefix, goal, models):
    service.models = models
    service.says(says.whole(HELLO))
    claude_at(service, effort="high").turn(prefix, goal)
    assert OPTIONAL.isdisjoint(service.requests[0])


def test_a_server_that_is_busy_or_wants_another_key_is_not_judged_yet(service, says, claude_at, prefix, goal):
    claude = claude_at(service)
    service.models = says.refusal(529, "overloaded_error")
    with pytest.raises(Unavailable):
        claude.turn(prefix, goal)
    service.models = says.refusal(401, "authentication_error")
    with pytest.raises(NotConfigured):
        claude.turn(prefix, goal)
    service.models = lambda line: line.json(404, {})
    service.says(says.whole(HELLO))
    assert claude.turn(prefix, goal).text == "Hello."


def test_the_endpoint_can_be_fixed_by_hand(service, says, claude_at, prefix, goal):
    service.models = lambda line: line.json(404, {})
    service.says(says.whole(HELLO), says.whole(HELLO))
    claude_at(service, endpoint="anthropic").turn(prefix, goal)
    claude_at(service, endpoint="plain").turn(prefix, goal)
    assert [extras_of(body) for body in service.requests] == [EXTRAS, ()]


def test_a_model_without_adaptive_thinking_is_not_asked_to_think(service, says, claude_at, prefix, goal):
    no = {"supported": False}
    thinking = {"supported": True, "types": {"adaptive": no}}
    info = {"id": "m", "max_tokens": 8_000, "capabilities": {"thinking": thinking, "effort": no}}
    service.models = lambda line: line.json(200, info)
    service.says(says.whole(HELLO))
    claude_at(service, effort="low").turn(prefix, goal)
    body = service.requests[0]
    assert (body["max_tokens"], "thinking" in body, "output_config" in body) == (8_000, False, False)


def test_a_field_that_a_400_names_as_unsupported_is_left_out_from_then_on(
    service, says, claude_at, prefix, goal
):
    service.says(
        says.refusal(400, "invalid_request_error", "diagnostics: Extra inputs are not permitted"),
        says.whole(HELLO),
        says.whole(HELLO),
    )
    claude = claude_at(service)
    claude.turn(prefix, goal)
    claude.turn(prefix, goal)
    assert [extras_of(body) for body in service.requests] == [
        EXTRAS,
        ("cache_control", "thinking"),
        ("cache_control", "thinking"),
    ]


def test_facts_become_the_users_text_where_the_system_role_is_refused(service, says, claude_at, prefix, goal):
    fact = {"type": "text", "text": "It is late."}
    service.says(
        says.refusal(400, "invalid_request_error", "role 'system' is not supported on this model"),
        says.whole(HELLO),
    )
    claude_at(service).turn(prefix, [*goal, {"role": "system", "content": [fact]}])
    assert service.requests[1]["messages"] == [{"role": "user", "content": [*goal[0]["content"], fact]}]


def test_a_400_that_names_the_same_field_again_is_our_fault(service, says, claude_at, prefix, goal):
    no = says.refusal(400, "invalid_request_error", "diagnostics: Extra inputs are not permitted")
    service.says(no, no)
    with pytest.raises(ModelRefused):
        claude_at(service).turn(prefix, goal)
    assert len(service.requests) == 2


@pytest.mark.parametrize(
    ("complaint", "lost"),
    [
        ("diagnostics: Extra inputs are not permitted", {"diagnostics"}),
        ("{'type': 'extra_forbidden', 'loc': ('body', 'thinking')}", {"thinking"}),
        ("adaptive thinking is not supported on this model", {"thinking"}),
        ("messages.1.role: Input should be 'user' or 'assistant'", {"system_messages"}),
        ('Unexpected role "system" in messages', {"system_messages"}),
        ("system messages in mid-conversation are not supported", {"system_messages"}),
        ("Unexpected value(s) `x-2026` for the `anthropic-beta` header", {"betas"}),
        ("output_config.effort: not supported by this model", {"output_config"}),
        ("cache_control: Extra inputs are not permitted", {"marks"}),
        ("messages.1.content.0: Invalid `signature` in `thinking` block", set()),
        ("messages: text content blocks must be non-empty", set()),
        ("A maximum of 4 blocks with cache_control may be provided. Found 5.", set()),
        ("messages.2: `tool_use` ids were found without `tool_result` blocks", set()),
        ("unexpected `tool_use_id` found in `tool_result` blocks: toolu_1", set()),
    ],
)
def test_only_what_a_complaint_names_as_unsupported_is_given_up(complaint, lost):
    less = FULL.without_what(complaint)
    assert {name for name in vars(FULL) if getattr(less, name) != getattr(FULL, name)} == lost


def test_the_plain_table_gives_up_everything_optional():
    assert not any(value for name, value in vars(PLAIN).items() if name != "max_tokens")


def test_doctor_is_told_what_answers(service, claude_at):
    report = claude_at(service).check()
    assert report.text == f"Claude Opus 5.5 at {service.url} (active)"
    assert (report.can.thinking, report.can.max_tokens, report.max_input_tokens) == (True, 128_000, 1_000_000)


def test_doctor_says_which_models_a_plain_server_has(service, claude_at):
    def models(line):
        if line.path == "/v1/models":
            return line.json(200, {"data": [{"id": "qwen3"}, {"id": "gemma4"}]})
        return line.json(404, {})

    service.models = models
    with pytest.raises(NotConfigured, match="which has: qwen3, gemma4"):
        claude_at(service).check()
    assert claude_at(service, model="qwen3").check().text.startswith("qwen3 at http")


@pytest.mark.parametrize(
    ("status", "kind", "expected"),
    [(401, "authentication_error", NotConfigured), (529, "overloaded_error", Unavailable)],
)
def test_doctor_fails_with_the_remedy(service, says, claude_at, status, kind, expected):
    service.models = says.refusal(status, kind)
    with pytest.raises(expected):
        claude_at(service).check()


def test_doctor_warns_of_a_retired_model(service, claude_at):
    capabilities = {"thinking": {"supported": True}}
    info = {"id": "old", "lifecycle": "retired", "capabilities": capabilities}
    service.models = lambda line: line.json(200, info)
    with pytest.raises(NotConfigured, match="retired"):
        claude_at(service).check()
