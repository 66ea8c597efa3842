"""What the plugin shows of GitHub's repositories and issues, as `emulate` plays it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotAllowed, ToolError
from bot.sdk import Audience
from bot.sdk.trial import Trial
from plugins.github.names import file_named, repository_named
from tests.counterparts.prism import Prism
from tests.plugins.github.conftest import REPO, Ask


def opened(github: Ask, title: str, repo: str = REPO, **more: Any) -> int:
    return int(github("POST", f"/repos/{repo}/issues", title=title, **more)["number"])


def test_repositories_are_listed_a_line_each_with_what_is_private(trial: Trial) -> None:
    listed = trial.run("list_repositories")
    assert "octocat/hello-world · Says hello · Python · public · http" in listed.text
    assert "octocat/secret · private" in listed.text
    assert set(listed.ids) == {"octocat/hello-world", "octocat/secret"}
    assert trial.run("list_repositories", search="SECR").ids == ("octocat/secret",)
    assert trial.within("octocat/hello-*").run("list_repositories").ids == ("octocat/hello-world",)


def test_issues_are_listed_with_labels_people_and_links_and_filtered(trial: Trial, github: Ask) -> None:
    opened(github, "Login fails — ünïcode 🙂", labels=["bug", "severity: high"], assignees=["reviewer"])
    closed = opened(github, "Old")
    github("PATCH", f"/repos/{REPO}/issues/{closed}", state="closed")
    line = "#1 Login fails — ünïcode 🙂 · open · bug, severity: high · assigned to reviewer · by octocat"
    assert line in trial.run("list_issues", repo=REPO).text
    assert "#2 Old · closed" not in trial.run("list_issues", repo=REPO).text
    assert "#2 Old · closed" in trial.run("list_issues", repo=REPO, state="all").text
    for filters in ({"labels": ["bug"]}, {"assignee": "reviewer"}, {"since": "2020-01-01"}):
        assert "#1 " in trial.run("list_issues", repo=REPO, **filters).text
    for filters in ({"labels": ["nope"]}, {"assignee": "none"}, {"since": "2999-01-01"}):
        assert trial.run("list_issues", repo=REPO, **filters).text == "No issues found."


def test_a_long_listing_comes_in_pages_without_gap_or_repeat(trial: Trial, github: Ask) -> None:
    for number in range(1, 53):
        opened(github, f"Issue {number}")
    seen, cursor = [], ""
    for rows, last in ((20, False), (20, False), (12, True)):
        text = trial.run("list_issues", repo=REPO, cursor=cursor).text
        seen += [row.split()[0] for row in text.splitlines() if row.startswith("#")]
        assert text.startswith(f"{rows} issues:")
        assert ("More with cursor" in text) is not last
        cursor = text.rpartition('cursor="')[2].rstrip('".')
    assert sorted(seen) == sorted({f"#{number}" for number in range(1, 53)})


def test_one_issue_comes_whole_with_its_comments_and_in_parts_when_long(trial: Trial, github: Ask) -> None:
    number = opened(github, "Login fails", body="On Firefox.\n" + "x" * 30_000)
    github("POST", f"/repos/{REPO}/issues/{number}/comments", body="Here, too")
    first = trial.run("get_issue", repo=REPO, number=number).text
    assert first.startswith(f"{REPO}#{number} Login fails\nopen · by octocat")
    assert "Here, too" not in first
    offset = int(first.rpartition("offset=")[2].rstrip("."))
    rest = trial.run("get_issue", repo=REPO, number=number, offset=offset).text
    assert "Comment 1 by octocat" in rest
    assert rest.endswith("Here, too")


def test_a_search_finds_words_in_what_was_granted_and_nothing_else(trial: Trial, github: Ask) -> None:
    opened(github, "Login fails")
    opened(github, "Login secret", repo="octocat/secret")
    opened(github, "Login elsewhere", repo="acme/api")
    everywhere = trial.run("search_issues", query="login is:issue").text
    assert all(title in everywhere for title in ("Login fails", "Login secret", "Login elsewhere"))
    for within in (trial.within(REPO), trial.within("octocat/hello-*")):
        for query in ("login", "login repo:octocat/secret", "login repo:acme/api"):
            found = within.run("search_issues", query=query).text
            assert "secret" not in found.replace("repo:octocat/secret", "")
            assert "elsewhere" not in found
        assert f"{REPO}#1 Login fails" in within.run("search_issues", query="login").text
    code = trial.within("octocat/hello-world").run("search_code", query="filename:README").text
    assert "octocat/hello-world: README.md" in code
    assert "secret" not in code


@pytest.mark.parametrize(
    ("patterns", "words"),
    [
        (("acme/api", "acme/web"), "login repo:acme/api repo:acme/web"),
        (("acme/*",), "login user:acme"),
        (("acme/pay*",), "login user:acme"),
        (("*",), "login"),
        (tuple(f"acme/repository-{n}" for n in range(20)), "login user:acme"),
    ],
)
def test_a_search_names_the_scope_and_whatever_comes_back_is_held_to_it(
    by_specification: Trial, official: Prism, patterns: tuple[str, ...], words: str
) -> None:
    within = by_specification.within(*patterns)
    found = {name: within.run(name, query="login").text for name in ("search_code", "search_issues")}
    assert [call.query["q"] for call in official.calls] == [words, words]
    assert ("jquery/jquery: src/attributes/classes.js" in found["search_code"]) is (patterns == ("*",))
    assert ("batterseapower/pinyin-toolkit#132" in found["search_issues"]) is (patterns == ("*",))


def test_files_are_listed_and_read_from_a_branch_a_tag_or_a_commit(trial: Trial, github: Ask) -> None:
    put = {"message": "Add é", "content": "w6kgY2Fmw6kK"}
    github("PUT", f"/repos/{REPO}/contents/docs/a%20b%23.md", **put)
    assert "docs/a b#.md (9 bytes)" in trial.run("list_tree", repo=REPO).text
    assert "README.md" not in trial.run("list_tree", repo=REPO, path="docs/").text
    read = trial.run("read_file", repo=REPO, path="docs/a b#.md", ref="main").text
    assert read.startswith(f"{REPO}: docs/a b#.md · sha ")
    assert read.endswith("é café\n")
    history = trial.run("list_commits", repo=REPO, path="docs/a b#.md").text
    assert history.startswith("1 commits:")
    assert "Add é · Octo Cat" in history
    first = trial.run("list_commits", repo=REPO).text.splitlines()[-1].split()[0]
    with pytest.raises(ToolError, match="no folder docs"):
        trial.run("list_tree", repo=REPO, path="docs", ref=first)
    commit = trial.run("get_commit", repo=REPO, ref="main", path="docs").text
    assert commit.startswith("Add é\nOcto Cat 20")
    assert "changes 1 files. http" in commit
    assert "docs/a b#.md · added · +1 −0" in commit
    assert commit.endswith("+é café")
    with pytest.raises(ToolError, match="does not change README"):
        trial.run("get_commit", repo=REPO, ref="main", path="README.md")


def test_what_is_no_text_or_no_file_is_said_to_be_none(trial: Trial, github: Ask) -> None:
    github("PUT", f"/repos/{REPO}/contents/a.bin", message="Binary", content="AAECAwAA")
    for path, reason in (("a.bin", "not a text file"), ("", "not a file"), ("nope.md", "has no")):
        with pytest.raises(ToolError, match=reason):
            trial.run("read_file", repo=REPO, path=path)


def test_published_releases_are_listed_and_drafts_are_not(trial: Trial, github: Ask) -> None:
    assert trial.run("list_releases", repo=REPO).text == "No releases found."
    github("POST", f"/repos/{REPO}/releases", tag_name="v1.0.0", name="First", body="It works.")
    github("POST", f"/repos/{REPO}/releases", tag_name="v2.0.0", name="Not yet", draft=True)
    listed = trial.run("list_releases", repo=REPO).text
    assert "v1.0.0 First" in listed
    assert "It works." in listed
    assert "Not yet" not in listed


def test_a_release_is_read_whole_by_its_tag(trial: Trial, github: Ask) -> None:
    notes = "## New\n\n" + "It works.\n" * 100
    github("POST", f"/repos/{REPO}/releases", tag_name="v1/ß", name="First", body=notes)
    assert "… (get_release has the rest)" in trial.run("list_releases", repo=REPO).text
    read = trial.run("get_release", repo=REPO, tag="v1/ß").text
    assert read.startswith("v1/ß First · ")
    assert read.endswith(notes.rstrip())
    github("POST", f"/repos/{REPO}/releases", tag_name="v2", name="Not yet", draft=True)
    with pytest.raises(ToolError):
        trial.run("get_release", repo=REPO, tag="v2")


@pytest.mark.parametrize(
    "repo",
    [
        "octocat/secret",
        "octocat/hello-world/../secret",
        "octocat%2Fsecret",
        "octocat/..",
        "octocat",
        "acme/api",
        "",
    ],
)
def test_nothing_outside_of_the_scope_is_read(trial: Trial, repo: str) -> None:
    within = trial.within("octocat/hello-world")
    for name in ("list_issues", "list_tree", "list_commits", "list_releases", "list_workflow_runs"):
        with pytest.raises((NotAllowed, ToolError)):
            within.run(name, repo=repo)


@pytest.mark.parametrize("path", ["../../../user", "docs/../../secret", "a\\..\\b", "./x"])
def test_a_path_does_not_lead_out_of_its_repository(trial: Trial, path: str) -> None:
    with pytest.raises(ToolError, match="not a path within"):
        trial.run("read_file", repo=REPO, path=path)
    with pytest.raises(ToolError, match="not a branch"):
        trial.run("read_file", repo=REPO, path="README.md", ref="../../secret")


def test_everybody_may_read_what_is_public_and_a_private_repository_its_person(trial: Trial) -> None:
    audience = next(one.audience for one in trial.plugin.actions if one.name == "list_issues")
    assert callable(audience)
    assert audience(trial.context(), repo=REPO) is Audience.ANYONE
    assert audience(trial.context(), repo="octocat/secret") is Audience.REQUESTER


@given(st.text(alphabet="acme/api.%2fF\\\\ ?#:@~\x00é-_", max_size=20))
def test_what_is_taken_for_a_repository_is_two_plain_parts_of_an_address(text: str) -> None:
    try:
        owner, name = repository_named(text).split("/")
    except ToolError:
        return
    assert quote(owner, safe="") == owner
    assert quote(name, safe="") == name
    assert name not in (".", "..")


@pytest.mark.parametrize("text", ["a/.", "a/..", "../a", "a/b/..", "a%2F..", "a//b", "/a/b", "a/b?x", "é/b"])
def test_no_trick_is_taken_for_a_repository(text: str) -> None:
    with pytest.raises(ToolError, match="is not a repository"):
        repository_named(text)


@given(st.text(alphabet="a./%2eE\\\\ #", max_size=20))
def test_what_is_taken_for_a_path_never_goes_up(text: str) -> None:
    try:
        path = file_named(text)
    except ToolError:
        return
    assert not {".", ".."} & set(path.split("/"))
    assert not path.startswith("/")
