"""The department and the type of document that a text or a name is about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

_DEPARTMENTS = {
    "Finance": "finance|finances|financial|accounting|treasury|controlling|finanzen|buchhaltung",
    "HR": "hr|human resources|human ressources|people operations|people ops|people team|personnel"
    "|recruiting|recruitment|talent acquisition|personalabteilung",
    "Marketing": "marketing|mktg",
    "Sales": "sales|business development|vertrieb",
    "Engineering": "engineering|software development|development team|devops|technik",
    "Operations": "operations|ops|betrieb",
    "Legal": "legal|legal affairs|rechtsabteilung",
    "Compliance": "compliance",
    "IT": "information technology|it department|it team|it operations|it support|helpdesk",
    "Product": "product|product management",
    "Support": "support|customer support|customer service|customer care|kundendienst",
    "Procurement": "procurement|purchasing|einkauf",
    "Research": "research|research and development|r&d",
    "Security": "security|information security|infosec",
    "Design": "design|ux",
    "Facilities": "facilities|facility management",
    "Logistics": "logistics|supply chain|logistik",
    "Quality": "quality|quality assurance|qa",
    "Administration": "administration|admin",
}
_TYPES = {
    "Report": "report|reports|bericht|monatsbericht|quartalsbericht",
    "Budget": "budget|budgets",
    "Invoice": "invoice|invoices|rechnung",
    "Minutes": "minutes|meeting minutes|meeting notes|protokoll",
    "Forecast": "forecast|forecasts|prognose",
    "Review": "review|reviews|retrospective",
    "Plan": "plan|plans",
    "Roadmap": "roadmap|roadmaps",
    "Policy": "policy|policies|richtlinie",
    "Contract": "contract|contracts|agreement|vertrag|nda",
    "Proposal": "proposal|proposals",
    "Presentation": "presentation|presentations|slide deck|slides|deck",
    "Survey": "survey|surveys|questionnaire",
    "Audit": "audit|audits",
    "Statement": "statement|statements",
    "Receipt": "receipt|receipts",
    "Summary": "summary|summaries",
    "Analysis": "analysis|analyses",
    "Schedule": "schedule|schedules|timetable",
    "Memo": "memo|memos|memorandum",
    "Handbook": "handbook|manual",
    "Guide": "guide|guides|guideline|guidelines",
    "Quote": "quote|quotes|quotation|angebot",
    "Payroll": "payroll",
    "Inventory": "inventory",
    "Newsletter": "newsletter|newsletters",
    "Checklist": "checklist|checklists",
    "Strategy": "strategy|strategies",
    "Agenda": "agenda",
    "Timesheet": "timesheet|timesheets",
    "Expenses": "expenses",
    "Assessment": "assessment|assessments|evaluation",
    "Specification": "specification|specifications|spec|specs",
    "Briefing": "briefing|brief",
    "Notes": "notes",
}
_SHORT_DEPARTMENTS = {
    "fin": "Finance",
    "mkt": "Marketing",
    "eng": "Engineering",
    "acct": "Finance",
}
_SHORT_TYPES = {"rpt": "Report", "inv": "Invoice", "fcst": "Forecast", "mins": "Minutes", "bud": "Budget"}
_OF = re.compile(r"\s(?:of|on|for|about|regarding|concerning|from|by|with|to)\s|:\s|\s[–—-]\s|\(", re.I)
_NAMED_DEPARTMENT = re.compile(
    r"\b(?P<before>[A-Z][\w&-]*(?: [A-Z&][\w&-]*){0,2}) (?:Department|Dept\b|Division)"
    r"|\b(?:Department|Dept\.?|Division) of (?P<after>[A-Z][\w&-]*(?: [A-Z&][\w&-]*){0,2})"
)
_UPPER_IT = re.compile(r"(?<!\w)IT(?!\w)")
_LABELS = re.compile(r"\b(?:the|department|dept\.?|folder)(?!\w)", re.I)
_UNSAFE = re.compile(r"[^\w &+-]+")

_Matcher = list[tuple[re.Pattern[str], str]]


def _matcher(table: Mapping[str, str]) -> _Matcher:
    pairs = [(alias, name) for name, aliases in table.items() for alias in aliases.split("|")]
    pairs.sort(key=lambda pair: -len(pair[0]))
    return [(re.compile(rf"(?<!\w){re.escape(alias)}(?!\w)", re.I), name) for alias, name in pairs]


_DEPARTMENT_WORDS = [*_matcher(_DEPARTMENTS), (_UPPER_IT, "IT")]
_TYPE_WORDS = _matcher(_TYPES)


def department_called(words: str) -> str:
    """The department that a person names: a known one in its usual form, or the words as given."""
    plain = _LABELS.sub(" ", words).strip()
    if plain.casefold() == "it":
        return "IT"
    return next((name for pattern, name in _DEPARTMENT_WORDS if pattern.fullmatch(plain)), "") or as_name(
        plain
    )


def department_in_field(words: str, known: bool = False) -> str:
    """The department in a field's value; with `known`, only one of the usual ones."""
    called = department_called(words)
    return called if called in _DEPARTMENTS else _first(words, _DEPARTMENT_WORDS) or ("" if known else called)


def type_called(words: str, known: bool = False) -> str:
    """The type that a field or a person names: a usual one, or (unless `known`) the words as given."""
    return type_in_title([words]) or ("" if known else as_name(words))


def department_in_title(lines: Iterable[str]) -> str:
    """The department that the title names first."""
    for line in lines:
        if found := _first(line, _DEPARTMENT_WORDS):
            return found
        if named := _NAMED_DEPARTMENT.search(line):
            return as_name(named["before"] or named["after"])
    return ""


def type_in_title(lines: Iterable[str]) -> str:
    """The type that the title is headed by: `Budget Review` is a review, `Minutes of the budget round` are minutes."""
    for line in lines:
        for part in (_OF.split(line)[0], line):
            if found := _places(part, _TYPE_WORDS):
                return found[-1][2]
    return ""


def department_in_name(name: str) -> str:
    """The department in a file's or folder's name; a lower-case `it` counts beside a type only."""
    found = department_in_title([name]) or _short(name, _SHORT_DEPARTMENTS)
    return found or ("IT" if name.casefold().startswith("it ") and type_in_name(name) else "")


def type_in_name(name: str) -> str:
    """The type in a file's name."""
    found = _places(name, _TYPE_WORDS)
    return found[-1][2] if found else _short(name, _SHORT_TYPES)


def department_in_text(text: str) -> str:
    """The department that a text mentions clearly more often than any other."""
    return _most(text, _DEPARTMENT_WORDS)


def type_in_text(text: str) -> str:
    """The type that a text mentions clearly more often than any other."""
    return _most(text, _TYPE_WORDS)


def as_name(words: str) -> str:
    """Words as part of a file's name: nothing that a path, a disk or another system could mistake."""
    plain = _UNSAFE.sub(" ", unicodedata.normalize("NFC", words))
    return "-".join(plain.replace("_", " ").split())[:40].strip("-")


def _places(text: str, words: _Matcher) -> list[tuple[int, int, str]]:
    """Where which name is meant, in order; a longer phrase hides the shorter ones inside it."""
    found: list[tuple[int, int, str]] = []
    for pattern, name in words:
        for match in pattern.finditer(text):
            if not any(start < match.end() and match.start() < end for start, end, _ in found):
                found.append((match.start(), match.end(), name))
    return sorted(found)


def _first(text: str, words: _Matcher) -> str:
    found = _places(text, words)
    return found[0][2] if found else ""


def _short(name: str, short: Mapping[str, str]) -> str:
    return next((short[word] for word in name.casefold().split() if word in short), "")


def _most(text: str, words: _Matcher) -> str:
    counts: dict[str, int] = {}
    for _, _, name in _places(text, words):
        counts[name] = counts.get(name, 0) + 1
    ranked = sorted(counts.items(), key=lambda pair: -pair[1])
    if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return ""
    return ranked[0][0]
