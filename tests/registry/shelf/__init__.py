"""A small service with a plugin for it: what the host is tested with, and no test of any plugin of ours."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import httpx2

from bot.sdk import (
    EVERYWHERE,
    Blank,
    Checked,
    Connection,
    Context,
    Destination,
    Effect,
    Endpoint,
    Form,
    Inverse,
    Item,
    Per,
    Plugin,
    Receipt,
    Result,
    SignInNeeded,
    ToolError,
    Unavailable,
    action,
    listed,
    page_of,
)

Shelf = Annotated[str, "The shelf."]


class Client:
    def __init__(self, connection: Connection) -> None:
        self._api = connection.endpoints["api"]
        self._token = connection.secrets["token"]

    def get(self, path: str) -> Any:
        return self.raw("GET", path)

    def raw(self, method: str = "GET", path: str = "/", **content: Any) -> Any:
        answer = httpx2.request(
            method,
            f"{self._api}{path}",
            headers={"authorization": self._token},
            json=content or None,
            verify=False,  # to load the roots of trust for each request takes longer than all else
        )
        answer.raise_for_status()
        return answer.json()

    def asked(self, method: str, path: str, **content: Any) -> Any:
        try:
            return self.raw(method, path, **content)
        except httpx2.ConnectError:
            raise Unavailable("it is not there", service="Shelf", nothing_done=True) from None
        except httpx2.HTTPStatusError as error:
            raise _translated(error.response.status_code) from None
        except (httpx2.HTTPError, ValueError):
            raise Unavailable("it did not answer", service="Shelf") from None


def _translated(status: int) -> Exception:
    if status == 401:
        return SignInNeeded("Shelf refused the token.", plugin="shelf")
    if status == 429 or status >= 500:
        return Unavailable(f"it answered {status}", 30, service="Shelf", nothing_done=status == 429)
    return ToolError(f"Shelf refused this ({status}).")


def _books(context: Context) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = context.client.asked("GET", "/books")
    return context.in_scope(found, key=lambda one: one["shelf"])


def _line(book: dict[str, Any]) -> str:
    return f"{book['id']} {book['title']} ({book['shelf']})"


def _shelf_of(context: Context, book: str, **_: object) -> list[str]:
    return [context.client.asked("GET", f"/books/{quote(book, safe='')}")["shelf"]]


def _made(book: dict[str, Any]) -> Result:
    where = f"https://shelf.example/{book['id']}"
    receipt = Receipt(effect=Effect.CREATE, what="Put up a book", where=where, undo="Take it down")
    return Result(text=f"Put up {_line(book)} {where}", receipt=receipt, ids=(book["id"],))


def _found(context: Context, shelf: str, title: str, body: str = "") -> Result | None:
    books = [one for one in context.client.asked("GET", "/books") if one["effect"] == context.effect_id]
    return _made(books[0]) if books else None


def _take_down(context: Context, receipt: Receipt, **_: object) -> Result:
    book = receipt.where.rpartition("/")[2]
    context.client.asked("DELETE", f"/books/{book}")
    return Result(text=f"Took down {book}")


@action(
    effect=Effect.READ,
    items=EVERYWHERE,
    preview=lambda context, **_: "List the books",
    example={},
)
def list_books(context: Context, cursor: str = "") -> Result:
    """List the books on the shelves."""
    return listed(page_of(_books(context), cursor), _line, what="books")


@action(
    effect=Effect.READ,
    items=_shelf_of,
    preview=lambda context, book: f"Read {book}",
    example={"book": "b1"},
)
def get_book(context: Context, book: str) -> Result:
    """Read one book by its id."""
    found = context.client.asked("GET", f"/books/{quote(book, safe='')}")
    return Result(text=f"{_line(found)}\n{found['body']}")


@action(
    effect=Effect.CREATE,
    items=lambda context, shelf, **_: [shelf],
    preview=lambda context, shelf, title, **_: f"Put “{title}” on {shelf}",
    detail=lambda context, title, body="", **_: f"{title}\n{body}",
    example={"shelf": "novels", "title": "Emma", "body": "Once."},
    inverse=Inverse(words="Take it down", act=_take_down),
    settled=_found,
)
def create_book(context: Context, shelf: Shelf, title: str, body: str = "") -> Result:
    """Put a new book on a shelf."""
    return _made(
        context.client.asked("POST", "/books", shelf=shelf, title=title, body=body, effect=context.effect_id)
    )


@action(
    effect=Effect.SEND,
    items=lambda context, shelf, **_: [shelf],
    preview=lambda context, shelf, to: f"Send {shelf} to {to}",
    example={"shelf": "novels", "to": "ana@example.com"},
)
def send_catalogue(
    context: Context, shelf: Shelf, to: Annotated[str, "Who gets it.", Destination()]
) -> Result:
    """Send what is on a shelf to somebody."""
    context.client.asked("POST", "/sent", shelf=shelf, to=to)
    return Result(text=f"Sent to {to}", receipt=Receipt(effect=Effect.SEND, what="Sent", where=to))


def check(client: Client) -> Checked:
    return Checked(account=client.asked("GET", "/me")["name"])


def discover(client: Client, search: str) -> list[Item]:
    return [Item(id=one) for one in client.asked("GET", "/shelves") if search in one]


def shelf() -> Plugin:
    return Plugin(
        name="shelf",
        title="Shelf",
        version="1.0.0",
        description="Find books on shelves, and put up new ones.",
        icon=":books:",
        scope_kind="shelves",
        ways=(
            Form(
                way="token",
                title="Token",
                per=(Per.PERSON, Per.TEAM),
                blanks=(Blank(name="token", label="Token", is_secret=True),),
                where="Anywhere.",
            ),
        ),
        endpoints=(Endpoint(name="api", url="https://shelf.example"),),
        client=Client,
        check=check,
        discover=discover,
        actions=(list_books, get_book, create_book, send_catalogue),
    )
