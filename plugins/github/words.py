"""What GitHub has, in lines for the model and words for people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from github.Issue import Issue
from github.PullRequest import PullRequest

from bot.sdk import Audience, Context, Per, ToolError, marked

_MARK = re.compile(r"\s*<!-- cowork-\w+ -->\s*\Z")
MOST_SEARCHED = 500
PUBLIC = "Anyone can read it: the repository is public."


class _Written(Protocol):
    @property
    def body(self) -> str: ...


T = TypeVar("T", bound=_Written)


def day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at else ""


def who(account: Any) -> str:
    """A deleted account is GitHub's "ghost"."""
    return account.login if account else "ghost"


def labels_of(issue: Issue | PullRequest) -> list[str]:
    return sorted(one.name for one in issue.labels or ())


def assignees_of(issue: Issue | PullRequest) -> list[str]:
    return sorted(one.login for one in issue.assignees or ())


def several(title: str, names: Iterable[str]) -> str:
    joined = ", ".join(names)
    return f"{title}{joined}" if joined else ""


def first_line(text: str | None) -> str:
    return (text or "").partition("\n")[0]


def written(context: Context, body: str) -> str:
    """With a mark that people do not see, by which a lookup finds it."""
    if not context.effect_id:
        return body
    return f"{body}\n\n<!-- {marked(context.effect_id)} -->".lstrip()


def has_mark(context: Context, body: str | None) -> bool:
    return f"<!-- {marked(context.effect_id)} -->" in (body or "")


def found_by_mark(context: Context, items: Iterable[T]) -> T | None:
    """The one that this very call wrote, of all that it could be. Raises `ToolError` where those are too many."""
    for number, item in enumerate(items):
        if has_mark(context, item.body):
            return item
        if number == MOST_SEARCHED:
            raise ToolError(
                f"It is not among the last {MOST_SEARCHED}: look at GitHub whether it was written."
            )
    return None


def shown(body: str | None) -> str:
    """What people wrote, without a mark of ours."""
    return _MARK.sub("", (body or "").replace("\r\n", "\n"))


def repository_of(item: Any) -> str:
    """The name in the address of what a search gave, which has no other field for it everywhere."""
    owner, name = item.url.rpartition("/repos/")[2].split("/")[:2]
    return f"{owner}/{name}"


def readers(context: Context, repo: str, **_: Any) -> Audience:
    """Everybody reads what is public; the rest those whose connection it is."""
    if not context.client.repository(repo).private:
        return Audience.ANYONE
    return Audience.WORKSPACE if context.connection.per is Per.TEAM else Audience.REQUESTER


def to_readers(detail: Callable[..., str] = lambda *_, **__: "") -> Callable[..., str]:
    """What is written, and before it who will be able to read it where that is everybody: no small matter."""

    def whole(context: Context, repo: str, **arguments: Any) -> str:
        text = detail(context, repo=repo, **arguments)
        is_public = not context.client.repository(repo).private
        return f"{PUBLIC}\n{text}".rstrip() if is_public else text

    return whole


def scope_words(patterns: Iterable[str], most: int = 180) -> str:
    """The grant as far as GitHub's search has words for it; what it finds is filtered besides."""
    patterns = list(patterns)
    exact = " ".join(f"user:{one[:-2]}" if one.endswith("/*") else f"repo:{one}" for one in patterns)
    if not re.search(r"[*?\[]", exact) and len(exact) <= most:
        return exact
    owners = " ".join(dict.fromkeys(f"user:{one.partition('/')[0]}" for one in patterns))
    return "" if re.search(r"[*?\[]", owners) or len(owners) > most else owners
