"""The accounts of people and teams at services, as the operator's settings have them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.clock import Clock
from bot.engine import signing_in
from bot.engine.bell import Bell
from bot.engine.services import Accounts
from bot.sdk.plugin import Plugin
from bot.services.hiding import LearningVeil
from bot.services.reception import Reception, reception
from bot.services.slack_sign_in import SlackSignIn
from bot.settings import Settings, given
from bot.store.database import Database
from bot.store.sealing import Seal


def received(
    settings: Settings,
    database: Database,
    plugins: Mapping[str, Plugin],
    *,
    clock: Clock,
    bell: Bell,
    veil: LearningVeil,
    url: str,
) -> Reception:
    """`url` is this process's own address, where the operator has set no other."""
    made = reception(
        database,
        plugins,
        seal=Seal(settings.secret_keys),
        clock=clock,
        given=given,
        told=signing_in.told(clock),
        rang=bell.ring,
        veil=veil,
        public_url=settings.public_url or url,
        slack=_slack(settings),
    )
    made.connections.hide_all()
    return made


def accounts(made: Reception) -> Accounts:
    """As tasks use them."""
    known = made.connections
    return Accounts(
        connection=lambda person, plugin, *, writes, needs=(): known.current(
            person.team, person.user, plugin.name, writes=writes, needs=needs
        ),
        connected=lambda person: known.connected(person.team, person.user),
        refused=lambda person, used, why: known.refused(person.team, person.user, used, why),
    )


def _slack(settings: Settings) -> SlackSignIn | None:
    """None where the Slack app's id is not set: who somebody is, is then shown by a code."""
    if not settings.slack_client_id:
        return None
    api = settings.slack_api_url
    return SlackSignIn(
        id=settings.slack_client_id,
        secret=settings.slack_client_secret.get_secret_value(),
        authorize=f"{api.removesuffix('api/')}openid/connect/authorize",
        token=f"{api}openid.connect.token",
        who=f"{api}openid.connect.userInfo",
    )
