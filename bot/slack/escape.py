"""Untrusted text made safe to show: nothing in it pings, hides, or links to what it does not name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from bot.policy import links
from bot.policy.links import JOINER

_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufdd0-\ufdef\ufe00-\ufe0e\ufeff\uffa0"
    "\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_ODD = re.compile(f"{_HIDDEN.pattern}|[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_EMOJI = "[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]"
_LOOSE_EMOJI_JOINER = re.compile(f"(?<!{_EMOJI})\u200d|\u200d(?!{_EMOJI})")
_LOOSE_SELECTOR = re.compile(f"(?<!{_EMOJI})(?<![0-9#*])\ufe0f")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")

_REFERENCE = re.compile(
    r"<(?:(?P<kind>[@#])(?P<id>[A-Z0-9]+)|!(?P<special>[a-z]+)(?:\^[^<>|\n]*)?|(?P<url>[a-z][a-z0-9+.-]*:[^<>|\s]+))"
    r"(?:\|(?P<label>[^<>\n]*))?>",
    re.IGNORECASE,
)
_TOKEN_START = re.compile(r"(?:<|&lt;|&#0*60;|&#x0*3c;)(?=[@!#&])", re.IGNORECASE)
_BROADCAST = re.compile(r"@(?=channel|here|everyone|group)", re.IGNORECASE)

_FENCE = re.compile(r"^(`{3,})[^`\n]{0,40}$")
_FENCE_LIKE = re.compile(r"[\s>*+\-\d.)]*(?:```|~~~)")
_MARKS = str.maketrans("*`~", "∗ˋ∼")
_CLEAR_FENCE = re.compile(r"`{3,}[\w+#.\-]{0,40}[ \t]*")
_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\(\s*<?([^\s()<>]+)>?(?:\s+[\"'(][^\n\"')]*[\"')])?\s*\)")
_LINK_JOINT = re.compile(r"\](?=[(\[:])|!(?=\[)")


def visible(text: str) -> str:
    """`text` without what a reader cannot see: control, invisible and direction-changing characters."""
    text = _HALF_CHARACTER.sub("\ufffd", _LINE_ENDS.sub("\n", text))
    shown = _HIDDEN.sub("", text)
    return (
        _LOOSE_EMOJI_JOINER.sub("", shown) if "\u200d" in shown else shown
    )  # to look around each takes long


def exact(text: str) -> str:
    """`text` with what a reader would not see, or take for a plain space, spelled out: for what a person approves."""
    text = _HALF_CHARACTER.sub("\ufffd", _LINE_ENDS.sub("\n", text))
    return _ODD.sub(_spelled, _LOOSE_SELECTOR.sub(_spelled, _LOOSE_EMOJI_JOINER.sub(_spelled, text)))


def line(text: str) -> str:
    """`text` on one line, exact but for a mark where a line ended: for names and plain-text fields."""
    return visible(text).strip().replace("\n", " ⏎ ").replace("\t", " ")


def mrkdwn(text: str) -> str:
    """`text` for a mrkdwn field. Escapes once: the text must not be escaped already."""
    safe = _silent(_REFERENCE.sub(_named, visible(text)))
    return safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn_line(text: str) -> str:
    """`text` for one line of a mrkdwn field."""
    return mrkdwn(line(text))


def bold_line(text: str) -> str:
    """`text` for one line between asterisks in a mrkdwn field: what would end them, or take them along, is replaced by
    what looks like it."""
    return mrkdwn_line(text).translate(_MARKS)


def markdown(text: str, known: Collection[str] = ()) -> str:
    """`text` for a Markdown block: formatting stays, images go, every link shows its address, and only those that
    are `known` can be followed.
    """
    named = _REFERENCE.sub(_named, visible(text))
    is_clear = not any(map(_is_doubtful, named.split("\n")))
    opened = "\n".join(
        row if is_code and is_clear else links.plain(_open_links(row), known) for row, is_code in rows(named)
    )
    return _TOKEN_START.sub(lambda start: start[0] + JOINER, _silent(opened))


def rows(text: str) -> Iterator[tuple[str, bool]]:
    """The lines of a Markdown text, each with whether it is inside (or bounds) a code fence.

    Only fences that start their line count: one inside a list or a quote ends where that ends.
    """
    opening = ""
    for row in text.split("\n"):
        if opening:
            yield row, True
            if closes(row, opening):
                opening = ""
        else:
            opening = fence_of(row)
            yield row, bool(opening)


def fence_of(row: str) -> str:
    """The backticks that open a code fence on this line, "" if none do."""
    found = _FENCE.match(row)
    return found[1] if found else ""


def closes(row: str, opening: str) -> bool:
    """Whether this line ends the fence that `opening` began."""
    ticks = row.strip()
    return len(ticks) >= len(opening) and not ticks.strip("`")


def _is_doubtful(row: str) -> bool:
    """Something like a fence, of which another reader of Markdown may think otherwise: then no row counts as code."""
    return bool(_FENCE_LIKE.match(row)) and not _CLEAR_FENCE.fullmatch(row)


def _spelled(found: re.Match[str]) -> str:
    return f"‹U+{ord(found[0]):04X}›"


def _silent(text: str) -> str:
    return _BROADCAST.sub("@" + JOINER, text)


def _named(found: re.Match[str]) -> str:
    label = (found["label"] or "").strip()
    if found["url"]:
        return f"{label} ({found['url']})" if label and label != found["url"] else found["url"]
    if found["kind"]:
        return found["kind"] + (label or found["id"]).lstrip("@#")
    if found["special"].lower() in ("subteam", "date"):
        return label or found["special"]
    return "@" + (label or found["special"]).lstrip("@")


def _open_links(row: str) -> str:
    return _LINK_JOINT.sub(lambda joint: joint[0] + JOINER, _MARKDOWN_LINK.sub(_spelled_out, row))


def _spelled_out(found: re.Match[str]) -> str:
    label, address = found[1].strip(), found[2]
    return f"{label} ({address})" if label and label != address else address
