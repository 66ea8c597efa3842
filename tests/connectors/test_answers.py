import base64
from dataclasses import dataclass, field

from mcp_types import CallToolResult, ReadResourceResult

from bot.connectors.answers import answer_of, reading_of, told
from bot.domain.connector import Answer, Attachment, Picture

PNG = b"\x89PNG\r\n\x1a\n and the rest"


@dataclass
class Kept:
    """The files of a task, as a tool has them."""

    files: dict[str, bytes] = field(default_factory=dict)

    def keep(self, name: str, content: bytes) -> str:
        self.files[name] = content
        return f"from-services/{name}"


def given(*content: dict, **more: object) -> Answer:
    return answer_of(CallToolResult.model_validate({"content": list(content), **more}))


def text(words: str) -> dict:
    return {"type": "text", "text": words}


def coded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_text_comes_without_what_nobody_sees():
    assert given(text("a\u202eb\x07"), text("second")).text == "ab\nsecond"


def test_structured_content_that_is_repeated_as_text_is_there_once():
    rows = {"rows": [{"id": 1}, {"id": 2}]}

    assert given(text('{\n  "rows": [{"id": 1}, {"id": 2}]\n}'), structuredContent=rows) == Answer(
        structured=rows
    )


def test_a_list_that_is_repeated_line_by_line_is_there_once():
    result = given(text("1"), text("two"), structuredContent={"result": [1, "two"]})

    assert result == Answer(structured={"result": [1, "two"]})


def test_words_that_are_repeated_as_structured_content_stay_words():
    assert given(text("It rains."), structuredContent={"result": "It rains."}) == Answer(text="It rains.")
    assert given(text("5"), structuredContent={"result": "5"}) == Answer(text="5")
    assert given(text("a\nb"), structuredContent={"content": "a\nb"}) == Answer(text="a\nb")


def test_text_that_says_something_else_stays_beside_the_structured_content():
    result = given(text("Two rows were found."), structuredContent={"rows": 2})

    assert told(result, Kept()) == 'Two rows were found.\n{"rows":2}'


def test_a_picture_is_kept_as_a_file_and_its_code_is_nowhere_in_the_text():
    result = given(
        {"type": "image", "data": coded(PNG), "mimeType": "image/png"},
        structuredContent={"result": [{"type": "image", "data": coded(PNG)}]},
    )
    kept = Kept()

    words = told(result, kept)

    assert result.pictures == (Picture(mime_type="image/png", content=coded(PNG)),)
    assert kept.files == {"picture-1.png": PNG}
    assert "from-services/picture-1.png (image/png, " in words
    assert coded(PNG) not in words


def test_what_only_says_that_it_is_a_picture_is_a_file_like_any_other():
    script = {"type": "image", "data": coded(b"<svg onload='x()'/>"), "mimeType": "image/svg+xml"}
    disguised = {"type": "image", "data": coded(b"<html>"), "mimeType": "image/png"}

    result = given(script, disguised)

    assert result.pictures == ()
    assert [one.content for one in result.attachments] == [b"<svg onload='x()'/>", b"<html>"]


def test_a_text_that_is_sent_along_is_read_and_other_things_become_files():
    result = given(
        {"type": "resource", "resource": {"uri": "notes://a", "text": "Hel\u200blo", "mimeType": "text/markdown"}},
        {"type": "resource", "resource": {"uri": "file:///x/../../report.pdf?a=1", "blob": coded(b"%PDF"),
                                          "mimeType": "application/pdf"}},
        {"type": "audio", "data": coded(b"RIFF"), "mimeType": "audio/x-wav"},
    )  # fmt: skip
    kept = Kept()

    words = told(result, kept)

    assert words.startswith(
        "From notes://a:\nHello\nFile: from-services/report.pdf (application/pdf, 4 bytes)"
    )
    assert kept.files == {"report.pdf": b"%PDF", "sound-3.wav": b"RIFF"}


def test_a_link_is_words_and_an_address_and_nothing_more():
    link = {
        "type": "resource_link",
        "name": "secret",
        "uri": "http://169.254.169.254/latest",
        "mimeType": "text/plain",
    }
    kept = Kept()

    result = given(link)

    assert told(result, kept) == "resource: http://169.254.169.254/latest (secret, text/plain)"
    assert (result.links, kept.files) == (("http://169.254.169.254/latest",), {})


def test_the_name_of_a_file_never_leads_elsewhere():
    names = ["../../etc/passwd", "file:///..", "x://y/%2e%2e%2fz.sh", "a" * 500, "http://[bad"]
    kept = Kept()

    told(Answer(attachments=tuple(Attachment(name=n, mime_type="", content=b"x") for n in names)), kept)

    assert all("/" not in name and not name.startswith(".") and 0 < len(name) <= 100 for name in kept.files)


def test_a_resource_of_one_text_is_the_answer_itself():
    read = ReadResourceResult.model_validate({"contents": [{"uri": "a://b", "text": "whole"}]})

    assert reading_of(read) == Answer(text="whole")


def test_an_answer_of_nothing_says_so():
    assert told(given(), Kept()) == "(It gave nothing back.)"
