"""How often the look at figures is wrong, either way: true ones that it doubts, and made-up ones that it lets pass."""

from __future__ import annotations

import random

import pytest

from bot.engine.figures import figures
from bot.engine.grounds import Grounds

NOTES = """[notes.md · Markdown · lines 1–9 of 9]

Revenue was 1,240,000 EUR in Q3 after 1,180,000 in Q2. Churn was 3.9%.

Headcount is 84, of which 31 in engineering; 12 joined.

We signed 17 customers (Q2: 14), the largest at 96,000 EUR a year."""


def table(head: str, *rows: tuple[object, ...]) -> str:
    lines = [" | ".join(map(str, row)) for row in rows]
    return f"[/srv/sales 2026.csv as t]\nQuery: SELECT 1 FROM t\n\n| {head} |\n|---|\n" + "\n".join(
        f"| {line} |" for line in lines
    )


CHANCE = random.Random(7)
REGIONS = [(f"r{number}", CHANCE.randint(1_000, 999_999)) for number in range(20)]
MONTHS = [
    (f"2026-{month:02}", CHANCE.randint(800, 1_500), round(CHANCE.uniform(40_000, 90_000), 2))
    for month in range(1, 13)
]
BY_REGION = sorted((amount for _, amount in REGIONS), reverse=True)
ORDERS, REVENUE = [orders for _, orders, _ in MONTHS], [revenue for _, _, revenue in MONTHS]


def doubted(said: str, *read: str) -> list[str]:
    grounds = Grounds(read)
    return [one.shown for one in figures(said) if not grounds.bear(one)]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (
            f"In all {sum(BY_REGION):,} EUR ({sum(BY_REGION) / 1e6:.1f} million), {sum(BY_REGION) / 20:,.0f} on "
            f"average; {BY_REGION[0] / sum(BY_REGION):.1%} of it from the first, which sold "
            f"{BY_REGION[0] / BY_REGION[-1]:.1f} times what the last did and {BY_REGION[0] - BY_REGION[1]:,} more than "
            "the second.",
            [table("region | amount", *REGIONS)],
        ),
        (
            f"{sum(ORDERS):,} orders; June {abs(ORDERS[5] / ORDERS[4] - 1):.1%} off May, and {ORDERS[5]:,} in it; "
            f"{max(REVENUE) - min(REVENUE):,.2f} EUR between best and worst; {REVENUE[2] / ORDERS[2]:.2f} an order.",
            [table("month | orders | revenue", *MONTHS)],
        ),
        (
            f"{sum(ORDERS):,} orders; June {abs(ORDERS[5] / ORDERS[4] - 1):.1%} off May.",
            ["Exit code 0.\nmonth,orders,revenue\n" + "\n".join(",".join(map(str, row)) for row in MONTHS)],
        ),
        (
            "With it p95 is 11.0 times better, p50 91.3% less.",
            ["none 210.1 ms 412.5 ms\nredis 18.3 ms 37.5 ms"],
        ),
        ("It rose 5.1% to 1.24 million; 37% work in engineering; 3 more signed, 21% more.", [NOTES]),
        (
            "84.5% of 4,711 are paid, 731 are not; 3.9 for each of 1,203 customers.",
            [table("count", (count,)) for count in (4711, 3980, 1203)],
        ),
        (
            "37 files, 24 of them reports, 62,345 bytes the largest.",
            ["a.pdf 62,345 bytes\n" + "b.pdf 9 bytes\n" * 36],
        ),
    ],
)
def test_what_people_commonly_reckon_from_what_was_read_is_not_doubted(said: str, read: list[str]):
    assert len(list(figures(said))) > 1
    assert doubted(said, *read) == []


@pytest.mark.parametrize(
    ("shown", "most"),
    [("{:.0f}%", 0.1), ("{:.1f}%", 0.05), ("1{:.0f} customers", 0.15), ("{:,.1f} million", 0.05)],
)
@pytest.mark.parametrize("rows", [6, 10, 20, 40])
def test_few_made_up_figures_pass_beside_a_table_of_one_column(shown: str, most: float, rows: int):
    chance = random.Random(rows)
    read = table("region | amount", *((f"r{row}", chance.randint(1_000, 999_999)) for row in range(rows)))
    made_up = [shown.format(chance.uniform(13, 100)) for _ in range(300)]

    passed = [one for one in made_up if not doubted(f"It is {one}.", read)]

    assert len(passed) <= most * len(made_up) + 10
