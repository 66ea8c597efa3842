"""The site that somebody types into a form: a token goes there, so it is below the service's own host or refused."""

from __future__ import annotations

import pytest

from bot.sdk import ToolError
from bot.sdk.reaching import site_below

HOME = "https://atlassian.net"


@pytest.mark.parametrize(
    ("typed", "site"),
    [
        ("https://acme.atlassian.net", "https://acme.atlassian.net"),
        (" acme.atlassian.net/jira/your-work ", "https://acme.atlassian.net"),
        ("https://ACME.Atlassian.net/", "https://acme.atlassian.net"),
    ],
)
def test_a_site_is_taken_however_people_type_it(typed, site):
    assert site_below(typed, HOME, "Jira") == site


def test_a_service_of_ones_own_keeps_its_port():
    assert site_below("http://127.0.0.1:8080", "http://127.0.0.1:8080", "Jira") == "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    "typed",
    [
        "https://169.254.169.254\\.atlassian.net",  # what asks reads the part before the backslash as the host
        "169.254.169.254\\.atlassian.net",
        "https://evil.example/.atlassian.net",
        "https://evil.example?.atlassian.net",
        "https://evil.example#.atlassian.net",
        "https://evil.example;.atlassian.net",
        "https://evil.example%2f.atlassian.net",
        "https://:secret@acme.atlassian.net",
        "https://evil.example@acme.atlassian.net",
        "https://acme.atlassian.net:abc",
        "https://acme.atlassian.net:8443",
        "https://[::1].atlassian.net",
        "http://acme.atlassian.net",
        "https://evil-atlassian.net",
        "",
    ],
)
def test_no_other_host_is_ever_asked(typed):
    with pytest.raises(ToolError, match="is not a Jira site below"):
        site_below(typed, HOME, "Jira")
