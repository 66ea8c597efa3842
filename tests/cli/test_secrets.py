"""`cowork secrets`: kept encrypted, named but never shown, and hidden wherever a text has them."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from typer.testing import CliRunner

from bot.app.colleague import prepare_home
from bot.app.hidden import veil
from bot.app.local import give_key
from bot.cli.main import app
from bot.domain.connected import Connected
from bot.settings import Settings
from bot.store import connections
from bot.store.database import Database
from bot.store.sealing import Seal

Invoke = Any

OLD, NEW = "an-old-key-of-the-operator-0123456789", "a-new-key-of-the-operator-9876543210"
VALUE = "kept-value-4711-Zq7Wm1Kx"


def put(key: str = OLD) -> Any:
    return CliRunner().invoke(
        app, ["secrets", "set", "GITHUB"], input=f"{VALUE}\n", env={"COWORK_SECRET_KEY": key}
    )


def test_a_secret_is_kept_listed_rotated_and_removed_and_never_shown(invoke: Invoke, place: Path) -> None:
    said = [
        put(),
        invoke("secrets", "list", "--json", COWORK_SECRET_KEY=OLD),
        invoke("secrets", "rotate", COWORK_SECRET_KEY=f"{NEW} {OLD}"),
        invoke("doctor", "--json", COWORK_SECRET_KEY=NEW),
        invoke("doctor", "--json", COWORK_SECRET_KEY=OLD),
        invoke("secrets", "remove", "GITHUB"),
        invoke("secrets", "remove", "GITHUB"),
    ]

    assert [one.exit_code for one in said[:3]] == [0, 0, 0]
    assert (json.loads(said[1].stdout)["name"], "Encrypted 1 anew" in said[2].stdout) == ("GITHUB", True)
    [well], [ill] = (
        [one for one in json.loads(doctor.stdout) if one["name"] == "Secrets"] for doctor in said[3:5]
    )
    assert (well["state"], well["found"]) == ("ok", "1 key, 1 kept and readable")
    assert (ill["state"], "another key" in ill["found"]) == ("failed", True)
    assert [one.exit_code for one in said[5:]] == [0, 2]
    assert not any(VALUE in one.output for one in said)
    assert VALUE.encode() not in (place / "state" / "cowork.sqlite").read_bytes()


def test_without_a_key_it_is_refused_with_the_remedy(invoke: Invoke) -> None:
    refused = put(key="")

    assert refused.exit_code == 2
    assert refused.stderr.splitlines()[-1] == 'echo "COWORK_SECRET_KEY=$(openssl rand -base64 32)" >> .env'


def test_what_is_kept_is_hidden_by_its_name(invoke: Invoke, place: Path) -> None:
    put()
    settings = Settings(_env_file=None, COWORK_HOME=place / "state", COWORK_SECRET_KEY=OLD)
    database = Database(settings.database)

    assert veil(database, settings).masked(f"It is {VALUE}.") == "It is …(hidden: GITHUB)."
    database.close()


def test_retention_without_a_key_is_a_warning(invoke: Invoke, examine: Any) -> None:
    [(state, found, remedy)] = examine("Secrets", COWORK_AUDIT_DAYS="30")

    assert (state, "nothing is pruned" in found, "openssl" in remedy) == ("warning", True, True)


def test_the_local_slack_gets_a_key_of_its_own_that_is_used_and_never_replaced(place: Path) -> None:
    settings = Settings(_env_file=None, COWORK_HOME=place / "state", COWORK_SECRET_KEY="")
    prepare_home(settings.home)

    give_key(settings)
    [key] = settings.secret_keys
    give_key(settings)

    file = settings.home / "secret.key"
    assert settings.secret_keys == (key,) and len(key) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert settings.veil.masked(key) == "…(hidden: secret.key)"
    own = settings.model_copy(update={"secret_key": SecretStr(NEW)})
    assert own.secret_keys == (NEW, key)


def test_connections_move_to_a_new_key_with_the_secrets(invoke: Invoke, place: Path) -> None:
    put()
    settings = Settings(_env_file=None, COWORK_HOME=place / "state", COWORK_SECRET_KEY=OLD)
    database = Database(settings.database)
    with database.write("test") as session:
        now = datetime.now(UTC)
        made = Connected(
            id="c1",
            team="T1",
            owner="U1",
            plugin="github",
            way="token",
            account="ana",
            made_by="U1",
            made_at=now,
            checked_at=now,
            renewed_at=now,
        )
        connections.keep(session, Seal((OLD,)), made, {"token": VALUE})

    rotated = invoke("secrets", "rotate", COWORK_SECRET_KEY=f"{NEW} {OLD}")
    doctor = invoke("doctor", "--json", COWORK_SECRET_KEY=NEW)

    assert "Encrypted 2 anew" in rotated.stdout
    [well] = [one for one in json.loads(doctor.stdout) if one["name"] == "Secrets"]
    assert well["found"] == "1 key, 2 kept and readable"
    with database.read() as session:
        assert connections.opened(session, Seal((NEW,)), made) == {"token": VALUE}
    database.close()
