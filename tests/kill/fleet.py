"""One story over a fleet of one front and two workers: any of them is killed, and the others go on."""

from __future__ import annotations

from sqlalchemy import TextClause, text

from bot.store.database import Database
from tests.kill.lives import Lives
from tests.kill.world import World
from tests.store import databases

FRONT, WORKER = "web", "worker"
LEASE = "8"

LONG_BEGUN = text(
    "UPDATE call SET begun_at = begun_at - interval '1 hour' "
    "WHERE state = 'held' AND begun_at > clock_timestamp() - interval '30 minutes'"
)
LONG_BEING_SENT = text(
    "UPDATE outbox SET next_at = clock_timestamp() "
    "WHERE wanted > sent AND next_at > clock_timestamp() + interval '5 seconds'"
)
_LEASED = text("UPDATE task SET lease_until = clock_timestamp() - interval '1 hour' WHERE owner LIKE :owner")
_SEATED = text("UPDATE seat SET until = clock_timestamp() - interval '1 hour' WHERE holder LIKE :owner")
_HINTED = text("UPDATE task SET queued_at = queued_at - interval '1 hour' WHERE state = 'queued'")


class FleetLives(Lives):
    """The time passes at once in which a dead process is still waited for, as it could only stand still.

    How long that is, the stories of the fleet show (tests/fleet).
    """

    crew = (f"{FRONT}-1", f"{WORKER}-1", f"{WORKER}-2")

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._database = Database(world.database_url)

    def _environment(self) -> dict[str, str]:
        return self.world.environment | {"COWORK_LEASE_SECONDS": LEASE}

    def _time_passes(self) -> None:
        self._passed(LONG_BEGUN)

    def _buried(self, verb: str, process: int) -> None:
        owner = f"%-{process}-%"
        self._passed(_SEATED, owner=owner)
        if verb == FRONT:
            self._passed(LONG_BEING_SENT)
        else:
            self._passed(_LEASED, owner=owner)
            self._passed(_HINTED)

    def _close(self) -> None:
        self._database.close()
        databases.drop_postgres(self.world.database_url)

    def _passed(self, what: TextClause, **which: str) -> None:
        with self._database.write("test") as session:
            session.execute(what, which)
