"""Finished work: a gigabyte looked through in bounded memory, and what a document of each kind takes."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from bot.documents import apart, making, profile, query
from bot.documents.content import Content
from bot.documents.loading import File
from bot.sdk.halt import Halt
from tests.bench.figure import Figure, of_runs

GIGABYTE = 1_000_000_000
MEGABYTE = 1024.0 * 1024
MEMORY_AIM = 512.0
_BETWEEN_LOOKS = 0.02
_ANSWERS = "select region, sum(amount), count(*) from sales group by region order by region"

KINDS: tuple[making.Kind, ...] = ("docx", "xlsx", "pptx", "pdf", "html")


def measure(*, quick: bool) -> list[Figure]:
    """On a CSV file of 1 GB (100 MB with `quick`), and on a report of 40 blocks, a sheet of 1,000 rows, 12 slides."""
    rounds = 1 if quick else 3
    return [*_data(GIGABYTE // 10 if quick else GIGABYTE, rounds), *_documents(rounds)]


def _data(size: int, rounds: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sales.csv")
        _fill(path, size)
        with path.open("rb") as file:
            files = [File(descriptor=file.fileno(), name=path.name, table="sales", kind="csv")]
            jobs: dict[str, Callable[[], object]] = {
                "profile": lambda: apart.done(
                    "profile",
                    profile.Order(files=files),
                    profile.Told,
                    Halt(),
                    seconds=600,
                    files=[file.fileno()],
                ),
                "query": lambda: apart.done(
                    "query", query.Order(sql=_ANSWERS, files=files), query.Told, Halt(), files=[file.fileno()]
                ),
            }
            found = {name: [_watched(job) for _ in range(rounds)] for name, job in jobs.items()}
            bare = [_timed(lambda: _bare(path)) for _ in range(rounds)]
    what = f"a CSV file of {size / 1e9:.3g} GB"
    ratios = [ours[0] / theirs for ours, theirs in zip(found["query"], bare, strict=True)]
    return [
        of_runs(
            "data.profile", f"Profiling {what}, its process and all", _seconds(found["profile"]), unit="s"
        ),
        of_runs(
            "data.memory",
            "Memory that this takes at its highest",
            _memory(found["profile"]),
            unit="MB",
            aim=MEMORY_AIM,
        ),
        of_runs("data.query", f"Sums by group over {what}", _seconds(found["query"]), unit="s"),
        of_runs("data.bare", "The same query, as a ratio to DuckDB alone without limits", ratios, unit="×"),
    ]


def _documents(rounds: int) -> list[Figure]:
    figures = []
    for kind in KINDS:
        order = making.Order.model_construct(format=kind, content=_content(kind), images={}, template=None)
        sizes: list[float] = []

        def made(order: making.Order = order, sizes: list[float] = sizes) -> None:
            sizes.append(len(apart.done("making", order, making.Made, Halt()).file) / 1000)

        seconds = [_timed(made) for _ in range(rounds)]
        figures.append(
            of_runs(f"documents.{kind}", f"Making a {kind} file, its process and all", seconds, unit="s")
        )
        figures.append(of_runs(f"documents.{kind}.size", f"Its size ({kind})", sizes, unit="KB"))
    return figures


def _content(kind: str) -> Content:
    chart = {
        "kind": "column",
        "title": "Revenue by quarter",
        "categories": ["Q1", "Q2", "Q3", "Q4"],
        "series": [{"name": str(year), "values": [year % 7, 3, 4.5, 6]} for year in (2025, 2026)],
    }
    words = "What was done, **why**, and what comes next. " * 12
    table = {
        "type": "table",
        "columns": ["Region", "Amount"],
        "rows": [["North", number] for number in range(30)],
    }
    if kind == "xlsx":
        columns = [
            {"title": "Region"},
            {"title": "Amount", "kind": "number"},
            {"title": "Day", "kind": "date"},
        ]
        rows = [[f"Region {number}", number * 1.5, "2026-01-02"] for number in range(1_000)]
        return Content.model_validate(
            {"sheets": [{"name": "Sales", "columns": columns, "rows": rows, "totals": True}]}
        )
    if kind == "pptx":
        slides = [{"title": f"Part {number}", "bullets": ["One", "Two", "Three"]} for number in range(10)]
        return Content.model_validate(
            {
                "title": "Results",
                "slides": [*slides, {"title": "Revenue", "chart": chart}, {"title": "Table", "table": table}],
            }
        )
    part = [
        {"type": "heading", "text": "A part"},
        {"type": "text", "text": words},
        table,
        {"type": "chart", "chart": chart},
    ]
    return Content.model_validate({"title": "Results", "blocks": part * 10})


def _fill(path: Path, size: int) -> None:
    lines = [
        f"2026-{1 + number % 12:02d}-{1 + number % 28:02d},{'NSEW'[number % 4]},product {number % 5000},"
        f"{number * 7 % 100_000 / 100:.2f},{number % 50},some words of a comment {number * 7919}\n"
        for number in range(200_000)
    ]
    with path.open("w") as file:
        file.write("id,day,region,product,amount,quantity,comment\n")
        number = 0
        while file.tell() < size:
            file.writelines(f"{number + place},{line}" for place, line in enumerate(lines))
            number += len(lines)


def _bare(path: Path) -> None:
    import duckdb

    duckdb.connect(config={"threads": "2"}).execute(
        _ANSWERS.replace("from sales", f"from '{path}'")
    ).fetchall()


def _watched(job: Callable[[], object]) -> tuple[float, float]:
    """How long it takes, and the highest that the memory of a child of ours was meanwhile."""
    with _highest() as highest:
        seconds = _timed(job)
    return seconds, highest[0]


@contextmanager
def _highest() -> Iterator[list[float]]:
    ended, highest = threading.Event(), [0.0]
    before = {child.pid for child in psutil.Process().children()}

    def look() -> None:
        while not ended.wait(_BETWEEN_LOOKS):
            for child in psutil.Process().children():
                if child.pid not in before:
                    highest[0] = max(highest[0], _held(child))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield highest
    finally:
        ended.set()
        watcher.join()


def _held(child: psutil.Process) -> float:
    try:
        return float(child.memory_info().rss) / MEGABYTE
    except psutil.Error:
        return 0.0


def _timed(job: Callable[[], object]) -> float:
    began = time.monotonic()
    job()
    return time.monotonic() - began


def _seconds(found: list[tuple[float, float]]) -> list[float]:
    return [seconds for seconds, _ in found]


def _memory(found: list[tuple[float, float]]) -> list[float]:
    return [memory for _, memory in found]
