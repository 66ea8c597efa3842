"""Google Workspace: Drive, Docs, Sheets and Slides."""

from __future__ import annotations

from bot.sdk import Blank, Checked, Endpoint, Form, OAuth, Per, Plugin, actions_in
from plugins.google import (
    arranging,
    documents,
    finding,
    places,
    presentations,
    reading,
    remarks,
    sharing,
    signing,
    spreadsheets,
)
from plugins.google.client import Google

_SCOPE = "https://www.googleapis.com/auth/"


def _check(client: Google) -> Checked:
    """Who it is, and that Drive answers."""
    account = client.get("drive", "/oauth2/v2/userinfo")
    client.get("drive", "/drive/v3/files", pageSize=1, fields="files(id)")
    return Checked(
        account=str(account.get("email") or account.get("name") or "a Google account"),
        can=("find and read files in Drive", "read Docs, Sheets and Slides"),
    )


plugin = Plugin(
    name="google",
    title="Google Workspace",
    version="1.0.0",
    description="Find, read and write files in Google Drive, Docs, Sheets and Slides.",
    icon=":file_folder:",
    scope_kind="folders",
    ways=(
        OAuth(
            title="Sign in with Google",
            per=(Per.PERSON, Per.TEAM),
            authorize="{accounts}/o/oauth2/v2/auth",
            token="{oauth}/token",
            revoke="{oauth}/revoke",
            read=("openid", f"{_SCOPE}userinfo.email", f"{_SCOPE}drive.readonly"),
            write=places.WRITE,
            params={"access_type": "offline", "prompt": "consent", "include_granted_scopes": "true"},
        ),
        Form(
            way="service_account",
            title="Use a service account",
            per=(Per.TEAM,),
            blanks=(
                Blank(
                    name="key",
                    label="JSON key",
                    hint='{"type": "service_account", …}',
                    is_secret=True,
                    is_long=True,
                ),
                Blank(
                    name="subject",
                    label="Act as (only with domain-wide delegation)",
                    hint="someone@example.com",
                    is_optional=True,
                ),
            ),
            where="Google Cloud console → IAM → Service accounts → Keys → Add key → JSON. Then share the folders with "
            "the service account's address.",
            mint=signing.token_of,
        ),
    ),
    endpoints=(
        Endpoint(name="drive", url="https://www.googleapis.com"),
        Endpoint(name="docs", url="https://docs.googleapis.com"),
        Endpoint(name="sheets", url="https://sheets.googleapis.com"),
        Endpoint(name="slides", url="https://slides.googleapis.com"),
        Endpoint(name="accounts", url="https://accounts.google.com"),
        Endpoint(name="oauth", url="https://oauth2.googleapis.com"),
    ),
    client=Google,
    check=_check,
    discover=finding.granted_places,
    actions=actions_in(finding, reading, documents, spreadsheets, presentations, arranging, sharing, remarks),
)
