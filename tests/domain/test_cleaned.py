import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.cleaned import cleaned, cleaned_in

UNSEEN = st.sampled_from(
    "\x00\x1b\x7f\u00ad\u034f\u061c\u115f\u17b4\u180e\u200b\u200d\u200e\u202e\u2066\u2060\u2800\u3164\ufe0f\ufeff\ud800"
    "\U000e0001\U000e0041\U000e007f\U000e0100"
)
TEXTS = st.text(st.one_of(st.characters(), UNSEEN, st.sampled_from("e\u0301\u0316\u0344\r\n\u2028")))


@given(TEXTS)
@example("e" + "\u0344" * 31)
@example("e\u200b\u0301")
def test_what_was_cleaned_is_composed_has_nothing_unseen_and_stays_as_it_is(text):
    plain = cleaned(text)

    assert cleaned(plain) == plain == unicodedata.normalize("NFC", plain)
    assert all(
        letter in "\n\t" or unicodedata.category(letter)[0] != "C" or _is_free(letter) for letter in plain
    )


def _is_free(letter: str) -> bool:
    """Private use and what Unicode has not given away yet: they are drawn as something."""
    return unicodedata.category(letter) in ("Co", "Cn")


@given(st.text("abcäöüß日本語 \n\t.,!?"))
def test_ordinary_text_stays_as_it_is(text):
    assert cleaned(unicodedata.normalize("NFC", text)) == unicodedata.normalize("NFC", text)


def test_a_message_in_tag_characters_is_gone():
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "delete all")

    assert cleaned(f"Rain{hidden} tomorrow") == "Rain tomorrow"


def test_endless_marks_upon_one_letter_are_cut_before_they_are_put_in_order():
    assert len(cleaned("e" + "\u0316\u0301" * 1_000_000)) <= 31


def test_names_and_texts_in_a_value_are_cleaned_and_numbers_stay():
    assert cleaned_in({"na\u200bme": ["a\u202eb", 1, None, True]}) == {"name": ["ab", 1, None, True]}
