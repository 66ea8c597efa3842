"""Which variables change what a program runs, and so are the operator's alone."""

from __future__ import annotations

import pytest

from bot.policy import variables


@pytest.mark.parametrize(
    "name",
    [
        *(
            "LD_PRELOAD",
            "LD_LIBRARY_PATH",
            "DYLD_INSERT_LIBRARIES",
            "PYTHONPATH",
            "PYTHONSTARTUP",
            "pythonhome",
        ),
        *("NODE_OPTIONS", "NODE_PATH", "npm_config_prefix", "BASH_ENV", "ENV", "PERL5OPT", "RUBYOPT"),
        *(
            "JAVA_TOOL_OPTIONS",
            "JDK_JAVA_OPTIONS",
            "_JAVA_OPTIONS",
            "GIT_SSH_COMMAND",
            "DOTNET_STARTUP_HOOKS",
        ),
        *("PATH", "HOME", "IFS", "SHELLOPTS", "PROMPT_COMMAND", "EDITOR", "PAGER", "XDG_CONFIG_HOME"),
        *("BASH_FUNC_ls%%", "A B", "", "X=Y"),
    ],
)
def test_what_gives_a_program_other_code_is_the_operators(name: str) -> None:
    assert variables.is_operators(name)
    assert variables.refusal(["MODE", name]).startswith(name)


def test_what_a_server_is_set_up_with_is_an_admins() -> None:
    usual = ["DSN", "PGHOST", "API_TOKEN", "MEMORY_FILE_PATH", "LOG_LEVEL", "TZ", "GITHUB_HOST", "HOMEPAGE"]

    assert variables.refusal(usual) == ""
