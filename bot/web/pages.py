"""The pages that people see while they connect an account: plain, readable by everybody, without a script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from typing import Final

from starlette.responses import HTMLResponse, Response

STYLE: Final = """
:root { color-scheme: light dark; --ink: #1d1c1d; --soft: #5a595c; --paper: #ffffff; --ground: #f4f4f6; --line: #c9c9ce;
  --go: #0b6b4f; --on: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --ink: #eeeef0; --soft: #b3b3b9; --paper: #202124; --ground: #141517;
  --line: #4b4c52; --go: #5fd0a8; --on: #10231c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 34rem; margin: 8vh auto; padding: 2rem; background: var(--paper); border: 1px solid var(--line);
  border-radius: 12px; overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }
p, ul, details { margin: 0 0 1rem; }
.soft { color: var(--soft); font-size: .925rem; }
label { display: block; margin-bottom: .35rem; font-weight: 600; }
input { width: 100%; max-width: 12rem; padding: .55rem .7rem; font: inherit; font-size: 1.25rem; letter-spacing: .15em;
  color: inherit; background: var(--ground); border: 1px solid var(--soft); border-radius: 8px; }
form { margin: 0 0 1.25rem; }
button, a.go { display: block; margin-top: 1rem; padding: .65rem 1.1rem; font: inherit; font-weight: 600;
  color: var(--on); background: var(--go); border: 0; border-radius: 8px; cursor: pointer; }
a.go { width: fit-content; margin-bottom: 1.25rem; text-decoration: none; }
button:focus-visible, a:focus-visible, input:focus-visible, summary:focus-visible {
  outline: 3px solid var(--go); outline-offset: 2px; }
[role=alert] { padding: .7rem .9rem; border-left: 4px solid #c0392b; background: var(--ground); }
@media (max-width: 30rem) { main { margin: 0; min-height: 100vh; padding: 1.25rem; border: 0; border-radius: 0; }
  button, a.go { width: 100%; } input { max-width: none; } }
"""
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()


def page(
    title: str, *parts: str, status: int = 200, leads_to: Sequence[str] = (), refused: bool = False
) -> Response:
    """`parts` are HTML; everything that people or services wrote is escaped by whoever made them.

    `leads_to` are the origins where its buttons may lead. `refused`: it says why something was not done.
    """
    body = "\n".join(parts)
    role = ' role="alert"' if refused else ""
    text = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><title>{escape(title)} · Cowork</title><style>{STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1><div{role}>{body}</div></main></body></html>"
    )
    return HTMLResponse(text, status_code=status, headers=_headers(leads_to))


def said(text: str, *, soft: bool = False) -> str:
    """A paragraph."""
    return f'<p class="soft">{escape(text)}</p>' if soft else f"<p>{escape(text)}</p>"


def listed(lines: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>" if lines else ""


def folded(summary: str, text: str) -> str:
    """What few want to read."""
    return f'<details class="soft"><summary>{escape(summary)}</summary>{escape(text)}</details>'


def form(step: str, button: str, *fields: str) -> str:
    """One step further, at this very address."""
    hidden = f'<input type="hidden" name="step" value="{escape(step)}">'
    return (
        f'<form method="post">{hidden}{"".join(fields)}<button type="submit">{escape(button)}</button></form>'
    )


def led(text: str, url: str) -> str:
    """Away from here, at a press."""
    return f'<a class="go" rel="noreferrer" href="{escape(url)}">{escape(text)}</a>'


def digits(label: str) -> str:
    """A field for a code that was told elsewhere."""
    return (
        f'<label for="digits">{escape(label)}</label><input id="digits" name="digits" inputmode="numeric" '
        'autocomplete="one-time-code" pattern="[0-9 ]*" maxlength="9" required autofocus>'
    )


def alert(text: str) -> str:
    return f'<p role="alert">{escape(text)}</p>'


def _headers(leads_to: Sequence[str]) -> dict[str, str]:
    """Nothing of the page is kept, framed or told to where it leads; Chrome holds redirects to `form-action`, too."""
    targets = " ".join(["'self'", *leads_to])
    policy = (
        f"default-src 'none'; style-src 'sha256-{_DIGEST}'; form-action {targets}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
