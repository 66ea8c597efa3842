"""`cowork connectors`, with servers that answer: what is added, chosen, reviewed, brought over, and refused."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.person import TERMINAL
from bot.emulator.ids import team_id
from tests.cli.conftest import Invoke

CLOCK = str(Path(sys.executable).with_name("mcp-server-time"))
SERVER = Path(__file__).parent.parent / "engine" / "changing_server.py"
KEY = "a-long-key-of-the-operator-0123456789ab"
TOKEN = "ghp_" + "a1B2c3D4e5" * 4
HERE = ("--team", TERMINAL)

Describe = Callable[..., tuple[str, ...]]


@pytest.fixture
def run(invoke: Invoke) -> Callable[..., str]:
    """What a verb of `cowork connectors` printed; it has to end well."""

    def ran(*words: str, **environment: str) -> str:
        result = invoke("connectors", *words, **{"COWORK_SECRET_KEY": KEY, **environment})
        assert result.exit_code == 0, result.output
        return result.stdout

    return ran


@pytest.fixture
def refused(invoke: Invoke) -> Callable[..., str]:
    """Why a verb did not do it."""

    def said(*words: str, **environment: str) -> str:
        result = invoke("connectors", *words, **{"COWORK_SECRET_KEY": KEY, **environment})
        assert result.exit_code == 2, result.output
        return " ".join(result.stderr.split())

    return said


@pytest.fixture
def odd(place: Path) -> Describe:
    """`odd("peek", "poke")`: a server with these tools from now on, by the command that starts it."""

    def described(*tools: str, saying: str = "Looks.") -> tuple[str, ...]:
        told = [{"name": one, "description": saying, "inputSchema": {"type": "object"}} for one in tools]
        (place / "odd").mkdir(exist_ok=True)
        (place / "odd" / "tools.json").write_text(json.dumps(told), "utf-8")
        files = [str(place / "odd" / name) for name in ("tools.json", "made.jsonl")]
        return (sys.executable, str(SERVER), *files)

    return described


def shown(run: Callable[..., str], name: str, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run("show", name, "--json", *words))
    return found


def tools(one: dict[str, Any]) -> dict[str, tuple[str, str, str]]:
    return {each["tool"]: (each["effect"], each["permission"], each["state"]) for each in one["tools"]}


def test_what_is_added_is_there_for_slack_and_the_terminal_and_asks_until_it_is_said_what_its_tools_do(
    run: Callable[..., str],
) -> None:
    added = run("add", "clock", "--title", "Clock", "--sampling", "--", CLOCK, "--local-timezone", "UTC")

    assert f"Clock is there for the workspace {team_id()} and cowork run." in " ".join(added.split())
    rows = [json.loads(line) for line in run("list", "--json").splitlines()]
    assert [(row["name"], row["team"], row["state"]) for row in rows] == [
        ("clock", TERMINAL, "on"),
        ("clock", team_id(), "on"),
    ]
    assert run("list").count("clock ") == 1 and f"cowork run, {team_id()}" in run("list")
    assert {"said", "yet:", "counts"} <= set(run("show", "clock").split())  # in a cell that may be narrow
    asking = ("delete", "ask", "accepted")
    assert tools(shown(run, "clock")) == {"get_current_time": asking, "convert_time": asking}

    assert "set clock get_current_time --effect read --permission on" in " ".join(added.split())

    run("set", "clock", "get_current_time", "--effect", "read", "--permission", "on")

    for team in (TERMINAL, team_id()):
        assert tools(shown(run, "clock", "--team", team))["get_current_time"] == ("read", "on", "accepted")
    told = " ".join(run("show", "clock").split())
    assert "set clock convert_time --effect read --permission on" in told
    assert "may ask the model, at the cost of the task" in told and shown(run, "clock")["sampling"]

    run("off", "clock")
    assert shown(run, "clock")["state"] == "off"
    run("remove", "clock")
    assert "There are no connectors" in run("list")
    assert json.loads(run("approved", "--json")) == [json.dumps([CLOCK, "--local-timezone", "UTC"])]


def test_what_cannot_be_added_is_refused_and_nothing_of_it_stays(
    run: Callable[..., str], refused: Callable[..., str]
) -> None:
    assert "--env GITHUB_TOKEN holds a secret" in refused(
        "add", "hub", "--env", f"GITHUB_TOKEN={TOKEN}", "--", CLOCK
    )
    assert "would be taken for the plugin GitHub" in refused("add", "github", "--", CLOCK)
    assert "There is no program nowhere-to-be-found" in refused("add", "x", "--", "nowhere-to-be-found")
    assert "There is no program /nowhere/clock" in refused("add", "x", "--", "/nowhere/clock")
    assert "nonsense is no address" in refused("add", "x", "--url", "nonsense")
    assert "There is no folder /nowhere" in refused("add", "x", "--folder", "/nowhere", "--", CLOCK)
    ended = refused("add", "x", "--", "/bin/false")
    assert "x was not added: its program ended with code 1" in ended and "Nothing was saved." in ended
    unknown = refused("add", "x", "--tool", "look=read:on", "--", CLOCK)
    assert "x has no tool look. It has convert_time, get_current_time. Nothing was saved." in unknown
    assert "--tool look=raed:on: write TOOL=" in refused("add", "x", "--tool", "look=raed:on", "--", CLOCK)
    assert "not both" in refused("add", "x", "--url", "https://mcp.example.com", "--", CLOCK)
    assert "unrecognized arguments: --nope" in refused("add", "clock", *HERE, "--", CLOCK, "--nope")
    assert "What there is: cowork connectors list" in refused("show", "clock")
    assert json.loads(run("approved", "--json")) == []
    assert run("list", "--json") == ""


def test_a_server_is_approved_to_the_last_argument_and_may_be_withdrawn(
    run: Callable[..., str], refused: Callable[..., str]
) -> None:
    run("approve", "--", CLOCK, "--local-timezone", "of us")
    typed = f"cowork connectors approve -- {CLOCK} --local-timezone 'of us'"
    assert run("approved").splitlines() == [typed]
    run("withdraw", *shlex.split(typed)[3:])
    run("approve", "--", CLOCK, "--local-timezone", "UTC")
    run("approve", "https://MCP.example.com/mcp")

    assert json.loads(run("approved", "--json")) == [
        json.dumps([CLOCK, "--local-timezone", "UTC"]),
        "https://mcp.example.com:443",
    ]
    assert "is not on the list" in refused("withdraw", "--", CLOCK)
    run("withdraw", "https://mcp.example.com")
    assert json.loads(run("approved", "--json")) == [json.dumps([CLOCK, "--local-timezone", "UTC"])]


def test_what_a_server_changed_or_added_is_shown_with_the_difference_and_off_until_accepted(
    run: Callable[..., str], odd: Describe, place: Path
) -> None:
    folder = ("--folder", f"{place / 'odd'}:rw")
    run("add", "odd", *HERE, *folder, "--tool", "peek=read:on", "--", *odd("peek"))
    assert tools(shown(run, "odd")) == {"peek": ("read", "on", "accepted")}

    odd("peek", "poke", saying="Looks, and tells everybody.")
    told = run("review", "odd")

    assert "peek: changed" in told
    assert '  - "description": "Looks.",' in told
    assert '  + "description": "Looks, and tells everybody.",' in told
    assert "poke: new" in told
    states = {tool: state for tool, (_, _, state) in tools(shown(run, "odd")).items()}
    assert states == {"peek": "changed", "poke": "new"}

    run("accept", "odd", "peek")
    assert [one["tool"] for one in json.loads(run("review", "odd", "--json"))] == ["poke"]
    run("accept", "odd", "--all")
    assert tools(shown(run, "odd")) == {
        "peek": ("read", "on", "accepted"),
        "poke": ("delete", "ask", "accepted"),
    }


def test_those_of_the_file_are_there_for_everybody_and_changed_in_the_file_alone(
    run: Callable[..., str], refused: Callable[..., str], odd: Describe, place: Path
) -> None:
    (place / "odd").mkdir()
    command = odd("peek", "poke")
    (place / "mine.toml").write_text(
        f'approved = ["https://mcp.example.com"]\n[connectors.odd]\ncommand = {json.dumps(command)}\n'
        f'folders = ["{place / "odd"}:rw"]\n[connectors.odd.tools]\npeek = {{ effect = "read", permission = "on" }}\n',
        "utf-8",
    )
    filed = {"COWORK_CONNECTORS": str(place / "mine.toml")}

    found = json.loads(run("test", "odd", "--json", *HERE, **filed))

    assert (found["from_file"], tools(found)) == (
        True,
        {"peek": ("read", "on", "accepted"), "poke": ("delete", "ask", "new")},
    )
    assert json.loads(run("approved", "--json", **filed)) == [
        json.dumps(list(command)),
        "https://mcp.example.com:443",
    ]
    assert "stands in connectors.toml" in refused("remove", "odd", **filed)


def test_what_other_programs_have_is_brought_over_and_its_secrets_kept_encrypted(
    run: Callable[..., str], invoke: Invoke, place: Path
) -> None:
    servers = {
        "Time": {
            "command": CLOCK,
            "args": ["--local-timezone", "UTC"],
            "env": {"API_TOKEN": TOKEN},
            "sampling": True,
        },
        "github": {"command": CLOCK, "args": ["--nope"]},
        "shell": {"command": "bash", "args": ["-c", "true"]},
    }
    (place / "mcp.json").write_text(json.dumps({"mcpServers": servers}), "utf-8")

    told = [
        json.loads(line) for line in run("import", "mcp.json", "--json", "--keep-secrets", *HERE).splitlines()
    ]

    assert [(one["name"], one["connector"]) for one in told] == [
        ("Time", "time"),
        ("github", "github-mcp"),
        ("shell", None),
    ]
    assert told[1]["notes"][0] == "It is called github-mcp here: github would be taken for something else."
    assert "unrecognized arguments: --nope" in told[1]["notes"][1]
    assert "It is run by a shell" in told[2]["left"]
    assert len(tools(shown(run, "time"))) == 2
    assert not shown(run, "time")["sampling"]
    assert tools(shown(run, "github-mcp")) == {}
    kept = invoke("secrets", "list", "--json", COWORK_SECRET_KEY=KEY).stdout
    names = [json.loads(line)["name"] for line in kept.splitlines()]
    assert names == ["TIME_API_TOKEN"]
    assert all(
        TOKEN.encode() not in file.read_bytes() for file in (place / "state").rglob("*") if file.is_file()
    )


def test_secrets_that_nobody_said_to_keep_leave_their_server_out_with_the_remedy(
    invoke: Invoke, place: Path
) -> None:
    server = {"command": CLOCK, "env": {"API_TOKEN": TOKEN}}
    (place / "mcp.json").write_text(json.dumps({"mcpServers": {"time": server}}), "utf-8")

    result = invoke("connectors", "import", "mcp.json", COWORK_SECRET_KEY=KEY)

    assert result.exit_code == 1
    told = " ".join(result.stdout.split())
    assert (
        "✗ time was left. It has secrets written out (TIME_API_TOKEN). Run this with --keep-secrets" in told
    )
    assert TOKEN not in result.output


def test_a_client_secret_is_only_ever_named(refused: Callable[..., str], run: Callable[..., str]) -> None:
    remote = ("add", "notes", "--url", "https://notes.example.com/mcp", "--client-id", "cowork")
    told = refused(*remote, "--client-secret", TOKEN)
    assert "keep it with `cowork secrets set NAME`" in told and TOKEN not in told
    issuer = ("--issuer", "https://login.example.com")
    assert "goes with the client_id and the client_secret" in refused(*remote, *issuer)
    assert json.loads(run("approved", "--json")) == []


def test_the_network_is_approved_beside_a_program_and_ends_with_it(
    run: Callable[..., str], refused: Callable[..., str]
) -> None:
    run("approve", "--network", "--", CLOCK)
    assert json.loads(run("approved", "--json")) == [f'["{CLOCK}"]', f'["{CLOCK}"] with the network']
    assert run("approved") == f"cowork connectors approve --network -- {CLOCK}\n"

    run("withdraw", "--", CLOCK)
    assert "an address is in it already" in refused("approve", "--network", "https://mcp.example.com")

    assert json.loads(run("approved", "--json")) == []


def test_of_the_operators_environment_a_server_is_given_only_what_they_named_for_that(
    run: Callable[..., str], refused: Callable[..., str], place: Path
) -> None:
    add = ("add", "clock", "--env", "TOKEN=${CLOUD_TOKEN}", *HERE, "--", CLOCK)
    assert "There is no secret CLOUD_TOKEN" in refused(*add, CLOUD_TOKEN="of-the-operator")

    run(*add, CLOUD_TOKEN="of-the-operator", COWORK_CONNECTOR_SECRETS="OTHER CLOUD_TOKEN")

    (place / "state" / "connectors.toml").write_text(
        f'[connectors.hours]\ncommand = "{CLOCK}"\nenv = {{ TOKEN = "${{CLOUD_TOKEN}}" }}\n', "utf-8"
    )
    run("test", "hours", *HERE, CLOUD_TOKEN="of-the-operator")
