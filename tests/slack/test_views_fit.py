"""Text of any length is made to fit, and is cut where it does no harm."""

from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import ActionsBlock, ButtonElement, MarkdownBlock, PlanBlock, TaskCardBlock

from bot.emulator.validation import block_problems
from bot.slack import escape, fit, split
from bot.slack.views import pieces
from bot.slack.views.message import Message

MARKDOWN = st.lists(
    st.sampled_from(["```", "```py", "````", "\n", "\n\n", " ", "word", "x" * 90, "🙂", "&amp;", '"\\']),
    max_size=300,
).map("".join)


def test_a_short_text_is_one_part_and_no_file():
    assert fit.parts("**Done.**") == fit.Parts(["**Done.**"], overflow=None)


def test_a_long_text_is_split_between_paragraphs():
    paragraphs = [f"{number} " + "word " * 400 for number in range(5)]
    parts = fit.parts("\n\n".join(paragraphs))
    assert [part.count("word") for part in parts.messages] == [800, 800, 400]
    assert all(part[0].isdigit() for part in parts.messages)
    assert parts.overflow is None


def test_more_than_three_parts_become_a_file_with_the_whole_text():
    text = "\n\n".join(f"{number} " + "word " * 400 for number in range(12))
    parts = fit.parts(text)
    assert (len(parts.messages), parts.overflow) == (1, text)


def test_a_cut_code_fence_is_closed_and_opened_again():
    code = "\n".join(f"line {number}" for number in range(100))
    found = split.pieces(f"Before.\n\n```py\n{code}\n```\nAfter.", 400)
    assert all(piece.startswith("```py\n") for piece in found[1:])
    assert all(piece.endswith("\n```") for piece in found[:-1])
    assert "\n".join(row for piece in found for row in piece.split("\n") if row.startswith("line")) == code


@given(MARKDOWN, st.integers(400, 2000))
def test_pieces_are_never_too_long_and_lose_no_word(text, limit):
    found = split.pieces(text, limit)
    assert all(len(piece) <= limit for piece in found)
    for word in ("word", "🙂"):
        assert sum(piece.count(word) for piece in found) >= text.count(word) - len(found)


@given(st.text(alphabet="a&<>", max_size=60), st.integers(5, 40))
def test_mrkdwn_is_never_cut_inside_an_entity(text, limit):
    cut = fit.clip(escape.mrkdwn(text), limit, is_mrkdwn=True)
    assert len(cut) <= limit
    assert "&" not in cut.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")


def test_a_token_of_ours_is_dropped_whole():
    assert fit.clip("by <@U0ANA0001> on <!date^1700000000^x|y>", 30, is_mrkdwn=True) == "by <@U0ANA0001> on …"


def test_plain_text_is_cut_by_character_even_after_a_bracket():
    assert fit.clip("a < b and much more", 10) == "a < b and…"


def test_a_message_that_is_too_long_in_every_way_still_fits():
    tasks = [TaskCardBlock(task_id=str(n), title="t" * 999, status="pending") for n in range(80)]
    blocks = [
        PlanBlock(title="p" * 999, tasks=tasks),
        *(pieces.section("s" * 2999) for _ in range(60)),
        ActionsBlock(elements=[ButtonElement(text="Stop", action_id=str(n), value="1") for n in range(40)]),
    ]
    fitted = fit.fit(Message("t" * 50_000, blocks))
    payload = fitted.payload()
    assert block_problems(payload["blocks"]) == []
    assert payload["blocks"][-4]["elements"][0]["text"] == fit.LEFT_OUT
    assert payload["blocks"][-1]["type"] == "actions"
    assert fit.size(fitted.blocks) <= fit.CHARACTERS
    assert len(payload["text"]) == fit.FALLBACK


def test_fitting_leaves_what_it_was_given_alone():
    given_blocks = [MarkdownBlock(text="m" * 20_000)]
    fit.fit(Message("t", given_blocks))
    assert len(given_blocks[0].text) == 20_000


def test_a_message_that_fits_is_unchanged():
    message = Message("Done", [pieces.section("*Done*"), pieces.aside("12 s")])
    assert fit.fit(message) == message
