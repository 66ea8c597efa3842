"""What a new Word file begins with: the house's styles, an A4 page with its number, and an empty text."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Final

from bot.documents.package import KINDS, Package, parsed
from bot.documents.word.xml import attribute, child, name

_STYLES: Final = Path(__file__).with_name("styles.xml")
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_WORDS: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_LINKS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_FIELD: Final = '<w:fldSimple w:instr=" {} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
_REGIONS: Final = {
    "en": "en-US", "de": "de-DE", "fr": "fr-FR", "es": "es-ES", "it": "it-IT", "pt": "pt-PT", "nl": "nl-NL",
    "ja": "ja-JP", "zh": "zh-CN", "ko": "ko-KR", "ar": "ar-SA", "he": "he-IL",
}  # fmt: skip
_EAST: Final = ("ja", "zh", "ko")
_RIGHT_TO_LEFT: Final = ("ar", "he", "fa", "ur")

_TYPES: Final = f"""<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="{_TYPE}document.main+xml"/>
<Override PartName="/word/styles.xml" ContentType="{_TYPE}styles+xml"/>
<Override PartName="/word/settings.xml" ContentType="{_TYPE}settings+xml"/>
<Override PartName="/word/footer1.xml" ContentType="{_TYPE}footer+xml"/>
</Types>"""
_PARTS: Final = {
    "[Content_Types].xml": _TYPES,
    "_rels/.rels": f"""<Relationships xmlns="{_LINKS}">
<Relationship Id="rId1" Type="{KINDS}officeDocument" Target="word/document.xml"/></Relationships>""",
    "word/document.xml": f"""<w:document xmlns:w="{_WORDS}" xmlns:r="{KINDS[:-1]}"><w:body><w:sectPr>
<w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>
<w:pgMar w:top="1247" w:right="1247" w:bottom="1361" w:left="1247" w:header="624" w:footer="624" w:gutter="0"/>
</w:sectPr></w:body></w:document>""",
    "word/_rels/document.xml.rels": f"""<Relationships xmlns="{_LINKS}">
<Relationship Id="rId1" Type="{KINDS}styles" Target="styles.xml"/>
<Relationship Id="rId2" Type="{KINDS}settings" Target="settings.xml"/>
<Relationship Id="rId3" Type="{KINDS}footer" Target="footer1.xml"/></Relationships>""",
    "word/settings.xml": f"""<w:settings xmlns:w="{_WORDS}"><w:defaultTabStop w:val="709"/><w:compat>
<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>
</w:compat></w:settings>""",
    "word/footer1.xml": f"""<w:ftr xmlns:w="{_WORDS}"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>
{_FIELD.format("PAGE")}<w:r><w:t xml:space="preserve"> / </w:t></w:r>{_FIELD.format("NUMPAGES")}</w:p></w:ftr>""",
}


def house() -> Package:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for part, content in _PARTS.items():
            made.writestr(zipfile.ZipInfo(part), _HEAD + content)
        made.writestr(zipfile.ZipInfo("word/styles.xml"), _STYLES.read_bytes())
    return Package(file.getvalue())


def house_style(called: str) -> object:
    """The house's own style of this name."""
    for one in parsed(_STYLES.read_bytes()).iter(name("w:style")):
        if attribute(child(one, "w:name")).lower() == called.lower():
            return one
    raise LookupError(called)


def speak(package: Package, language: str) -> None:
    """Its words are checked, hyphenated and read out in this language."""
    part = package.linked(package.main, "styles")
    spoken = child(package.xml(part), "w:docDefaults", "w:rPrDefault", "w:rPr", "w:lang") if part else None
    if spoken is None:
        return
    script = "eastAsia" if language[:2] in _EAST else "bidi" if language[:2] in _RIGHT_TO_LEFT else "val"
    spoken.set(name(f"w:{script}"), _REGIONS.get(language, language))


def spoken_in(package: Package) -> str:
    """The language of its words; "en" where it says none."""
    part = package.linked(package.main, "styles")
    path = ("w:docDefaults", "w:rPrDefault", "w:rPr", "w:lang")
    return (attribute(child(package.xml(part), *path)) if part else "") or "en"
