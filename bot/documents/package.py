"""An Office file as its parts: XML that is touched is written anew, every other part stays as it is, byte for byte."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from bot.documents.archive import refuse_bomb
from bot.errors import ToolError

_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TYPES: Final = "[Content_Types].xml"
_OF_TYPES: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_OF_LINKS: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}"
KINDS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_STRICT: Final = "http://purl.oclc.org/ooxml/"


class Package:
    """Parts by their names ("word/document.xml"). Raises `ToolError` for what is no Office file, broken, encrypted,
    or packed as only a trap is."""

    def __init__(self, file: bytes) -> None:
        self._parts, self._entries = _unpacked(file)
        self._trees: dict[str, Any] = {}
        self._before: dict[str, bytes] = {}
        if _TYPES not in self._parts:
            raise _broken()
        self.main = self._main()

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def part(self, name: str) -> bytes:
        """Its bytes as they were given."""
        return self._parts[name]

    def xml(self, name: str) -> Any:
        """The root of a part: what is changed in it is written."""
        if name not in self._trees:
            self._trees[name] = parsed(self._parts[name])
            self._before[name] = etree.tostring(self._trees[name], method="c14n")
        return self._trees[name]

    def add(self, name: str, content: bytes, content_type: str) -> None:
        """A part that was not there, or in place of the one that was."""
        self._parts[name] = content
        self._trees.pop(name, None)
        types = self.xml(_TYPES)
        for one in types.findall(f"{_OF_TYPES}Override"):
            if one.get("PartName") == f"/{name}":
                types.remove(one)
        etree.SubElement(types, f"{_OF_TYPES}Override", PartName=f"/{name}", ContentType=content_type)

    def free(self, pattern: str) -> str:
        """The first name of this pattern ("word/media/image{}.png") that no part has."""
        number = 1
        while pattern.format(number) in self._parts:
            number += 1
        return pattern.format(number)

    def type_of(self, name: str) -> str:
        ending = name.rpartition(".")[2].lower()
        found = ""
        for one in self.xml(_TYPES):
            if one.get("PartName", "").lower() == f"/{name}".lower():
                return str(one.get("ContentType"))
            if one.get("Extension", "").lower() == ending:
                found = str(one.get("ContentType"))
        return found

    def retype(self, name: str, content_type: str) -> None:
        """Call a part of the package something else."""
        for one in self.xml(_TYPES):
            if one.get("PartName") == f"/{name}":
                one.set("ContentType", content_type)

    def links(self, name: str) -> list[tuple[str, str, str]]:
        """Of a part ("" is the package): the id, the kind (its last word) and the target of each; those outside as
        they are, the others as names of parts."""
        links = links_of(name)
        if links not in self._parts:
            return []
        return [
            (one.get("Id", ""), one.get("Type", "").rpartition("/")[2], _target(name, one))
            for one in self.xml(links).findall(f"{_OF_LINKS}Relationship")
        ]

    def linked(self, name: str, kind: str) -> str:
        """The part that another has for something ("styles"); "" where it has none."""
        found = [target for _, one, target in self.links(name) if one == kind and target in self._parts]
        return found[0] if found else ""

    def link(self, name: str, kind: str, target: str, *, is_outside: bool = False) -> str:
        """The id of a link of a part: the one there is, or a new one."""
        for id, one, there in self.links(name):
            if (one, there) == (kind.rpartition("/")[2], target):
                return id
        links = links_of(name)
        if links not in self._parts:
            self._parts[links] = f'<Relationships xmlns="{_OF_LINKS[1:-1]}"/>'.encode()
        root = self.xml(links)
        taken = {one.get("Id") for one in root}
        id = next(f"rId{number}" for number in range(1, len(taken) + 2) if f"rId{number}" not in taken)
        made = etree.SubElement(
            root, f"{_OF_LINKS}Relationship", Id=id, Type=KINDS + kind if "://" not in kind else kind
        )
        made.set(
            "Target", target if is_outside else posixpath.relpath(target, posixpath.dirname(name) or ".")
        )
        if is_outside:
            made.set("TargetMode", "External")
        return id

    def unlink(self, name: str, id: str) -> None:
        """A part has no use any more for what it linked to."""
        root = self.xml(links_of(name))
        for one in root.findall(f"{_OF_LINKS}Relationship"):
            if one.get("Id") == id:
                root.remove(one)

    def drop(self, name: str) -> None:
        """A part that nothing links to any more."""
        self._parts.pop(name, None)
        self._trees.pop(name, None)
        types = self.xml(_TYPES)
        for one in types.findall(f"{_OF_TYPES}Override"):
            if one.get("PartName") == f"/{name}":
                types.remove(one)

    def drop_unlinked(self) -> None:
        """Whatever no link leads to goes: nobody would see it, and it might not be meant for those who get the file."""
        reached, ahead = {_TYPES}, [""]
        while ahead:
            name = ahead.pop()
            reached |= {name, links_of(name)}
            ahead += [
                there for _, _, there in self.links(name) if there in self._parts and there not in reached
            ]
        for name in [one for one in self._parts if one not in reached]:
            del self._parts[name]
            self._trees.pop(name, None)
        types = self.xml(_TYPES)
        for one in types.findall(f"{_OF_TYPES}Override"):
            if one.get("PartName", "")[1:] not in self._parts:
                types.remove(one)

    def refuse_macros(self) -> None:
        held = [one for one in self._parts if one.lower().endswith(("vbaproject.bin", "vbadata.xml"))]
        if held or "macroenabled" in self.type_of(self.main).lower():
            raise ToolError(
                "The file holds macros, which are not touched here. Nothing was changed. "
                "Ask for a copy saved without macros."
            )

    def refuse_signed(self) -> None:
        if any(one.startswith("_xmlsignatures/") for one in self._parts):
            raise ToolError(
                "The file is digitally signed, and any change would break the signature. Nothing was changed. "
                "Ask for a copy without it."
            )

    def saved(self) -> bytes:
        """The file: the parts in their order, new ones last."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as made:
            for name in self._parts:
                given = self._entries.get(name)
                entry = zipfile.ZipInfo(name, given.date_time if given else _LONG_AGO)
                entry.compress_type = given.compress_type if given else zipfile.ZIP_DEFLATED
                entry.external_attr = given.external_attr if given else 0o600 << 16
                made.writestr(entry, self._content(name))
        return target.getvalue()

    def _content(self, name: str) -> bytes:
        tree = self._trees.get(name)
        if tree is None or etree.tostring(tree, method="c14n") == self._before[name]:
            return self._parts[name]
        return written(tree)

    def _main(self) -> str:
        for _, kind, target in self.links(""):
            if kind == "officeDocument" and target in self._parts:
                if _STRICT.encode() in self._parts[target][:4_000]:
                    raise ToolError(
                        "The file is saved as Strict Open XML, which is not read here. Nothing was changed. "
                        "Ask for it saved as an ordinary Word, Excel or PowerPoint file."
                    )
                return target
        raise _broken()


def parsed(content: bytes) -> Any:
    """The root of an XML part. Nothing outside it is fetched, and nothing in it is expanded."""
    try:
        tree = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError):
        raise _broken() from None
    if tree.getroottree().docinfo.internalDTD is not None:
        raise _broken()
    return tree


def written(tree: Any) -> bytes:
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))


def links_of(name: str) -> str:
    """The part that holds the links of this one; of "" those of the package."""
    folder, _, last = name.rpartition("/")
    return f"{folder}/_rels/{last}.rels" if folder else f"_rels/{last}.rels"


def _target(name: str, link: Any) -> str:
    target = str(link.get("Target", ""))
    if link.get("TargetMode") == "External":
        return target
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(name), target)).lstrip("/")


def _unpacked(file: bytes) -> tuple[dict[str, bytes], dict[str, zipfile.ZipInfo]]:
    if file.startswith(_OLE):
        raise ToolError(
            "The file is encrypted, or in an old Office format (doc, xls, ppt). Nothing was changed. "
            "Ask for a copy without a password, as docx, xlsx or pptx."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            refuse_bomb(archive, "the file")
            entries = [one for one in archive.infolist() if not one.is_dir()]
            if len({one.filename for one in entries}) < len(entries):
                raise _broken()
            return {one.filename: archive.read(one) for one in entries}, {
                one.filename: one for one in entries
            }
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError):
        raise _broken() from None


def _broken() -> ToolError:
    return ToolError(
        "The file is broken, or no Office file: its parts cannot be read. Nothing was changed. "
        "Ask for it to be saved or sent again."
    )
