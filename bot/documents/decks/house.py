"""The look of a deck that has no template: wide slides, our own theme, master and five layouts, all written here."""

from __future__ import annotations

import re
from typing import Any, Final

from bot.documents.charts import COLOURS
from bot.documents.decks import opening

WIDTH, HEIGHT = 12_192_000, 6_858_000
_MARGIN = 560_000
_ACROSS = WIDTH - 2 * _MARGIN
_GAP = 420_000
_HALF = (_ACROSS - _GAP) // 2
_TOP, _DOWN = 1_450_000, 4_730_000
_INK, _NAVY, _PAPER, _MIST = "22272E", "14304F", "FFFFFF", "EEF3F8"
_FONT = "Arial"
_KEPT: Final = ("Title Slide", "Title and Content", "Section Header", "Two Content", "Title Only")
_SPACES: Final = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_LEVELS = ((20, 280_000), (18, 560_000), (16, 840_000), (16, 1_120_000), (16, 1_400_000))
_SIGNS = "•–•–•"


def deck() -> Any:
    """A presentation without slides, in the look of the house."""
    from pptx import Presentation

    made: Any = Presentation()
    made.slide_width, made.slide_height = WIDTH, HEIGHT
    made.element.sldSz.attrib.pop("type", None)
    master = made.slide_master
    _coloured(next(rel.target_part for rel in master.part.rels.values() if rel.reltype.endswith("/theme")))
    for layout in list(made.slide_layouts):
        if layout.name in _KEPT:
            _replaced(layout, _LAYOUTS[layout.name])
        else:
            made.slide_layouts.remove(layout)
    _replaced(master, _MASTER)
    _styled(master)
    opening.forget(made)
    return made


def _coloured(theme: Any) -> None:
    """Theme parts are not parsed by the library: their colours and fonts are put into the text."""
    names = ("dk1", "lt1", "dk2", "lt2", *(f"accent{number}" for number in range(1, 7)), "hlink", "folHlink")
    tones = (
        _INK,
        _PAPER,
        _NAVY,
        _MIST,
        *(one.lstrip("#").upper() for one in COLOURS[:6]),
        "0B5394",
        "6B4FBB",
    )
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{tone}"/></a:{name}>' for name, tone in zip(names, tones, strict=True)
    )
    text = theme.blob.decode()
    text = re.sub(
        r"<a:clrScheme.*?</a:clrScheme>",
        f'<a:clrScheme name="Cowork">{colours}</a:clrScheme>',
        text,
        flags=re.DOTALL,
    )
    text = re.sub(r'<a:latin typeface="[^"]*"', f'<a:latin typeface="{_FONT}"', text)
    text = re.sub(r'(<a:theme [^>]*name=)"[^"]*"', r'\1"Cowork"', text)
    theme._blob = text.encode()


def _replaced(page: Any, content: str) -> None:
    """All that stands on a master or layout, with its background."""
    from pptx.oxml import parse_xml

    new = parse_xml(f'<p:cSld {_SPACES} name="{page.name}">{content}</p:cSld>')
    page.element.replace(page.element.cSld, new)
    page.element.cSld.attrib.update({"name": page.name} if page.name else {})


def _styled(master: Any) -> None:
    from pptx.oxml import parse_xml

    levels = "".join(
        f'<a:lvl{number}pPr marL="{indent}" indent="-280000" algn="l" rtl="0" eaLnBrk="1" hangingPunct="1">'
        '<a:lnSpc><a:spcPct val="105000"/></a:lnSpc>'
        f'<a:spcBef><a:spcPts val="{900 if number == 1 else 500}"/></a:spcBef>'
        f'<a:buClr><a:schemeClr val="accent1"/></a:buClr><a:buFont typeface="{_FONT}"/><a:buChar char="{sign}"/>'
        f"{_run(size, 'tx1', 'mn')}</a:lvl{number}pPr>"
        for number, ((size, indent), sign) in enumerate(zip(_LEVELS, _SIGNS, strict=True), 1)
    )
    title = (
        '<a:lvl1pPr algn="l" rtl="0" eaLnBrk="1" hangingPunct="1"><a:lnSpc><a:spcPct val="95000"/></a:lnSpc>'
        f'<a:spcBef><a:spcPct val="0"/></a:spcBef><a:buNone/>{_run(28, "tx2", "mj", bold=True)}</a:lvl1pPr>'
    )
    other = f'<a:lvl1pPr marL="0" algn="l" rtl="0" eaLnBrk="1" hangingPunct="1">{_run(18, "tx1", "mn")}</a:lvl1pPr>'
    styles = parse_xml(
        f"<p:txStyles {_SPACES}><p:titleStyle>{title}</p:titleStyle><p:bodyStyle>{levels}</p:bodyStyle>"
        f"<p:otherStyle>{other}</p:otherStyle></p:txStyles>"
    )
    old = next(one for one in master.element if one.tag.endswith("}txStyles"))
    master.element.replace(old, styles)


def _run(size: float, colour: str, font: str, *, bold: bool = False) -> str:
    return (
        f'<a:defRPr sz="{int(size * 100)}"{" b=" + chr(34) + "1" + chr(34) if bold else ""} kern="1200">'
        f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill>'
        f'<a:latin typeface="+{font}-lt"/><a:ea typeface="+{font}-ea"/><a:cs typeface="+{font}-cs"/></a:defRPr>'
    )


def _page(*shapes: str, ground: str = "bg1") -> str:
    return (
        f'<p:bg><p:bgPr><a:solidFill><a:schemeClr val="{ground}"/></a:solidFill><a:effectLst/></p:bgPr></p:bg>'
        '<p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'
        f"{''.join(shapes)}</p:spTree>"
    )


def _place(
    number: int,
    name: str,
    kind: str,
    box: tuple[int, int, int, int],
    *,
    style: str = "",
    anchor: str = "t",
    words: str = "",
) -> str:
    """A placeholder. `kind` holds the attributes that say which."""
    left, top, width, height = box
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f"<p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr>"
        f'<p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        f'<p:txBody><a:bodyPr lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anchor}"><a:normAutofit/></a:bodyPr>'
        f"<a:lstStyle>{style}</a:lstStyle><a:p>{words or f'<a:r><a:t>{name}</a:t></a:r>'}</a:p></p:txBody></p:sp>"
    )


def _bar(number: int, left: int, top: int, width: int, height: int, colour: str) -> str:
    """Decoration, which those who do not see are not told of."""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="Accent"><a:extLst>'
        '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative '
        'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
        f'</p:cNvPr><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{left}" y="{top}"/>'
        f'<a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr>'
        '<p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang="en"/></a:p></p:txBody></p:sp>'
    )


def _small(align: str) -> str:
    return (
        f'<a:lvl1pPr algn="{align}"><a:defRPr sz="1000"><a:solidFill><a:srgbClr val="5B6673"/>'
        "</a:solidFill></a:defRPr></a:lvl1pPr>"
    )


def _plain(size: int, colour: str, *, bold: bool = False, font: str = "mn") -> str:
    return (
        '<a:lvl1pPr marL="0" indent="0" algn="l"><a:spcBef><a:spcPts val="600"/></a:spcBef><a:buNone/>'
        f"{_run(size, colour, font, bold=bold)}</a:lvl1pPr>"
    )


_NUMBER = '<a:fld id="{C1FF6DA9-008F-8B48-92A6-B652298478BF}" type="slidenum"><a:rPr lang="en"/><a:t>‹#›</a:t></a:fld>'
_TITLE = _place(2, "Title", 'type="title"', (_MARGIN, 520_000, _ACROSS, 800_000), anchor="ctr")
_FOOT = (
    _place(
        20,
        "Footer",
        'type="ftr" sz="quarter" idx="11"',
        (_MARGIN, 6_420_000, 8_000_000, 220_000),
        style=_small("l"),
        anchor="ctr",
        words='<a:endParaRPr lang="en"/>',
    ),
    _place(
        21,
        "Slide Number",
        'type="sldNum" sz="quarter" idx="12"',
        (WIDTH - _MARGIN - 1_200_000, 6_420_000, 1_200_000, 220_000),
        style=_small("r"),
        anchor="ctr",
        words=_NUMBER,
    ),
)
_EDGE = _bar(30, _MARGIN, 400_000, 720_000, 64_000, "accent1")
_MASTER = _page(_TITLE, _place(3, "Text", 'type="body" idx="1"', (_MARGIN, _TOP, _ACROSS, _DOWN)), *_FOOT)


def _content(number: int, index: int, left: int, width: int) -> str:
    return _place(number, f"Content {index}", f'idx="{index}"', (left, _TOP, width, _DOWN))


_LAYOUTS: Final = {
    "Title Slide": _page(
        _bar(30, _MARGIN, 3_760_000, 1_200_000, 80_000, "accent2"),
        _place(
            2,
            "Title",
            'type="ctrTitle"',
            (_MARGIN, 1_300_000, _ACROSS - 1_200_000, 2_250_000),
            style=_plain(40, "bg1", bold=True, font="mj"),
            anchor="b",
        ),
        _place(
            3,
            "Subtitle",
            'type="subTitle" idx="1"',
            (_MARGIN, 4_050_000, _ACROSS - 1_200_000, 1_500_000),
            style=_plain(20, "bg2"),
        ),
        ground="tx2",
    ),
    "Title and Content": _page(_EDGE, _TITLE, _content(3, 1, _MARGIN, _ACROSS), *_FOOT),
    "Section Header": _page(
        _bar(30, 0, 0, 230_000, HEIGHT, "accent1"),
        _place(
            2,
            "Title",
            'type="title"',
            (_MARGIN + 200_000, 1_900_000, _ACROSS - 1_200_000, 1_500_000),
            style=_plain(36, "tx2", bold=True, font="mj"),
            anchor="b",
        ),
        _place(
            3,
            "Subtitle",
            'type="body" idx="1"',
            (_MARGIN + 200_000, 3_550_000, _ACROSS - 1_200_000, 1_400_000),
            style=_plain(20, "tx1"),
        ),
        *_FOOT,
        ground="bg2",
    ),
    "Two Content": _page(
        _EDGE,
        _TITLE,
        _content(3, 1, _MARGIN, _HALF),
        _content(4, 2, _MARGIN + _HALF + _GAP, _HALF),
        *_FOOT,
    ),
    "Title Only": _page(_EDGE, _TITLE, *_FOOT),
}
