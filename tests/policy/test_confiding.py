"""What looks like a secret in a connector as it is written down, and what only looks a little like one."""

from __future__ import annotations

import pytest

from bot.policy import confiding


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("X-Auth", "hunter22"), ("BEARER", "hunter22"), ("PGPASS", "hunter22"), ("DB_PASS", "hunter22")),
        *(("DB_PW", "hunter22"), ("SESSION_JWT", "hunter22"), ("X-Auth", "Bearer hunter22")),
    ],
)
def test_by_its_name_a_value_is_a_secret(name: str, value: str) -> None:
    assert confiding.is_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("X-Auth", "${TOKEN}"),
            ("X-Auth", "Bearer ${TOKEN}"),
            ("BYPASS", "localhost"),
            ("AUTHOR", "Ana Silva"),
        ),
        *(("PGPASSFILE", "/run/secrets/pgpass"), ("AUTH", "oauth2"), ("COMPASS", "north-west")),
    ],
)
def test_a_reference_and_what_is_only_called_alike_is_none(name: str, value: str) -> None:
    assert not confiding.is_secret(name, value)


@pytest.mark.parametrize(
    "command",
    [
        *(
            ["-phunter22xx"],
            ["--pw=hunter22"],
            ["--password", "hunter22"],
            ["--user=somebody&token=hunter22"],
        ),
        *(["--auth", "hunter22"], ["https://mcp.example.com/api/s/NTk4ODcyMzg6YWJjZDEyMzQ1/mcp"]),
        ["https://mcp.example.com/?user=somebody&api_key=hunter22"],
    ],
)
def test_in_a_command_or_an_address_it_is_found(command: list[str]) -> None:
    assert confiding.is_shown_in(["/opt/mcp/bin/server", *command])


@pytest.mark.parametrize(
    "command",
    [
        *(
            ["-p", "8080"],
            ["-p8080"],
            ["-profile"],
            ["-p/srv/data1"],
            ["--port=543210"],
            ["--token-file=/run/token"],
        ),
        *(["--key", "/etc/ssl/key.pem"], ["--local-timezone", "Europe/Lisbon"], ["--auth", "--verbose"]),
        ["https://mcp.example.com/v1/projects/shop-production-2026/mcp"],
        ["https://mcp.example.com/orgs/550e8400-e29b-41d4-a716-446655440000/mcp"],
    ],
)
def test_what_a_command_or_an_address_is_made_of_is_none(command: list[str]) -> None:
    assert not confiding.is_shown_in(["/opt/my-token server/bin/server1", *command])
