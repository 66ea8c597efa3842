"""Settings are read once, from the environment, with names that are fixed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.grant import FolderGrant
from bot.settings import Settings, folder_grants


@pytest.mark.parametrize(
    ("text", "grants"),
    [
        ("", ()),
        ("/a", (FolderGrant(path="/a"),)),
        ("/a:ro", (FolderGrant(path="/a", writable=False),)),
        ("/a:/b", (FolderGrant(path="/a"), FolderGrant(path="/b"))),
        (
            "/a:rw:/b:ro:/c",
            (FolderGrant(path="/a"), FolderGrant(path="/b", writable=False), FolderGrant(path="/c")),
        ),
        ("/a b/ü:ro", (FolderGrant(path="/a b/ü", writable=False),)),
        (":/a::/b:", (FolderGrant(path="/a"), FolderGrant(path="/b"))),
    ],
)
def test_granted_folders_are_a_path_list_each_with_its_mode(
    text: str, grants: tuple[FolderGrant, ...]
) -> None:
    assert folder_grants(text) == grants


def test_every_setting_stands_in_the_example_file() -> None:
    example = (Path(__file__).parent.parent / ".env.example").read_text("utf-8")
    names = [field.alias for field in Settings.model_fields.values()]
    assert [name for name in names if f"{name}=" not in example] == []
