"""Files and comments as a line each, for the model and for people."""

from __future__ import annotations

from typing import Any

from bot.sdk import line

FOLDER = "application/vnd.google-apps.folder"
DOCUMENT = "application/vnd.google-apps.document"
SPREADSHEET = "application/vnd.google-apps.spreadsheet"
PRESENTATION = "application/vnd.google-apps.presentation"
SHORTCUT = "application/vnd.google-apps.shortcut"
PDF = "application/pdf"

_KINDS = {
    FOLDER: "folder",
    DOCUMENT: "Google Doc",
    SPREADSHEET: "Google Sheet",
    PRESENTATION: "Google Slides",
    SHORTCUT: "shortcut",
    PDF: "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
}


def kind_of(file: Any) -> str:
    """What people call this sort of file."""
    mime = file.get("mimeType", "")
    return _KINDS.get(mime) or mime.removeprefix("application/vnd.google-apps.") or "file"


def file_line(file: Any) -> str:
    changed = file.get("modifiedTime", "")[:10]
    told = line(
        file["name"],
        kind_of(file),
        f"changed {changed}" if changed else "",
        f"id {file['id']}",
        link_of(file),
    )
    return f"- {told}"


def file_lines(file: Any) -> str:
    """All that is known of one."""
    owners = ", ".join(who(one) for one in file.get("owners", ()))
    changed = " by ".join(
        part for part in (file.get("modifiedTime", ""), who(file.get("lastModifyingUser", {}))) if part
    )
    known = {
        "Name": file["name"],
        "Kind": kind_of(file),
        "Id": file["id"],
        "Link": link_of(file),
        "In folder": ", ".join(file.get("parents", ())),
        "Owner": owners,
        "Changed": changed,
        "Size": f"{int(file['size']):,} bytes" if str(file.get("size", "")).isdigit() else "",
        "Leads to": file.get("shortcutDetails", {}).get("targetId", ""),
        "In the bin": "yes" if file.get("trashed") else "",
    }
    return "\n".join(f"{name}: {value}" for name, value in known.items() if value)


def comment_lines(comment: Any) -> str:
    """A comment, what it is about, and its answers."""
    state = " · resolved" if comment.get("resolved") else ""
    about = " ".join(comment.get("quotedFileContent", {}).get("value", "").split())[:200]
    lines = [f"- {_said(comment)}{state} · id {comment['id']}"]
    lines += [f"  on “{about}”"] if about else []
    lines += [f"  ↳ {_said(reply)}" for reply in comment.get("replies", ()) if reply.get("content")]
    return "\n".join(lines)


def link_of(file: Any) -> str:
    return str(file.get("webViewLink") or f"https://drive.google.com/open?id={file['id']}")


def short(text: str, most: int = 80) -> str:
    """In a line of a card or of a receipt."""
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[: most - 1]}…"


def who(person: Any) -> str:
    name, email = person.get("displayName", ""), person.get("emailAddress", "")
    return f"{name} <{email}>" if name and email else str(name or email)


def _said(comment: Any) -> str:
    when = comment.get("createdTime", "")[:10]
    return f"{who(comment.get('author', {}))} ({when}): {' '.join(comment.get('content', '').split())}"
