"""Variables by which a program is given other code than its own: in the environment of a server the operator's alone.

What an operator approves is a command, to its last argument. With one of these set it would run something else: a
library that is loaded first (LD_PRELOAD), a module from another folder (PYTHONPATH), code that stands in the variable
itself (NODE_OPTIONS), a program found elsewhere (PATH) or named in settings found elsewhere (HOME, GIT_CONFIG…). So an
admin cannot set them, in no form and through no door; what stands in connectors.toml is the operator's own word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_FAMILIES: Final = (
    *("LD_", "DYLD_", "GLIBC_", "GCONV_", "MALLOC_"),
    *("PYTHON", "PIP_", "UV_", "VIRTUAL_ENV", "CONDA_"),
    *("NODE_", "NPM_", "YARN_", "PNPM_", "BUN_", "DENO_", "COREPACK_", "ELECTRON_", "TS_NODE_"),
    *("PERL", "RUBY", "GEM_", "BUNDLE_", "PHP", "LUA_", "TCL", "ERL_"),
    *("JAVA_", "JDK_", "_JAVA_", "MAVEN_", "GRADLE_", "DOTNET_", "CORECLR_", "COR_", "MONO_"),
    *("GIT_", "SSH_", "BASH", "OPENSSL_", "XDG_"),
)
_NAMES: Final = frozenset(
    (
        *("PATH", "HOME", "SHELL", "ENV", "IFS", "SHELLOPTS", "PROMPT_COMMAND", "PS4", "CDPATH", "ZDOTDIR"),
        *("EDITOR", "VISUAL", "PAGER", "MANPAGER", "BROWSER", "LESSOPEN", "LESSCLOSE", "SUDO_ASKPASS"),
        *("CLASSPATH", "LOCPATH", "NLSPATH", "TERMINFO", "INPUTRC", "PSQLRC", "COMSPEC"),
        *("GOFLAGS", "RUSTC_WRAPPER", "KUBECONFIG", "DOCKER_CONFIG", "AWS_CONFIG_FILE"),
        "AWS_SHARED_CREDENTIALS_FILE",
    )
)
_SHAPE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def is_operators(name: str) -> bool:
    """Whether only the operator may set it; also for what no variable is called like."""
    known = name.upper()
    return not _SHAPE.fullmatch(name) or known in _NAMES or known.startswith(_FAMILIES)


def refusal(names: Iterable[str]) -> str:
    """Why an admin cannot set one of these, and who can; "" where each may be set."""
    refused = next(filter(is_operators, names), "")
    if not refused:
        return ""
    return (
        f"{refused} can make a program run other code than what was approved. Only the operator may set it, for a "
        "connector in connectors.toml."
    )
