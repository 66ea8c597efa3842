"""How people connect GitHub, what a connection can, and which repositories a scope may name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from github import Auth
from github.PaginatedList import PaginatedList
from github.Repository import Repository

from bot.sdk import Blank, Checked, Connection, Endpoint, Form, Item, Minted, OAuth, Per, ToolError
from plugins.github.client import Client, all_of, wire_to
from plugins.github.wire import Wire

APP = "github_app"
MOST_ITEMS = 100
MOST_SEARCHED = 600
_CAN = "work in the repositories that were opened to it at GitHub"


def mint(connection: Connection, now: datetime) -> Minted:
    """A token of the app's installation, good for an hour."""
    wire, path = _as_app(connection)
    _, answer = wire.requestJsonAndCheck("POST", f"{path}/access_tokens")
    return Minted(token=answer["token"], until=datetime.fromisoformat(answer["expires_at"]))


def check(client: Client) -> Checked:
    if client.connection.way == APP:
        return _app_checked(client)
    account = client.get("/user")["login"]
    if client.connection.way == "token" and any(client.wire.oauth_scopes or ()):
        raise ToolError(
            "This is a classic token, which opens everything that its owner can reach. Make a fine-grained one "
            "for the repositories that Cowork is to work in: GitHub, Settings, Developer settings."
        )
    return Checked(account=account, can=(_CAN,))


def discover(client: Client, search: str) -> Sequence[Item]:
    """Those that were pushed to last come first."""
    found = all_of(repositories(client), MOST_SEARCHED)
    wanted = (one for one in found if search.lower() in one.full_name.lower())
    return [item(one) for one in islice(wanted, MOST_ITEMS)]


def repositories(client: Client) -> PaginatedList[Repository]:
    """All that the connection may see."""
    if client.connection.way == APP:
        return client.listing(Repository, "/installation/repositories", "repositories")
    return client.listing(Repository, "/user/repos", sort="pushed")


def item(one: Repository) -> Item:
    return Item(id=one.full_name, title=one.description or "", about="private" if one.private else "")


def _app_checked(client: Client) -> Checked:
    wire, path = _as_app(client.connection)
    _, answer = wire.requestJsonAndCheck("GET", path)
    rights: dict[str, str] = answer["permissions"]
    can = {
        way: [name.replace("_", " ") for name, has in rights.items() if has == way]
        for way in ("read", "write")
    }
    told = tuple(f"{way} {', '.join(names)}" for way, names in can.items() if names)
    return Checked(account=answer["account"]["login"], can=told)


def _as_app(connection: Connection) -> tuple[Wire, str]:
    """What the app itself asks for, and where its installation is."""
    secrets = connection.secrets
    app, installation = secrets["app_id"].strip(), secrets["installation"].strip()
    if not (app.isdigit() and installation.isdigit()):
        raise ToolError("The App ID and the Installation ID are numbers: see the app's pages at GitHub.")
    wire = wire_to(connection, Auth.AppAuth(int(app), _key(secrets["private_key"])))
    return wire, f"/app/installations/{installation}"


def _key(text: str) -> str:
    try:
        load_pem_private_key(text.strip().encode(), None)
    except (ValueError, TypeError) as error:
        raise ToolError(
            "That is not the app's private key: paste the whole .pem file, with its first and last line."
        ) from error
    return text.strip()


ENDPOINTS = (
    Endpoint(name="api", url="https://api.github.com"),
    Endpoint(name="web", url="https://github.com"),
)
WAYS = (
    Form(
        way=APP,
        title="GitHub App",
        per=(Per.TEAM,),
        blanks=(
            Blank(name="app_id", label="App ID", hint="123456"),
            Blank(name="installation", label="Installation ID", hint="The number at the end of its address"),
            Blank(name="private_key", label="Private key (.pem)", is_secret=True, is_long=True),
        ),
        where="An owner of the organisation makes a GitHub App under Settings, Developer settings, and installs it.",
        mint=mint,
    ),
    OAuth(
        title="Sign in with GitHub",
        per=(Per.PERSON,),
        authorize="{web}/login/oauth/authorize",
        token="{web}/login/oauth/access_token",
    ),
    Form(
        way="token",
        title="Access token",
        per=(Per.PERSON, Per.TEAM),
        blanks=(Blank(name="token", label="Fine-grained token", hint="github_pat_…", is_secret=True),),
        where="GitHub: Settings, Developer settings, Fine-grained tokens. Choose the repositories there.",
    ),
)
