"""What secrets look like: tokens by the marks their makers gave them, and what stands where a password stands."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What is hidden is the group `secret`; what stands before it in the match stays, and tells what was there.

    It is looked for only where one of its `hints` occurs (in lower case, where case does not matter to it).
    `is_fixed`: the length is known, so that one which goes over several lines is found, too. `is_real` tells it from
    a placeholder.
    """

    kind: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    is_fixed: bool = False
    is_real: Callable[[str], bool] = lambda secret: True


_BORDER = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))"
_PLACEHOLDER = re.compile(
    r"^[<{%]|^\$[({A-Za-z_]|…|\*{3}|x{4}"
    r"|^(?:(?:your|my|the|some|an?)[_\- ]?)?(?:password|passwd|pass|pwd|secret|token|key)$"
    r"|^(?:example|placeholder|change[_-]?me|redacted|dummy)",
    re.IGNORECASE,
)
_NAMES = r"(?:pass(?:wor[dt]|wd|phrase|code)|pwd)"
_HERE = r"(?-i:(?<![^\n])PWD=/)"
"""In what `env` prints: the folder that a shell is in."""
_KEYS = r"(?:(?<![a-z])key|api_?key|secret|token|credentials?)"
_GIVEN = r"""["'`]?(?:[ \t]*(?::=|=>|[:=])[ \t]*|[ \t]+is:?[ \t]+)"""


def _has_both(text: str) -> bool:
    return any(letter.isdigit() for letter in text) and any(letter.isalpha() for letter in text)


def _entropy(text: str) -> float:
    """Bits a character, after Shannon."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())


def _is_written(secret: str) -> bool:
    return _PLACEHOLDER.search(secret) is None


def _is_password(secret: str) -> bool:
    return _is_written(secret) and _has_both(secret)


def _is_random(secret: str) -> bool:
    return _is_password(secret) and _entropy(secret) >= 3.3


def _marked(kind: str, mark: str, rest: str, hints: str, *, is_fixed: bool = False) -> Shape:
    """One that begins with its maker's mark, which is no secret. Names of things seldom have digits as well."""
    return Shape(
        kind=kind,
        hints=tuple(hints.split()),
        pattern=re.compile(f"{_BORDER}(?:{mark})(?P<secret>{rest})"),
        is_fixed=is_fixed,
        is_real=(lambda _: True) if is_fixed else _has_both,
    )


def _given(kind: str, pattern: str, hints: str, *, is_real: Callable[[str], bool]) -> Shape:
    """One that is known by what stands before it."""
    compiled = re.compile(pattern, re.IGNORECASE)
    return Shape(kind=kind, hints=tuple(hints.split()), pattern=compiled, is_real=is_real)


_PRIVATE_KEY = Shape(
    kind="private key",
    hints=("PRIVATE KEY",),
    pattern=re.compile(
        r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?P<secret>[\s\S]+?(?=-----END|\Z))"
    ),
)
_GITHUB = "ghp_ gho_ ghr_ ghs_ ghu_"

SHAPES: Final[tuple[Shape, ...]] = (
    _PRIVATE_KEY,
    _marked("Slack token", r"xox[abceoprs]-|xapp-|xwfp-", r"[A-Za-z0-9-]{10,}", "xox xapp- xwfp-"),
    _marked("Slack webhook", r"hooks\.slack\.com/[a-z]+/", r"[A-Za-z0-9+/]{20,}", "hooks.slack.com"),
    _marked("GitHub token", r"gh[oprsu]_", r"[A-Za-z0-9]{36}", _GITHUB, is_fixed=True),
    _marked("GitHub token", r"gh[oprsu]_", r"[A-Za-z0-9]{36,}", _GITHUB),
    _marked("GitHub token", r"github_pat_", r"\w{36,}", "github_pat_"),
    _marked("Cowork token", r"ck_", r"[A-Za-z0-9]{43}", "ck_", is_fixed=True),
    _marked(
        "GitLab token",
        r"gl(?:pat|dt|rt|ptt|agent|soat)-",
        r"[\w-]{20,}",
        "glpat- gldt- glrt- glptt- glagent- glsoat-",
    ),
    _marked(
        "AWS key",
        r"A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA",
        r"[A-Z2-7]{16}(?![a-z])",
        "A3T AKIA ASIA ABIA ACCA",
        is_fixed=True,
    ),
    _given(
        "AWS secret",
        rf"(?:aws[\w.\- ]{{0,20}}(?:secret|session)[\w.\- ]{{0,20}}{_GIVEN}[\"'`]?"
        r"|(?:AKIA|ASIA)[A-Z2-7]{16}[\"']?[\s,;:|]{1,4}[\"']?)(?P<secret>[A-Za-z0-9/+]{40,})",
        "aws akia asia",
        is_real=_has_both,
    ),
    _marked("Anthropic key", r"sk-ant-(?:[a-z]{2,8}\d\d-)?", r"[\w-]{20,}", "sk-ant-"),
    _marked("OpenAI key", r"sk-(?!ant-)(?:proj-|svcacct-|admin-)?", r"[\w-]{32,}", "sk-"),
    _marked("Google key", r"AIza", r"[\w-]{35}", "AIza", is_fixed=True),
    _marked("Google token", r"GOCSPX-|ya29\.|1//0", r"[\w-]{28,}", "GOCSPX- ya29. 1//0"),
    _marked("Stripe key", r"(?:sk|rk|whsec)_(?:(?:live|test|prod)_)?", r"[A-Za-z0-9]{20,}", "sk_ rk_ whsec_"),
    _marked("npm token", r"npm_", r"[A-Za-z0-9]{36}", "npm_", is_fixed=True),
    _marked("PyPI token", r"pypi-AgE", r"[\w-]{50,}", "pypi-AgE"),
    _marked("Hugging Face token", r"hf_", r"[A-Za-z0-9]{30,}", "hf_"),
    _marked("SendGrid key", r"SG\.", r"[\w-]{16,}\.[\w-]{32,}", "SG."),
    _marked("Atlassian token", r"ATATT3", r"[\w=-]{50,}", "ATATT3"),
    _marked("Notion token", r"ntn_|secret_(?=[A-Za-z0-9]{43})", r"[A-Za-z0-9]{40,}", "ntn_ secret_"),
    _marked("Linear key", r"lin_(?:api|oauth)_", r"[A-Za-z0-9]{32,}", "lin_"),
    _marked("DigitalOcean token", r"do[opr]_v1_", r"[a-f0-9]{64}", "_v1_", is_fixed=True),
    _marked(
        "Shopify token",
        r"shp(?:at|ca|pa|ss)_",
        r"[A-Fa-f0-9]{32}",
        "shpat_ shpca_ shppa_ shpss_",
        is_fixed=True,
    ),
    _marked("age key", r"AGE-SECRET-KEY-1", r"[A-Z0-9]{58}", "AGE-SECRET-KEY-1", is_fixed=True),
    _marked("signed token", r"(?=eyJ)", r"eyJ[\w-]{10,}\.eyJ[\w-]{10,}(?:\.[\w-]*)?", "eyJ"),
    _given(
        "password in an address",
        r"\b[a-z][a-z0-9+.\-]{1,20}://[^\s/:@\"'<>]*:(?P<secret>[^\s/@\"'<>]{3,200})(?=@)",
        "://",
        is_real=_is_written,
    ),
    _given(
        "authorization",
        rf"""(?:\b(?:bearer|basic)[ \t]+|(?:authorization|x-api-key){_GIVEN}["']?(?:token[ \t]+)?)"""
        r"(?P<secret>[A-Za-z0-9._~+/\-]{16,}=*)",
        "bearer basic authorization x-api-key",
        is_real=_is_password,
    ),
    _given(
        "password",
        rf"""(?<![a-z])(?!{_HERE}){_NAMES}\w{{0,20}}{_GIVEN}(?P<quote>["'])?"""
        r"""(?P<secret>(?(quote)[^"'\n]{8,200}|[^\s"'`()\[\]{},;<>]{8,200}))""",
        "pass pwd",
        is_real=_is_password,
    ),
    _given(
        "secret",
        rf"""{_KEYS}\w{{0,20}}{_GIVEN}["'`]?(?P<secret>[A-Za-z0-9+/=_~!@#$%^&*\-]{{16,400}})(?![A-Za-z0-9(.])""",
        "key secret token credential",
        is_real=_is_random,
    ),
)
