"""The counterparts as fixtures: each starts when first asked for, once a test process, and ends with the session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from tests.counterparts import caldav, oauth, odd, wire
from tests.counterparts.caldav import CalDav
from tests.counterparts.emulate import Emulate
from tests.counterparts.oauth import OAuthProvider
from tests.counterparts.odd import Odd
from tests.counterparts.orders import Orders
from tests.counterparts.prism import Prism
from tests.counterparts.wire import Wire


@pytest.fixture(scope="session")
def _emulators() -> Iterator[Emulate]:
    with ExitStack() as ending:

        @cache
        def orders() -> Orders:
            return ending.enter_context(Orders("emulate.mjs"))

        yield Emulate(orders)


@pytest.fixture
def emulate(_emulators: Emulate) -> Emulate:
    """GitHub, Google, Slack and Linear, as they are at the start."""
    _emulators.reset()
    return _emulators


@pytest.fixture(scope="session")
def _prisms() -> Iterator[Callable[[str], Prism]]:
    with ExitStack() as ending:

        @cache
        def orders() -> Orders:
            return ending.enter_context(Orders("prism.mjs"))

        yield cache(lambda service: Prism.start(service, orders))


@pytest.fixture
def prism(_prisms: Callable[[str], Prism]) -> Callable[[str], Prism]:
    """`prism("jira")`: see `specifications.py` for what there is."""

    def as_new(service: str) -> Prism:
        running = _prisms(service)
        running.reset()
        return running

    return as_new


@pytest.fixture(scope="session")
def _oauth_provider() -> Iterator[OAuthProvider]:
    with Orders("oauth.mjs") as orders:
        yield oauth.started(orders)


@pytest.fixture
def oauth_provider(_oauth_provider: OAuthProvider) -> OAuthProvider:
    """Anybody's sign-in, as new."""
    _oauth_provider.reset()
    return _oauth_provider


@pytest.fixture(scope="session")
def _radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CalDav]:
    running = caldav.start(tmp_path_factory.mktemp("radicale"))
    yield running.server
    running.close()


@pytest.fixture
def radicale(_radicale: CalDav) -> CalDav:
    """A CalDAV server with an empty calendar each for Ana and Ben."""
    _radicale.empty()
    return _radicale


@pytest.fixture
def wire_to() -> Iterator[Callable[[str], Wire]]:
    """`wire_to(emulate.github.url)`: a way there on which requests and answers are lost when a test says so."""
    with ExitStack() as ending:
        yield lambda service: ending.enter_context(wire.to(service))


@pytest.fixture(name="odd")
def odd_service() -> Iterator[Odd]:
    """A service that answers as a test says, whatever it is asked."""
    with odd.served() as running:
        yield running
