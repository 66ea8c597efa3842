"""What an access would do, as the middle of a sentence for people."""

from __future__ import annotations

from bot.domain.effect import Access, Effect, Realm, Resource

ON_A_PATH = {
    Effect.READ: "read",
    Effect.CREATE: "create",
    Effect.CHANGE: "change",
    Effect.DELETE: "delete",
    Effect.SEND: "send",
    Effect.PUBLISH: "publish",
    Effect.EXECUTE: "run",
    Effect.EGRESS: "send out text from",
}
ELSEWHERE = {
    Effect.READ: "read from",
    Effect.CREATE: "create something in",
    Effect.CHANGE: "change something in",
    Effect.DELETE: "delete something in",
    Effect.SEND: "send something with",
    Effect.PUBLISH: "publish something with",
    Effect.EXECUTE: "run something in",
    Effect.EGRESS: "send text to",
}


def deed(access: Access) -> str:
    """For example "change /srv/plan.md" or "create something in github (acme/api)"."""
    verbs = ON_A_PATH if access.resource.realm is Realm.FOLDER else ELSEWHERE
    return f"{verbs[access.effect]} {place(access.resource)}"


def place(resource: Resource) -> str:
    if resource.realm is Realm.SANDBOX:
        return "the sandbox"
    is_all = resource.item in ("", "*")
    return shown(resource.name) if is_all else f"{shown(resource.name)} ({shown(resource.item)})"


def short(name: str) -> str:
    """The end of a path, which says most: "reports/notes.md"."""
    return shown("/".join([part for part in name.split("/") if part][-2:]) or name)


def shown(text: str) -> str:
    """Text that cannot pass for another line or another name: what does not print becomes "�"."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)
