"""The emulators answer, refuse what the services would refuse, and begin anew with each test."""

from __future__ import annotations

import httpx2
import pytest
from github import Auth, GithubIntegration

from tests.counterparts.emulate import Emulate, Service


def as_(service: Service, token: str | None = None) -> httpx2.Client:
    return httpx2.Client(
        base_url=service.url, headers={"Authorization": f"Bearer {token or service.token}"}, timeout=60
    )


def test_github_keeps_an_issue_and_refuses_one_without_a_title(emulate: Emulate) -> None:
    with as_(emulate.github) as github:
        made = github.post("/repos/octocat/hello-world/issues", json={"title": "Login fails"})
        assert made.status_code == 201
        assert github.get(f"/repos/octocat/hello-world/issues/{made.json()['number']}").json()["title"] == (
            "Login fails"
        )
        assert github.post("/repos/octocat/hello-world/issues", json={}).status_code == 422
        assert github.get("/repos/stranger/vault").status_code in (403, 404)


def test_what_one_test_made_the_next_does_not_see(emulate: Emulate) -> None:
    with as_(emulate.github) as github:
        github.post("/repos/octocat/hello-world/issues", json={"title": "Of the test before"})
        emulate.reset()
        assert github.get("/repos/octocat/hello-world/issues").json() == []


def test_many_tests_do_not_use_up_what_a_token_may_ask_in_an_hour(emulate: Emulate) -> None:
    app = emulate.github.app
    with as_(emulate.github) as github:
        for _ in range(3):
            last = github.get("/user")
        assert int(last.headers["X-RateLimit-Remaining"]) < 4998
        emulate.reset(most=2)
        assert github.get("/user").headers["X-RateLimit-Remaining"] == "4999"
    integration = GithubIntegration(auth=Auth.AppAuth(app.id, app.private_key), base_url=emulate.github.url)
    assert integration.get_access_token(app.installation).token


def test_github_has_a_workflow_whose_last_run_failed(emulate: Emulate) -> None:
    with as_(emulate.github) as github:
        runs = github.get("/repos/octocat/hello-world/actions/runs").json()["workflow_runs"]
        assert [run["conclusion"] for run in runs] == ["failure", "success"]
        jobs = github.get(f"/repos/octocat/hello-world/actions/runs/{runs[0]['id']}/jobs").json()["jobs"]
        assert [job["name"] for job in jobs] == ["build"]


def test_a_github_app_gets_a_token_for_its_repositories_only(emulate: Emulate) -> None:
    app = emulate.github.app
    integration = GithubIntegration(auth=Auth.AppAuth(app.id, app.private_key), base_url=emulate.github.url)
    token = integration.get_access_token(app.installation).token
    with as_(emulate.github, token) as github:
        assert github.get("/repos/octocat/secret").status_code == 200
        assert github.get("/repos/acme/payments").status_code in (403, 404)


@pytest.mark.parametrize(
    ("name", "path"),
    [("github", "/user"), ("google", "/drive/v3/files"), ("linear", "/graphql?query={viewer{email}}")],
)
def test_a_token_that_was_taken_back_is_nobodys(emulate: Emulate, name: str, path: str) -> None:
    service: Service = getattr(emulate, name)
    with as_(service) as client:
        assert "errors" not in client.get(path).raise_for_status().json()
        emulate.forget(name, service.token)
        refused = client.get(path)
        assert refused.status_code == 401 or "errors" in refused.json()


def test_google_has_the_files_and_calendars_of_two_people(emulate: Emulate) -> None:
    with as_(emulate.google) as ana, as_(emulate.google, emulate.google.other_token) as ben:
        names = {file["name"] for file in ana.get("/drive/v3/files").json()["files"]}
        assert {"Meetings", "Meeting notes", "agenda.md"} <= names
        assert [file["name"] for file in ben.get("/drive/v3/files").json()["files"]] == ["ben.txt"]
        events = ana.get("/calendar/v3/calendars/primary/events").json()["items"]
        assert [event["summary"] for event in events] == ["Kickoff"]


def test_slack_posts_with_the_right_to_and_says_which_right_is_missing(emulate: Emulate) -> None:
    with as_(emulate.slack) as slack, as_(emulate.slack, emulate.slack.other_token) as reader:
        channels = slack.post("conversations.list").json()["channels"]
        sprint = next(one["id"] for one in channels if one["name"] == "sprint")
        assert slack.post("chat.postMessage", json={"channel": sprint, "text": "Hello"}).json()["ok"]
        refused = reader.post("chat.postMessage", json={"channel": sprint, "text": "Hello"}).json()
        assert (refused["error"], refused["needed"]) == ("missing_scope", "chat:write")
        nobody = as_(emulate.slack, "xoxb-nobody").post("auth.test").json()
        assert nobody["error"] in ("invalid_auth", "not_authed")


def test_linear_has_teams_and_issues_and_refuses_a_field_it_does_not_know(emulate: Emulate) -> None:
    with as_(emulate.linear) as linear:
        asked = {"query": "{ issues { nodes { identifier team { key } } } }"}
        issues = linear.post("/graphql", json=asked).json()["data"]["issues"]["nodes"]
        assert {issue["identifier"] for issue in issues} >= {"WEB-1", "WEB-2", "OPS-1"}
        assert linear.post("/graphql", json={"query": "{ issues { nodes { colour } } }"}).json()["errors"]


def test_an_oauth_app_sends_people_back_to_where_the_colleague_listens_only(emulate: Emulate) -> None:
    app = emulate.github.oauth
    emulate.redirects_to("http://127.0.0.1:9999")
    with as_(emulate.github) as github:
        here, elsewhere = (
            github.get(
                "/login/oauth/authorize",
                params={"client_id": app.id, "redirect_uri": f"http://{host}/connect/github/callback"},
            )
            for host in ("127.0.0.1:9999", "127.0.0.1:6666")
        )
    assert (here.status_code, elsewhere.status_code) == (200, 400)
