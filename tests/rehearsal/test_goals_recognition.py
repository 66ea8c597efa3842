"""Period, department and type are found where people write them."""

from __future__ import annotations

import pytest

from bot.rehearsal.goals.filing import filed
from bot.rehearsal.goals.naming import Convention, convention_in
from bot.rehearsal.goals.periods import period_in, period_in_name

PERIODS = [
    ("March 2026", "2026-03"),
    ("Mar 2026", "2026-03"),
    ("Mar '26", "2026-03"),
    ("14 March 2026", "2026-03"),
    ("March 14th, 2026", "2026-03"),
    ("2026 March", "2026-03"),
    ("2026-Mar-05", "2026-03"),
    ("Sept. 2025", "2025-09"),
    ("März 2026", "2026-03"),
    ("2026-03", "2026-03"),
    ("2026-03-14T09:00", "2026-03"),
    ("2026/3", "2026-03"),
    ("03/2026", "2026-03"),
    ("31.12.2025", "2025-12"),
    ("31. 12. 25", "2025-12"),
    ("31/12/2025", "2025-12"),
    ("12/31/2025", "2025-12"),
    ("03/04/2026", ""),
    ("Q4 2025", "2025-10"),
    ("2025 Q4", "2025-10"),
    ("Q4-25", "2025-10"),
    ("FY25 Q3", "2025-07"),
    ("fourth quarter of 2025", "2025-10"),
    ("3. Quartal 2025", "2025-07"),
    ("H2 2025", "2025-07"),
    ("first half of 2026", "2026-01"),
    ("January – March 2026", "2026-01"),
    ("Nov to Jan 2026", "2025-11"),
    ("1 January 2026 to 31 March 2026", "2026-01"),
    ("2026-W12", "2026-03"),
    ("Annual report 2025", "2025-01"),
    ("Invoice INV-2026-07 of 2 May 2026", "2026-05"),
    ("Mary 2026", ""),
    ("decision 2026", ""),
    ("2025-13", ""),
    ("version 2.1", ""),
]
NAMES = [
    ("fin_report_202603.pdf", "2026-03"),
    ("20260314 notes.txt", "2026-03"),
    ("report_2026_03", "2026-03"),
    ("x_12_2025", "2025-12"),
    ("FinanceReportMarch2026", "2026-03"),
    ("budget-q4-2025", "2025-10"),
    ("HRPolicy2025Q3", "2025-07"),
    ("2025/Q4/summary", "2025-10"),
    ("v2_final", ""),
]
DOCUMENTS = [
    ("a.txt", "Department: Finance\nPeriod: March 2026\nType: Report\n", ("Finance", "2026-03", "Report")),
    ("b.txt", "**Dept:** Human Resources\n**Date:** 31.12.2025\n\nPolicy\n", ("HR", "2025-12", "Policy")),
    ("b.txt", "# Sales Budget Review Q4 2025\n", ("Sales", "2025-10", "Review")),
    ("c.txt", "Minutes of the budget round\nMarketing, 2026-02-03", ("Marketing", "2026-02", "Minutes")),
    ("d.txt", "Facilities Department\nMonthly report, Feb 2026", ("Facilities", "2026-02", "Report")),
    ("e.txt", "Department: Fleet Care\nRoadmap H1 2026", ("Fleet-Care", "2026-01", "Roadmap")),
    ("f.txt", "Department: ../../etc\n2026-01 report", ("etc", "2026-01", "Report")),
    ("Mkt-Plan-2025-11.md", "nothing of note", ("Marketing", "2025-11", "Plan")),
    ("LegalContract2026Q1.txt", "", ("Legal", "2026-01", "Contract")),
    ("it_forecast_202604.csv", "", ("IT", "2026-04", "Forecast")),
    ("it is what it is.txt", "it was so", ("", "", "")),
    ("hr/2026-01/notes.txt", "Protokoll", ("HR", "2026-01", "Minutes")),
    ("g.csv", "| Department | Month | Amount |\n|---|---|---|\n| HR | 2026-03 | 3 |\n| HR | 2026-03 | 4 |\n\nBudget",
     ("HR", "2026-03", "Budget")),
    ("h.xlsx", "## Sheet1\n\n| IT Operations Forecast | |\n|---|---|\n| Quarter | Q1 2026 |\n",
     ("IT", "2026-01", "Forecast")),
    ("p.pdf", "Acme GmbH\nInvoice INV-2026-07\nBilled to: Procurement\nInvoice date: 2026-03-05\nDue: 2026-04-05",
     ("Procurement", "2026-03", "Invoice")),
    ("sales_2025-01_report.txt", "Report\nPeriod: 2026-02", ("Sales", "2026-02", "Report")),
    ("scan001.txt", "hello world", ("", "", "")),
]  # fmt: skip
CONVENTIONS = [
    ("(YYYY-MM_Department_Type.pdf)", "2026-03_HR_Report"),
    ("Department-Type-YYYYMM", "HR-Report-202603"),
    ("{type}_{department}_{yyyy}", "Report_HR_2026"),
    ("ACME_YYYY-MM_Dept", "ACME_2026-03_HR"),
    ("MM-YYYY_DocType.ext", "03-2026_Report"),
]


@pytest.mark.parametrize(("text", "period"), PERIODS)
def test_a_period_is_found_in_content(text: str, period: str) -> None:
    assert period_in(f"It was {text}, as planned") == period


@pytest.mark.parametrize(("name", "period"), NAMES)
def test_a_period_is_found_in_a_name(name: str, period: str) -> None:
    assert period_in_name(name) == period


@pytest.mark.parametrize(("name", "text", "expected"), DOCUMENTS)
def test_a_document_is_filed_by_content_first_and_then_by_name(
    name: str, text: str, expected: tuple[str, str, str]
) -> None:
    found = filed(f"/r/{name}", name, text)
    assert (found.department, found.period, found.type) == expected


@pytest.mark.parametrize(("words", "stem"), CONVENTIONS)
def test_a_naming_pattern_in_a_goal_gives_its_order_and_separators(words: str, stem: str) -> None:
    convention = convention_in(f"Organize the folder, call files {words}, and create an index.")
    assert convention is not None
    assert convention.stem(period="2026-03", department="HR", type="Report") == stem


def test_words_without_a_pattern_give_none() -> None:
    assert convention_in("Group by department and type, then rename all files by our convention.") is None


def test_a_name_that_follows_the_convention_says_what_it_is_made_of() -> None:
    said = Convention().parsed("2026-03_HR_Report-2")
    assert said == {"year": "2026", "month": "03", "department": "HR", "type": "Report"}
    assert Convention().parsed("report of March") == {}
