import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import form as forms
from bot.domain.asking import Reply, Said
from bot.domain.connector import Form
from bot.domain.field import Kind
from bot.errors import BadArgument, NotAllowed

BOOKING = Form(
    message="Which table?",
    schema={
        "type": "object",
        "properties": {
            "guest": {"type": "string", "title": "Name", "minLength": 2},
            "mail": {"type": "string", "format": "email"},
            "day": {"type": "string", "format": "date"},
            "people": {"type": "integer", "minimum": 1, "maximum": 12, "default": 2},
            "smoking": {"type": "boolean", "default": False},
            "room": {"type": "string", "enum": ["g", "h"], "enumNames": ["Garden", "Hall"]},
            "wishes": {
                "type": "array",
                "items": {
                    "anyOf": [
                        {"const": "veg", "title": "Vegetarian"},
                        {"const": "high", "title": "High chair"},
                    ]
                },
                "maxItems": 1,
            },
        },
        "required": ["guest", "people"],
    },
)


def answer(**given: object) -> Reply:
    return forms.taken(BOOKING, json.dumps(given))


def test_each_field_has_its_kind_and_its_default():
    assert [(one.name, one.kind, one.default) for one in forms.fields(BOOKING)] == [
        ("guest", Kind.LINE, None),
        ("mail", Kind.EMAIL, None),
        ("day", Kind.DATE, None),
        ("people", Kind.WHOLE, 2),
        ("smoking", Kind.YES_NO, False),
        ("room", Kind.CHOICE, None),
        ("wishes", Kind.CHOICES, None),
    ]


def test_what_is_filled_in_is_read_as_the_server_wants_it_and_the_rest_is_as_the_server_proposes():
    reply = answer(guest="Ada", people="4", room="garden", wishes=["Vegetarian"], day="2026-12-24")

    assert reply == Reply(
        said=Said.ACCEPT,
        content={
            "guest": "Ada",
            "day": "2026-12-24",
            "people": 4,
            "smoking": False,
            "room": "g",
            "wishes": ["veg"],
        },
    )
    assert (
        forms.summed_up(BOOKING, reply)
        == "Name: Ada\nday: 2026-12-24\npeople: 4\nsmoking: no\nroom: Garden\nwishes: Vegetarian"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("guest", "A"),
        ("guest", ""),
        ("mail", "nobody"),
        ("day", "24.12."),
        ("people", 13),
        ("people", 1.5),
        ("people", True),
        ("smoking", "maybe"),
        ("room", "cellar"),
        ("wishes", ["veg", "high"]),
        ("table", "7"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(field, value):
    with pytest.raises(BadArgument) as refusal:
        answer(**({"guest": "Ada"} | {field: value}))

    assert refusal.value.argument == field


def test_one_thing_asked_for_may_be_said_in_plain_words_and_several_may_not():
    one = Form(
        message="Your colour?", schema={"properties": {"colour": {"type": "string"}}, "required": ["colour"]}
    )

    assert forms.taken(one, "blue").content == {"colour": "blue"}
    with pytest.raises(NotAllowed, match=r"several things \(Name, mail"):
        forms.taken(BOOKING, "Ada")


def test_a_no_is_a_no():
    assert forms.taken(BOOKING, "Decline") == Reply(said=Said.DECLINE)
    assert forms.summed_up(BOOKING, Reply(said=Said.DECLINE)) == "Declined."


@pytest.mark.parametrize(
    "schema",
    [
        {"value": {"type": "string", "title": "Your API key"}},
        {"dbPassword": {"type": "string"}},
        {"access_token": {"type": "string"}},
        {"x": {"type": "string", "description": "the one-time code from your phone"}},
    ],
)
def test_nobody_is_asked_for_a_secret(schema):
    assert "password" in forms.objection(Form(message="Please", schema={"properties": schema}))


def test_a_number_of_tokens_is_no_secret():
    assert (
        forms.objection(Form(message="How many tokens?", schema={"properties": {"n": {"type": "integer"}}}))
        == ""
    )


@pytest.mark.parametrize(
    ("url", "is_refused"),
    [
        ("https://bank.example/sign", False),
        ("http://bank.example/sign", True),
        ("javascript:alert(1)", True),
        ("https://me@bank.example/", True),
        ("https://bank.example/\u202egnp", True),
        ("https://[broken/", True),
    ],
)
def test_only_a_plain_https_address_is_shown(url, is_refused):
    assert bool(forms.objection(Form(message="Sign", url=url))) is is_refused


def test_a_page_is_done_when_the_person_says_so():
    page = Form(message="Sign", url="https://bank.example/sign")

    assert forms.taken(page, "done") == Reply(said=Said.ACCEPT)
    with pytest.raises(NotAllowed, match="done"):
        forms.taken(page, "what is this?")


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
SHAPES = st.fixed_dictionaries(
    {"type": st.sampled_from(["string", "number", "integer", "boolean", "array", "object"])},
    optional={
        name: ANY for name in ("enum", "oneOf", "items", "default", "format", "minimum", "title", "maxLength")
    },
)


@given(st.dictionaries(st.text(max_size=8), SHAPES | ANY, max_size=4), ANY)
def test_whatever_a_server_describes_and_a_person_writes_is_taken_or_refused_in_words(properties, written):
    form = Form(message="", schema={"properties": properties})
    if forms.objection(form):
        return
    try:
        reply = forms.taken(form, json.dumps(written))
    except NotAllowed as refusal:
        assert str(refusal)
    else:
        assert set(reply.content) <= set(properties)
