"""What names tell: one and many, which table a column points at, what a column is meant to hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.rehearsal.goals.schema.tables import Column, Database, Table

PEOPLE = re.compile(
    r"user|account|customer|client|member|employee|person|patient|doctor|physician|subscriber|student|teacher"
    r"|contact|supplier|vendor|staff|author|reader"
)
MAIL = frozenset({"email", "e_mail", "email_address", "mail"})
HANDLES = frozenset({"username", "user_name", "login", "slug", "sku", "isbn", "iban", "ean", "vin", "ssn"})
KINDS = re.compile(
    r"(?:^|_)(?:status|state|type|kind|role|gender|sex|priority|severity|currency|method|level)$"
)
AMOUNTS = re.compile(
    r"(?:^|_)(?:price|cost|fee|salary|total|subtotal|quantity|qty|stock|amount|discount|percent|percentage|age|weight)"
    r"(?:_cents|_eur|_usd|_gbp)?$"
)
MONEY = re.compile(
    r"(?:^|_)(?:price|cost|fee|salary|total|subtotal|amount|discount|tax|balance)(?:_eur|_usd|_gbp)?$"
)
MOMENTS = re.compile(r"(?:^|_)(?:at|on|date|time|day|birthday|dob|born)$|^date_|_date_")
CREATED = re.compile(r"^(?:created|inserted|registered|added|ordered|placed)(?:_at|_on|_date|_time)?$")
DESCRIPTIVE = re.compile(
    r"name|first_name|last_name|full_name|title|phone|telephone|mobile|fax|email|mail|address|street|city|town|zip"
    r"|postcode|postal_code|country|state|specialty|speciality|department|license|license_no|url|website|tax_no"
    r"|iban|birth_date|category|description"
)
ROLES = re.compile(r"billing|shipping|delivery|home|work|office|mailing|invoice|primary|secondary|contact")
_LINK = re.compile(r"^(?P<stem>.+?)(?:_id|_uuid|_fk|Id)$")
_NO_PLURAL = re.compile(r"(?:ss|us|is)$")


def singular(name: str) -> str:
    """`categories` → `category`, `addresses` → `address`, `status` → `status`."""
    low = name.lower()
    if low == "people":
        return "person"
    if low.endswith("ies") and len(low) > 4:
        return low[:-3] + "y"
    if re.search(r"(?:ss|sh|ch|x|z)es$", low):
        return low[:-2]
    return low if _NO_PLURAL.search(low) or not low.endswith("s") else low[:-1]


def plural(name: str) -> str:
    """`doctor` → `doctors`, `category` → `categories`."""
    if re.search(r"[^aeiou]y$", name):
        return name[:-1] + "ies"
    return name + ("es" if re.search(r"(?:s|sh|ch|x|z)$", name) else "s")


def stem(column: str) -> str:
    """Of a column that points at a row elsewhere: `customer_id` → `customer`; "" for any other."""
    found = _LINK.match(column)
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", found["stem"]).lower() if found else ""


def pointed_at(database: Database, table: Table, column: Column) -> Table | None:
    """The one table whose key this column seems to hold: named after it, with a key of such a type."""
    words = stem(column.name).split("_")
    if words == ["parent"]:
        return table if _fits(table, column) else None
    for at in range(len(words)) if words != [""] else ():
        fitting = [
            other
            for other in _called(database, table, "_".join(words[at:]))
            if _fits(other, column) and table.key != (column.name,)
        ]
        if fitting:
            same = [other for other in fitting if other.schema == table.schema]
            return (same or fitting)[0] if len(same or fitting) == 1 else None
    return None


def is_about(table: Table, kinds: re.Pattern[str]) -> bool:
    """Whether a table is called after one of these things."""
    return bool(
        kinds.fullmatch(singular(table.name.rpartition("_")[2])) or kinds.fullmatch(singular(table.name))
    )


def _called(database: Database, table: Table, name: str) -> Iterator[Table]:
    for other in database.tables:
        if singular(other.name) == singular(name) and not (
            other is table and singular(table.name) == singular(name)
        ):
            yield other


def _fits(other: Table, column: Column) -> bool:
    """Such a type: whole numbers of any size, or the very same."""
    if len(other.key) != 1:
        return False
    key = other.by_name[other.key[0]]
    return key.type == column.type or (key.is_whole_number and column.is_whole_number)
