"""Formulas over a small table of everything that a cell can be: always the same ones, most in no one's taste."""

from __future__ import annotations

import random

CELLS = [
    [3, "Paid", True, 2.5],
    [-7, "open", False, None],
    [0, "Item 3", None, 1e6],
    [12.345, "", True, -0.5],
    [None, "paid", None, 100],
]
_NUMBERS = ("A1", "A2", "A3", "A4", "A5", "D1", "D2", "D3", "2", "0.5", "-3", "10%")
_TEXTS = ("B1", "B3", "B5", '"paid"', '"x"')
_AREAS = ("A1:A5", "D1:D5", "A1:D2", "A:A", "C1:C5", "B1:B5")
_CONDITIONS = ('"paid"', '"<>open"', '">0"', '"<=2.5"', '"<>3"', "3", '"Item 3"', "A2")
NARROW = (
    "0.1+0.2=0.3",
    "0.1+0.2<>0.3",
    "0.1*3>0.3",
    "SUM(0.1,0.2)=0.3",
    "SUM(0.1,0.2,-0.3)=0",
    "SQRT(2)^2=2",
    "1-0.9=0.1",
    "0.5-0.4-0.1",
    'IF(0.1+0.2=0.3,"ok","mismatch")',
    "INT((0.1+0.7)*10)",
    "ROUND(1.005*100,0)",
    "ROUNDDOWN(0.29*100,0)",
    "ROUNDUP(1.1*3,1)",
    "MOD(5.1,0.1)",
    "MATCH(0.3,E1:E1,0)",
    "VLOOKUP(0.3,E1:E1,1,FALSE)",
    "COUNTIF(E1:E1,0.3)",
    'COUNTIF(E1:E1,"<>0.3")',
    'SUMIF(E1:E1,">0.3",E1:E1)',
    'LEFT("abcdefghi",(0.1+0.7)*10)',
    '"straße"="STRASSE"',
    'UPPER("straße")',
    'LEN("😀")',
    "0^0",
)
"""Where E1 is 0.1+0.2. Spreadsheets make up for the last digits of numbers, each in its own way."""

PLAIN = {
    "0.1+0.25=0.35": True,
    "100.5-100=0.5": True,
    "0.3>0.1+0.1": True,
    "SUM(0.5,0.25,-0.75)=0": True,
    "ROUND(0.1+0.2,2)": 0.3,
    "ROUND(2.675,2)": 2.68,
    "ROUND(-2.5,0)": -3,
    "ROUNDDOWN(2.3,1)": 2.3,
    "ROUNDUP(2.31,1)": 2.4,
    "INT(-0.5)": -1,
    "MOD(7.5,2.5)": 0,
    "MOD(-7,3)": 2,
    "COUNTIF(E1:E1,0.4)": 0,
    '"Paid"="PAID"': True,
    'UPPER("grün")': "GRÜN",
    "2^-1": 0.5,
}
"""Near to those, and beyond doubt."""


def formulas(count: int) -> list[str]:
    choose = random.Random(20260101)
    return [_number(choose, 3) if choose.random() < 0.8 else _other(choose) for _ in range(count)]


def _number(choose: random.Random, depth: int) -> str:
    if depth == 0:
        return choose.choice(_NUMBERS)
    one, two = (lambda: _number(choose, depth - 1)), choose.choice(_AREAS)
    return choose.choice(
        [
            lambda: f"{one()}{choose.choice('+-*/')}{one()}",
            lambda: f"({one()}-{one()})^2",
            lambda: f"-{one()}%",
            lambda: f"{choose.choice(['SUM', 'AVERAGE', 'MIN', 'MAX', 'COUNT', 'COUNTA', 'MEDIAN'])}({two})",
            lambda: f"SUM({one()},{two},{one()})",
            lambda: f"IF({one()}{choose.choice(['>', '<', '>=', '<=', '=', '<>'])}{one()},{one()},{one()})",
            lambda: f"IFERROR({one()},{one()})",
            lambda: f"{choose.choice(['ROUND', 'ROUNDUP', 'ROUNDDOWN'])}({one()},{choose.choice('012')})",
            lambda: f"{choose.choice(['ABS', 'INT', 'SQRT'])}({one()})",
            lambda: f"MOD({one()},{one()})",
            lambda: f"COUNTIF({choose.choice(['A1:A5', 'B1:B5', 'D1:D5'])},{choose.choice(_CONDITIONS)})",
            lambda: f"SUMIF(B1:B5,{choose.choice(_CONDITIONS)},D1:D5)",
            lambda: f'SUMIFS(D1:D5,B1:B5,"paid",A1:A5,{choose.choice(_CONDITIONS)})',
            lambda: f"AVERAGEIF(A1:A5,{choose.choice(_CONDITIONS)},D1:D5)",
            lambda: "SUMPRODUCT(A1:A5,D1:D5)",
            lambda: f"INDEX({choose.choice(['A1:D5', 'D1:D5'])},{choose.choice('123')},1)",
            lambda: f"MATCH({choose.choice(['B3', 'B2', '12.345'])},{choose.choice(['A1:A5', 'B1:B5'])},0)",
            lambda: f"VLOOKUP({choose.choice(['3', '-7', '99'])},A1:D5,{choose.choice('134')},FALSE)",
            lambda: f"LARGE({two},{choose.choice('129')})",
        ]
    )()


def _other(choose: random.Random) -> str:
    one = choose.choice(_TEXTS)
    return choose.choice(
        [
            f"{one}&{choose.choice(_NUMBERS[:8])}",
            f"{one}={choose.choice(_TEXTS)}",
            f"CONCATENATE({one},A1,C1)",
            f"LEN({one})",
            f"UPPER({one})",
            f"LEFT({one},2)",
            "AND(A1>0,C1)",
            "OR(A2>0,A3>0)",
            "NOT(C1)",
            f"IF(ISNUMBER({one}),1,{one})",
            "ISBLANK(D2)",
            "STDEV(A1:A4)",
        ]
    )
