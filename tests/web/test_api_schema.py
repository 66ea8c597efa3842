"""Whatever a program sends, the API answers as its own OpenAPI document says, and never with a fault of ours."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import APIOperation, Case, GenerationMode
from starlette.types import ASGIApp

from bot.domain.deciders import Authority, Facts
from bot.domain.token import TokenScope
from bot.engine.connectors import Connectors
from bot.engine.serving import Serving
from bot.engine.tokens import Tokens
from bot.engine.webhooks import Webhooks
from bot.rehearsal.answer import calls
from bot.store.sealing import Seal
from bot.web.api import app
from bot.web.api.caller import Callers
from bot.web.api.served import Services
from bot.web.buckets import Buckets
from bot.web.streams import Streams
from tests.engine.furnished import NewOffice, offices
from tests.engine.office import ANA, Office
from tests.laws import IS_DEEP

OUR_HOST = "http://testserver"
KEY = "a-long-key-of-the-operator-0123456789ab"
lawful = settings(
    max_examples=40 if IS_DEEP else 4,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with offices(tmp_path_factory.mktemp("schema")) as new_office:
        yield _with_tasks(new_office)


def _with_tasks(new_office: NewOffice) -> Office:
    """Two that wait for a yes, and one that is over."""
    office = new_office(mind=lambda request: calls(("delete_file", {"path": f"{office.reports}/a.txt"})))
    for _ in range(2):
        office.begin()
    office.intake.stop(ANA, office.begin().id)
    return office


@pytest.fixture(scope="module")
def served(office: Office) -> ASGIApp:
    serving = Serving(
        office.intake,
        office.record,
        Authority(),
        settings=office.settings.model_copy(update={"open_tasks": 10_000}),
        facts=lambda person, groups: Facts(is_admin=True),
        may_begin=lambda person, channel: None,
    )
    callers = Callers(Tokens(office.database, clock=office.clock), Buckets(10**9))
    services = Services(
        serving=serving,
        callers=callers,
        streams=Streams(office.record.news_since, office.bell),
        webhooks=Webhooks(office.database, Seal((KEY,)), clock=office.clock, bell=office.bell),
        connectors=Connectors(office.database, hub=_no_hub, clock=office.clock),
        beat=0.05,
    )
    return app.build(services, public_url=OUR_HOST)


def _no_hub(_: Connectors) -> Any:
    raise AssertionError("there is no connector to connect to")


@pytest.fixture(scope="module")
def secret(office: Office) -> str:
    return Tokens(office.database, clock=office.clock).make(ANA, "fuzz", list(TokenScope), by="test").secret


@pytest.fixture(scope="module")
def there(office: Office) -> dict[str, Any]:
    """What there is, by what the document calls it."""
    hooks = Webhooks(office.database, Seal((KEY,)), clock=office.clock, bell=office.bell)
    hook = hooks.make(ANA, "https://example.com/").webhook
    return {"task_id": 1, "approval_id": office.pending(1).id, "name": "INDEX.md", "webhook_id": hook.id}


def operations(served: ASGIApp) -> list[APIOperation]:
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", served)
    return [one.ok() for one in schema.get_all_operations()]


@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as said", "otherwise"]
)
def test_no_request_meets_a_fault_of_ours_or_an_answer_that_is_not_in_the_document(
    served, secret, there, mode
):
    tried_on = [one for one in operations(served) if not one.path.endswith("/events")]
    assert len(tried_on) >= 21
    for operation in tried_on:
        _hold(operation, mode, there, {"Authorization": f"Bearer {secret}"})


def _hold(
    operation: APIOperation, mode: GenerationMode, there: dict[str, Any], headers: dict[str, str]
) -> None:
    """Half of the requests are about what there is."""
    numbers = itertools.count()

    @lawful
    @given(case=operation.as_strategy(generation_mode=mode))
    def holds(case: Case) -> None:
        if mode is GenerationMode.POSITIVE and next(numbers) % 2:
            for name in set(case.path_parameters) & there.keys():
                case.path_parameters[name] = there[name]
        case.call_and_validate(headers=headers)

    holds()


def test_without_a_token_nothing_is_told(served):
    for operation in operations(served):
        case = operation.Case(
            path_parameters={"task_id": 1, "approval_id": "a", "name": "a", "slug": "a", "webhook_id": "a"}
        )
        answer = case.call()
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, ['Bearer realm="cowork"'])
