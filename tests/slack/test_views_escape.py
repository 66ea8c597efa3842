"""Untrusted text cannot ping, hide, or link to what it does not name."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy.links import links_in
from bot.slack import escape

ALIVE = re.compile(r"<[@#!]|(?i:@(?:channel|here|everyone))")
PINGS = st.sampled_from(
    ["<!channel>", "<@U1>", "<!subteam^S1|@eng>", "@", "channel", "here", "<", "!", "&lt;", "|", ">"]
)
LINKS = st.sampled_from(
    ["http://e.example", "[", "]", "(", ")", "![", "](", "```", "\n", " ", "\u200b", "\u202e", "a"]
)
PIECES = PINGS | LINKS
HOSTILE = st.lists(PIECES | st.text(max_size=5), max_size=30).map("".join)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
        ("ask <@U0ANA0001|ana> in <#C1|general>", "ask @ana in #general"),
        ("<@U0ANA0001>", "@U0ANA0001"),
        ("<!channel> <!here|@here>", "@\u2060channel @\u2060here"),
        ("<!subteam^S123|@eng> @everyone", "@eng @\u2060everyone"),
        ("<https://evil.example|your bank>", "your bank (https://evil.example)"),
        ("<mailto:a@b.example>", "mailto:a@b.example"),
        ("<!-- hidden -->", "&lt;!-- hidden --&gt;"),
        ("a\u202egpj.exe\u200b\x00", "agpj.exe"),
        ("👨‍👩‍👧 e\u200dvil", "👨‍👩‍👧 evil"),
    ],
)
def test_mrkdwn_shows_the_words_and_nothing_else(text, shown):
    assert escape.mrkdwn(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "**Done**, see [the report](https://e.example/r).",
            "**Done**, see the report (https://e.example/r).",
        ),
        ("![pixel](https://e.example/?leak=1)", "pixel (https://e.example/?leak=1)"),
        ("[https://a.example](https://a.example)", "https://a.example"),
        ("[a](<https://e.example> 'title')", "a (https://e.example)"),
        ("[a][r]\n\n[r]: https://e.example", "[a]\u2060[r]\n\n[r]\u2060: https://e.example"),
        ("![a](https://e.example/(b)c)", "!\u2060[a]\u2060(https://e.example/(b)c)"),
        ("<!channel> and &lt;!here>", "@\u2060channel and &lt;\u2060!here>"),
        ("@[here](x) <[@U1>](x)", "@\u2060here (x) <\u2060@U1> (x)"),
        ("`List<@NonNull T>`", "`List<\u2060@NonNull T>`"),
        ("```md\n[a](b)\n```\n[a](b)", "```md\n[a](b)\n```\na (b)"),
        ("- x\n  ```\n[a](b)", "- x\n  ```\na (b)"),
    ],
)
def test_markdown_keeps_formatting_and_shows_every_address(text, shown):
    assert escape.markdown(text, known=links_in([shown])) == shown


def test_a_name_in_bold_ends_no_bold_and_takes_none_along():
    assert escape.bold_line("ci *bold* `x` ~y~\n<!here>") == "ci ∗bold∗ ˋxˋ ∼y∼ ⏎ @\u2060here"


def test_an_address_that_nobody_has_seen_before_is_shown_and_leads_nowhere():
    shown = escape.markdown("**See** [it](https://evil.example/x?d=1), `https://a.example`")
    assert shown == "**See** it (https\u2060://evil.example/x?d=1), `https://a.example`"


@pytest.mark.parametrize(
    "fences",
    [
        " ```\nx\n```\n",
        "~~~\n```\n~~~\n",
        f"```{'a' * 41}\nx\n```\n",
        "```\n    ```\n```\n",
        "```\n```\u00a0\n```\n",
    ],
)
def test_a_fence_that_slack_may_read_otherwise_hides_no_address(fences):
    assert "](" not in escape.markdown(f"{fences}[your bank](https://evil.example)")


def test_a_name_stays_on_its_line():
    assert escape.line(" a.txt\n2. Delete b.txt ") == "a.txt ⏎ 2. Delete b.txt"


@given(HOSTILE)
def test_no_mention_survives_in_mrkdwn(text):
    safe = escape.mrkdwn(text)
    assert not ALIVE.search(safe)
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", safe)


@given(HOSTILE)
def test_no_mention_image_or_disguised_link_survives_in_markdown(text):
    safe = escape.markdown(text)
    assert not ALIVE.search(safe)
    outside = "\n".join(row for row, is_code in escape.rows(safe) if not is_code)
    assert "](" not in outside and "![" not in outside


@given(st.text())
def test_what_is_left_can_be_sent_and_seen(text):
    seen = escape.visible(text)
    seen.encode()
    assert not re.search("[\u0000-\u0008\u000b-\u001f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]", seen)
    assert escape.visible(seen) == seen
