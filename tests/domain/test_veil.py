"""What hides secrets: by shape and by value, however they are written; everything else stays as it is."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.shapes import SHAPES
from bot.domain.veil import Veil, has_mask, kinds, mask
from tests.laws import tried

TOKEN = "xoxb-2048-4096-Zq7Wm1Kx9Rt3Vb5N"
PASSWORD = "k9#Lr+Tz/4wQ=vX2"
VEIL = Veil((("SLACK_BOT_TOKEN", TOKEN), ("COWORK_SECRET_KEY", PASSWORD)))

MARKED = {
    "GitHub token": "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "Slack token": "xapp-1-A0B1C2D3E4-5678-0a1b2c3d4e5f",
    "Slack webhook": "https://hooks.slack.com/services/T0001/B0002/pUt5aXw9Kq3Zr7Lm",
    "GitLab token": "glpat-9xQz2Lm7Rt4Kv8Ws1Bn5",
    "AWS key": "AKIA2E7XK4QZM5PLW3TN",
    "Anthropic key": "sk-ant-api03-R7wq_2Lk-9xZt4Vb8Nm1Ks5",
    "OpenAI key": "sk-proj-Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv",
    "Google key": "AIzaSyD3k9Lq7Wm1Xz5Rt8Vb2Nc4Kp6Js0HgfEu",
    "Stripe key": "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    "npm token": "npm_1a2b3c4d5e6f7g8h9i0j1k2l3m4n5o6p7q8r",
    "signed token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.dozjgNryP4J3jVmNHl0w5N",
    "password in an address": "postgresql://bob:hunter2@db.example.org/x",
    "authorization": "Authorization: Bearer 8f14e45fceea167a5a36",
    "password": "DB_PASSWORD=Tr0ub4dor&3",
    "secret": "client_secret: 'q8Zr3Lk9Wx2Vt7Nb5Mc1'",
    "AWS secret": "AWS_SECRET_ACCESS_KEY = wJalrXUtnFEMI9K7MDENG0bPxRfiCYzEXAMPLEKE",
    "private key": "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1r\nAAAAB3NzaC1y\n-----END OPENSSH PRIVATE KEY-----",
}


@pytest.mark.parametrize("kind", MARKED)
def test_each_kind_is_hidden_and_named(kind: str) -> None:
    text = f"Look:\n{MARKED[kind]}\nthat is all."

    shown = Veil().masked(text)

    assert kinds(Veil().found(text)) == [kind]
    assert mask(kind) in shown
    assert shown.startswith("Look:\n") and shown.endswith("\nthat is all.")
    assert shown.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "postgresql+psycopg://USER:PASSWORD@HOST/NAME",
        "password = get_password(user1)",
        "PASSWORD=$DB_PASSWORD1",
        "api_key: <your-api-key-goes-here-1>",
        "the key: 12 of them, and the token is gone",
        "1,204,888 tokens in, secret santa 2026 at https://example.org/a:b/c@d",
        "sk-learn-and-the-sk-cube-grid-of-all-the-pages",
        "Digest 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "commit 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
        "b39ed3e0-54c7-4f8b-9a54-0b9a3f1f5e1c is an id; primary_key=True; foreign key: user_id",
        "Passwords must have 8 characters: letters and digits.",
        "HOME=/home/ana\nPWD=/srv/cowork/tasks/12\nOLDPWD=/srv/reports2",
    ],
)
def test_what_is_no_secret_stays_as_it_is(text: str) -> None:
    assert VEIL.masked(text) == text


@pytest.mark.parametrize(
    "written",
    [
        TOKEN,
        f'"{TOKEN[:9]}" +\n    "{TOKEN[9:]}"',
        "\u200b".join(TOKEN),
        " ".join(TOKEN),
        base64.b64encode(f"user:{TOKEN}".encode()).decode(),
        base64.urlsafe_b64encode(f"x{TOKEN}y".encode()).decode(),
        TOKEN.encode().hex(),
    ],
)
def test_a_value_known_here_is_found_however_it_is_written(written: str) -> None:
    shown = VEIL.masked(f"It is {written} there")

    assert mask("SLACK_BOT_TOKEN") in shown
    solid = re.sub("[^A-Za-z0-9]", "", shown)
    assert not any(part in solid for part in ("Zq7Wm1Kx", TOKEN.encode().hex()[20:40]))


@pytest.mark.parametrize("joint", ["\u200b", "\u2060", "\u00ad"])
def test_a_token_with_characters_that_nobody_sees_is_found(joint: str) -> None:
    token = MARKED["GitHub token"]
    shown = Veil().masked(f"{token[:2]}{joint}{token[2:20]}{joint}{token[20:]} is it")

    assert token[20:] not in shown and token[4:20] not in shown
    assert shown.endswith(" is it")


@pytest.mark.parametrize("joint", ["\n", "\r\n", '" +\n  "', "\\\n", "\n> "])
def test_a_token_of_known_length_is_found_over_the_end_of_a_line(joint: str) -> None:
    token = MARKED["GitHub token"]
    text = f"{token[:20]}{joint}{token[20:]}"

    shown = Veil().masked(f"{text}\nnext")

    assert token[20:] not in shown and token[4:20] not in shown
    assert shown.count("\n") == f"{text}\nnext".count("\n")
    assert shown.endswith("\nnext")


def test_an_ordinary_word_is_not_hidden_because_it_is_somebodys_password() -> None:
    assert (
        Veil((("password of the database", "postgres"),)).masked("postgres is a database")
        == "postgres is a database"
    )


def test_texts_in_plain_values_are_hidden_and_what_holds_none_is_the_same_object() -> None:
    clean = {"what": ["Read a.md", 3, None], "ok": True}
    assert VEIL.masked_in(clean) is clean
    assert VEIL.masked_in({"a": [f"x {TOKEN}"], "n": 3, "b": {"c": "d"}}) == {
        "a": [f"x {mask('SLACK_BOT_TOKEN')}"],
        "n": 3,
        "b": {"c": "d"},
    }


def secrets() -> st.SearchStrategy[tuple[str, str]]:
    """Of every shape, as it stands and what of it must not be seen."""

    def of(shape):
        matching = st.from_regex(shape.pattern, fullmatch=True).filter(
            lambda text: "\n" not in text and text.isascii()
        )
        return (
            matching.map(lambda text: (text, shape.pattern.search(text)))
            .filter(
                lambda one: (
                    one[1] is not None
                    and one[1][0] == one[0]
                    and shape.is_real(one[1]["secret"])
                    and not has_mask(one[0])
                )
            )
            .map(lambda one: (one[0], one[1]["secret"]))
        )

    marked = [
        shape for shape in SHAPES if not shape.pattern.flags & re.IGNORECASE and shape.kind != "private key"
    ]
    return st.sampled_from(marked).flatmap(of)


WORDS = st.text(st.sampled_from("abcXYZ .,:\näö—1"), max_size=40)


@settings(max_examples=tried(150), deadline=None)
@given(WORDS, secrets(), WORDS)
def test_no_secret_of_any_shape_is_seen_wherever_it_stands(
    before: str, secret: tuple[str, str], after: str
) -> None:
    whole, hidden = secret
    shown = Veil().masked(f"{before} {whole} {after}")

    assert hidden not in shown
    assert shown.startswith(f"{before} ") and shown.endswith(f" {after}")


@settings(max_examples=tried(150), deadline=None)
@given(
    st.lists(
        st.one_of(WORDS, st.sampled_from(list(MARKED.values())), st.just(TOKEN), st.just(PASSWORD)),
        max_size=6,
    )
)
def test_hiding_twice_is_hiding_once_and_lines_stay_where_they_are(parts: list[str]) -> None:
    text = "\n".join(parts)
    shown = VEIL.masked(text)

    assert VEIL.masked(shown) == shown
    assert shown.count("\n") == text.count("\n")
    assert TOKEN not in shown and PASSWORD not in shown


@settings(max_examples=tried(100), deadline=None)
@given(
    st.integers(1, len(TOKEN) - 1), st.text(st.sampled_from(" \n\t'\"+\\,\u200b."), max_size=5), WORDS, WORDS
)
def test_a_known_value_is_found_with_anything_put_in_between(
    at: int, between: str, before: str, after: str
) -> None:
    shown = VEIL.masked(f"{before} {TOKEN[:at]}{between}{TOKEN[at:]} {after}")

    assert mask("SLACK_BOT_TOKEN") in shown
    assert not re.search("Zq7W|m1Kx|9Rt3|Vb5N", shown)
