"""How GitHub is connected: by a person's token, or by a team's app; and what a scope can name then."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.sdk import Audience, Connection, Per, SignInNeeded, ToolError
from bot.sdk.trial import Trial
from plugins.github.client import Client
from plugins.github.connecting import check, discover, mint
from tests.counterparts.emulate import Emulate
from tests.counterparts.prism import Prism
from tests.plugins.github.conftest import connected

NOW = datetime.now(UTC)


@pytest.fixture
def app(emulate: Emulate) -> Connection:
    """What an admin typed into the form."""
    known = emulate.github.app
    typed = {
        "app_id": f" {known.id} ",
        "installation": str(known.installation),
        "private_key": known.private_key,
    }
    return replace(connected(emulate.github.url, "", "github_app", Per.TEAM), secrets=typed)


def with_token(app: Connection) -> Connection:
    return replace(app, secrets={**app.secrets, "token": mint(app, NOW).token})


def test_a_token_says_whose_it_is_and_a_dead_one_asks_for_a_sign_in(trial: Trial, emulate: Emulate) -> None:
    client = Client(trial.connection)
    assert check(client).account == "octocat"
    emulate.forget("github", emulate.github.token)
    with pytest.raises(SignInNeeded):
        check(client)


def test_a_classic_token_is_refused_because_it_opens_everything(official: Prism) -> None:
    classic = {"X-OAuth-Scopes": "repo, user"}
    official.answer("GET", "/user", Client(connected(official.url, "t")).get("/user"), headers=classic)
    with pytest.raises(ToolError, match="Make a fine-grained one"):
        check(Client(connected(official.url, "ghp_x", "token")))
    assert check(Client(connected(official.url, "github_pat_x", "token"))).account == "octocat"


def test_an_app_gets_a_token_for_an_hour_and_says_what_it_may(app: Connection) -> None:
    minted, now = mint(app, NOW), datetime.now(UTC)
    assert timedelta(minutes=50) < minted.until - now < timedelta(minutes=70)
    checked = check(Client(with_token(app)))
    assert checked.account == "octocat"
    assert checked.can == ("read checks, metadata", "write contents, issues, pull requests, actions")


def test_an_app_reaches_its_repositories_and_no_others(app: Connection, trial: Trial) -> None:
    team = replace(trial, connection=with_token(app))
    made = team.run("create_issue", repo="octocat/secret", title="By the app")
    assert made.text.startswith("Opened octocat/secret#1: By the app")
    with pytest.raises(ToolError):
        team.run("list_issues", repo="acme/payments")
    audience = next(one.audience for one in team.plugin.actions if one.name == "list_issues")
    assert callable(audience)
    assert audience(team.context(), repo="octocat/secret") is Audience.WORKSPACE


@pytest.mark.parametrize(
    ("blank", "typed", "told"),
    [
        (
            "private_key",
            "-----BEGIN RSA PRIVATE KEY-----\nnope\n-----END RSA PRIVATE KEY-----",
            "paste the whole .pem",
        ),
        ("private_key", "", "paste the whole .pem"),
        ("app_id", "cowork", "are numbers"),
        ("installation", "1/../2", "are numbers"),
        ("installation", "999", "GitHub has no app/installations/999"),
    ],
)
def test_what_was_typed_wrongly_is_said(app: Connection, blank: str, typed: str, told: str) -> None:
    with pytest.raises(ToolError, match=told):
        mint(replace(app, secrets={**app.secrets, blank: typed}), NOW)


def test_the_key_of_another_app_is_refused(app: Connection) -> None:
    with pytest.raises(SignInNeeded):
        mint(replace(app, secrets={**app.secrets, "app_id": "54321"}), NOW)


def test_a_scope_can_name_the_repositories_that_a_person_sees(trial: Trial) -> None:
    client = Client(trial.connection)
    found = {one.id: (one.title, one.about) for one in discover(client, "")}
    assert found == {"octocat/hello-world": ("Says hello", ""), "octocat/secret": ("", "private")}
    assert [one.id for one in discover(client, "HELLO")] == ["octocat/hello-world"]
    assert discover(client, "nothing like it") == []


def test_an_app_lists_what_it_was_installed_on(official: Prism, by_specification: Trial) -> None:
    app = replace(by_specification, connection=connected(official.url, "ghs_x", "github_app", Per.TEAM))
    assert [one.id for one in discover(Client(app.connection), "")] == ["octocat/Hello-World"]
    assert app.run("list_repositories").ids == ("octocat/Hello-World",)
    assert {(call.path, call.status) for call in official.calls} == {("/installation/repositories", 200)}
