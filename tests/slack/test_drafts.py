"""What was typed of a registered app into a connector's form: taken as it stands, or said at its field."""

from __future__ import annotations

import dataclasses

import pytest

from bot.domain.connector import Connector, Transport
from bot.domain.veil import Veil
from bot.slack import drafts
from bot.slack.drafts import Draft, Misfilled
from bot.slack.views import connector_form


def made(app: str, kind: Transport = Transport.HTTP) -> Connector:
    given = Draft(name="Notes", kind=kind, command="/bin/notes", url="https://notes.example.com/mcp", app=app)
    return drafts.connector(given, (), Veil())


def test_an_app_is_named_by_its_id_its_secret_by_reference_and_its_issuer() -> None:
    found = made("client_id = cowork\n\nclient_secret=${NOTES_SECRET}\nissuer=https://login.example.com/?a=b")
    assert (found.client_id, found.client_secret, found.issuer) == (
        "cowork",
        "${NOTES_SECRET}",
        "https://login.example.com/?a=b",
    )
    assert made("client_id=cowork", Transport.STDIO).client_id == ""


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("cowork", "Each line is one of client_id, client_secret, issuer"),
        ("client_id=", "Each line is one of client_id, client_secret, issuer"),
        ("client_secret=hunter22", "client_secret holds a secret itself, which Slack would keep"),
        ("client_secret=${A}${B}", "client_secret holds a secret itself, which Slack would keep"),
        ("issuer=https://me:hunter22@login.example.com", "issuer holds a secret itself"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(typed: str, why: str) -> None:
    with pytest.raises(Misfilled) as refused:
        made(typed)
    assert list(refused.value.errors) == [drafts.APP]
    assert why in refused.value.errors[drafts.APP]


def test_a_variable_that_gives_a_program_other_code_is_refused_at_its_field_and_a_header_of_that_name_is_not() -> (
    None
):
    given = Draft(
        name="Notes", command="/bin/notes", url="https://notes.example.com", secrets="PATH=/reports"
    )

    with pytest.raises(Misfilled) as refused:
        drafts.connector(given, (), Veil())
    assert "PATH can make a program run other code" in refused.value.errors[drafts.SECRETS]

    remote = drafts.connector(dataclasses.replace(given, kind=Transport.HTTP), (), Veil())
    assert remote.headers == {"PATH": "/reports"}


def test_the_line_for_the_operator_names_the_network_where_that_is_wanted() -> None:
    given = Draft(name="Notes", command="/bin/notes", may=frozenset({drafts.NETWORK}))

    line = connector_form.approval(drafts.connector(given, (), Veil()))

    assert line == "cowork connectors approve --network -- /bin/notes"
