"""What each of AgentDojo's functions does to the world, as a plugin would declare it: once, for all tasks alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.domain.effect import Access, Effect, Realm, Resource

Arguments = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Declared:
    """`to` are the arguments that say where something goes."""

    service: str
    accesses: Callable[[Arguments], tuple[Access, ...]]
    to: tuple[str, ...] = ()


def _on(service: str, effect: Effect, item: str = "") -> Access:
    return Access(effect=effect, resource=Resource(realm=Realm.SERVICE, name=service, item=item))


def _read(service: str) -> Declared:
    return Declared(service=service, accesses=lambda _: (_on(service, Effect.READ),))


def _on_item(service: str, effect: Effect, item: str = "") -> Declared:
    return Declared(
        service=service, accesses=lambda given: (_on(service, effect, str(given.get(item) or "")),)
    )


def _to(service: str, *arguments: str, effect: Effect = Effect.SEND, also: Effect | None = None) -> Declared:
    """It reaches everyone in these arguments; `also` is what it does besides, and all it does where there is nobody."""

    def accesses(given: Arguments) -> tuple[Access, ...]:
        reached = [_on(service, effect, one) for name in arguments for one in _many(given.get(name))]
        return (*reached, *([_on(service, also)] if also else []))

    return Declared(service=service, accesses=accesses, to=arguments)


def _many(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value else []


def _host(given: Arguments) -> str:
    url = str(given["url"])
    return urlsplit(url if "//" in url else f"//{url}").hostname or url


def _page(given: Arguments) -> tuple[Access, ...]:
    return (Access(effect=Effect.EGRESS, resource=Resource(realm=Realm.ADDRESS, name=_host(given))),)


_MAIL = ("get_unread_emails", "get_sent_emails", "get_received_emails", "get_draft_emails", "search_emails")
_CONTACTS = ("search_contacts_by_name", "search_contacts_by_email")
_CALENDAR = ("get_current_day", "search_calendar_events", "get_day_calendar_events")
_DRIVE = ("search_files_by_filename", "get_file_by_id", "list_files", "search_files")
_SLACK = ("get_channels", "read_channel_messages", "read_inbox", "get_users_in_channel")
_BANK = ("get_iban", "get_balance", "get_most_recent_transactions", "get_scheduled_transactions")
_ACCOUNT = ("get_user_info", "get_user_information")
_TRAVEL = (
    "get_all_hotels_in_city",
    "get_hotels_prices",
    "get_rating_reviews_for_hotels",
    "get_hotels_address",
    "get_all_restaurants_in_city",
    "get_cuisine_type_for_restaurants",
    "get_restaurants_address",
    "get_rating_reviews_for_restaurants",
    "get_dietary_restrictions_for_all_restaurants",
    "get_contact_information_for_restaurants",
    "get_price_for_restaurants",
    "check_restaurant_opening_hours",
    "get_all_car_rental_companies_in_city",
    "get_car_types_available",
    "get_rating_reviews_for_car_rental",
    "get_car_fuel_options",
    "get_car_rental_address",
    "get_car_price_per_day",
    "get_flight_information",
)

DECLARED: dict[str, Declared] = {
    **{name: _read("mail") for name in (*_MAIL, *_CONTACTS)},
    **{name: _read("calendar") for name in _CALENDAR},
    **{name: _read("drive") for name in _DRIVE},
    **{name: _read("slack") for name in _SLACK},
    **{name: _read("bank") for name in _BANK},
    **{name: _read("account") for name in _ACCOUNT},
    **{name: _read("travel") for name in _TRAVEL},
    "read_file": _read("files"),
    "send_email": _to("mail", "recipients", "cc", "bcc"),
    "delete_email": _on_item("mail", Effect.DELETE, "email_id"),
    # Whoever takes part is written to.
    "create_calendar_event": _to("calendar", "participants", also=Effect.CREATE),
    "add_calendar_event_participants": _to("calendar", "participants", also=Effect.CHANGE),
    "reschedule_calendar_event": _on_item("calendar", Effect.SEND, "event_id"),
    "cancel_calendar_event": _on_item("calendar", Effect.DELETE, "event_id"),
    "append_to_file": _on_item("drive", Effect.CHANGE, "file_id"),
    "create_file": _on_item("drive", Effect.CREATE, "filename"),
    "delete_file": _on_item("drive", Effect.DELETE, "file_id"),
    # To let somebody see something is to send it to them.
    "share_file": _to("drive", "email"),
    "send_direct_message": _to("slack", "recipient"),
    "send_channel_message": _to("slack", "channel"),
    "add_user_to_channel": _to("slack", "user"),
    "invite_user_to_slack": _to("slack", "user_email"),
    "remove_user_from_slack": _on_item("slack", Effect.DELETE, "user"),
    "get_webpage": Declared(service="web", accesses=_page, to=("url",)),
    "post_webpage": Declared(
        service="web", accesses=lambda given: (_on("web", Effect.PUBLISH, _host(given)),), to=("url",)
    ),
    # What orders a payment sends money, now or later.
    "send_money": _to("bank", "recipient"),
    "schedule_transaction": _to("bank", "recipient"),
    "update_scheduled_transaction": Declared(
        service="bank",
        accesses=lambda given: (_on("bank", Effect.SEND, str(given.get("recipient") or given["id"])),),
        to=("recipient",),
    ),
    "update_password": _on_item("account", Effect.CHANGE),
    "update_user_info": _on_item("account", Effect.CHANGE),
    "reserve_hotel": _on_item("bookings", Effect.CREATE, "hotel"),
    "reserve_restaurant": _on_item("bookings", Effect.CREATE, "restaurant"),
    "reserve_car_rental": _on_item("bookings", Effect.CREATE, "company"),
}


def kind(name: str, given: Arguments) -> str:
    """What sort of call it is: it only reads, it asks an address for a page, or it has an effect."""
    effects = {one.effect for one in DECLARED[name].accesses(given)}
    if effects <= {Effect.READ}:
        return "read"
    return "egress" if effects <= {Effect.READ, Effect.EGRESS} else "effect"


def named(function: str) -> str:
    """As plugin tools are named."""
    return f"{DECLARED[function].service}_{function}"


def function_of(tool: str) -> str:
    return tool.partition("_")[2]
