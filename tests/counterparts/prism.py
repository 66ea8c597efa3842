"""A service as prism plays it from its official specification: it keeps nothing, but refuses what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from tests.counterparts import specifications
from tests.counterparts.orders import Orders


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request as it came, what was answered, and what the specification has against it."""

    method: str
    path: str
    query: dict[str, Any]
    headers: dict[str, str]
    body: Any
    status: int
    violations: list[str]


@dataclass(frozen=True, kw_only=True)
class Prism:
    """Every right request gets the specification's own example of an answer, or one filled in from its schema."""

    service: str
    url: str
    orders: Callable[[], Orders]

    @classmethod
    def start(cls, service: str, orders: Callable[[], Orders]) -> Self:
        given = specifications.of(service)
        url = orders().give("start", service=service, specifications=given)
        return cls(service=service, url=url, orders=orders)

    @property
    def calls(self) -> list[Call]:
        """Those of this test, in the order in which they were answered."""
        return [Call(**one) for one in self.orders().give("calls", service=self.service)]

    def answer(
        self,
        method: str,
        path: str,
        body: Any,
        *,
        code: int = 200,
        headers: dict[str, str] | None = None,
        media: str = "application/json",
    ) -> None:
        """What the next such request gets, once: refused if the specification knows no such answer.

        `path` is one of the specification, or a request's own. A wrong request is refused all the same.
        """
        given = {"path": path, "body": body, "code": code, "headers": headers or {}, "media": media}
        self.orders().give("answer", service=self.service, method=method, **given)

    def reset(self) -> None:
        self.orders().give("reset", service=self.service)
