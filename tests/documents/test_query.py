"""What SQL over files answers, and that it reads nothing else."""

from __future__ import annotations

import os
import sqlite3
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.effect import Effect
from bot.domain.label import Audience
from bot.errors import Halted, ToolError
from tests import laws
from tests.documents.shelves import asked, rows, text, workbook
from tests.tools.conftest import Grounds
from tests.tools.desks import TOOLS, desk_in, put, run

SALES = "region,amount,when\nNorth,10.5,2026-01-02\nSouth,4,2026-01-03\nNorth,,2026-02-01\n"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The job's own folder, which is new for each."""
    own = tmp_path / "job"
    own.mkdir()
    monkeypatch.chdir(own)
    return own


def test_figures_are_reckoned_over_csv_json_parquet_and_workbooks_at_once(tmp_path: Path, place: Path):
    import duckdb

    sales = text(tmp_path / "sales 2026.csv", SALES)
    people = text(
        tmp_path / "people.jsonl", '{"region": "North", "lead": "Ana"}\n{"region": "South", "lead": "Ben"}\n'
    )
    goals = workbook(
        tmp_path / "goals.xlsx", {"Q1": [["Region", "Goal"], ["North", 20], ["South", 2.5]], "Empty": []}
    )
    duckdb.sql("select 'North' as region, 3::int as seats").write_parquet(str(tmp_path / "seats.parquet"))

    found = rows(
        "select s.region, sum(amount), lead, max(goal), max(seats) from sales_2026 s join people using (region) "
        "join goals on goals.region = s.region left join seats on seats.region = s.region group by all order by 1",
        sales,
        people,
        goals,
        tmp_path / "seats.parquet",
    )

    assert found == [["North", "10.5", "Ana", "20.0", "3"], ["South", "4.0", "Ben", "2.5", ""]]


def test_the_cells_of_a_workbook_have_their_types_and_its_heads_names(tmp_path: Path):
    book = workbook(
        tmp_path / "book.xlsx",
        {
            "First sheet!": [
                ["n", "part", "day", "at", "mixed", "yes", None, "n"],
                [1, 0.5, date(2026, 1, 2), datetime(2026, 1, 2, 3, 4), 1, True, "x", 7],
                [2.0, 1, date(2026, 1, 3), datetime(2026, 1, 3), "two", False, None, 8],
            ],
            "Other {sheet}'s": [["{a}'b\"c"], ["q"]],
        },
    )

    described = rows("describe book_first_sheet", book)
    assert [(name, kind) for name, kind, *_ in described] == [
        ("n", "BIGINT"),
        ("part", "DOUBLE"),
        ("day", "DATE"),
        ("at", "TIMESTAMP"),
        ("mixed", "VARCHAR"),
        ("yes", "BOOLEAN"),
        ("column_7", "VARCHAR"),
        ("n_8", "BIGINT"),
    ]


def test_a_sheet_with_any_name_and_head_is_a_table(tmp_path: Path, place: Path):
    book = workbook(tmp_path / "book.xlsx", {"Q{1}'s": [["{a}'b\"c", "="], ["q", 1]]})

    assert asked("select * from book", book).columns == ["{a}'b\"c", "="]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from read_text('/etc/hostname')",
        "select * from read_blob('/proc/self/environ')",
        "select * from glob('/etc/*')",
        "select * from read_csv('https://127.0.0.1:9/x.csv')",
        "select * from duckdb_secrets()",
        "select getenv('HOME')",
        "select * from read_csv('sales.csv')",
    ],
)
def test_nothing_but_the_files_it_was_given_can_be_read(sql: str, tmp_path: Path):
    sales = text(tmp_path / "sales.csv", SALES)

    with pytest.raises(ToolError, match="The query failed"):
        asked(sql, sales)


@pytest.mark.parametrize(
    "sql",
    [
        "copy sales to '/tmp/stolen.csv'",
        "attach '/tmp/other.db'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "pragma database_list",
        "create table t as select 1",
        "drop view sales",
        "delete from sales",
        "select 1; select 2",
        "call pragma_version()",
        "",
        "-- nothing",
    ],
)
def test_nothing_but_one_select_is_run(sql: str, tmp_path: Path):
    sales = text(tmp_path / "sales.csv", SALES)

    with pytest.raises(ToolError, match="SELECT"):
        asked(sql, sales)


def test_a_file_that_is_swapped_for_a_link_is_still_the_one_that_was_opened(tmp_path: Path, place: Path):
    from bot.documents import query
    from tests.documents.shelves import opened

    sales, secret = text(tmp_path / "sales.csv", SALES), text(tmp_path / "secret.csv", "region\nsecret\n")

    with opened(sales) as files:
        sales.rename(tmp_path / "moved.csv")
        sales.symlink_to(secret)
        told = query.done(query.Order(sql="select region from sales", files=files))

    assert [row[0] for row in told.rows] == ["North", "South", "North"]


def test_a_misspelt_column_is_told_with_those_that_there_are(tmp_path: Path):
    with pytest.raises(ToolError, match=r'"amout" not found[\s\S]*"amount"[\s\S]*Tables: sales'):
        asked("select amout from sales", text(tmp_path / "sales.csv", SALES))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("book.xlsx", b"PK\x03\x04 and then nothing", "cannot be read as a workbook"),
        ("book.xlsx", b"", "cannot be read as a workbook"),
        ("rows.parquet", b"no parquet", "cannot be read as a table"),
        ("rows.json", b'{"a": ', "cannot be read as a table"),
    ],
)
def test_a_broken_file_is_named(name: str, content: bytes, said: str, tmp_path: Path):
    with pytest.raises(ToolError, match=f"{name} {said}"):
        asked("select 1", text(tmp_path / name, content))


def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_not_unpacked(tmp_path: Path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b" " * 40_000_000)

    with pytest.raises(ToolError, match="as only a trap does"):
        asked("select * from bomb", path)


def test_a_title_that_would_be_a_formula_is_saved_as_text_and_what_does_nothing_stays_as_it_is(
    tmp_path: Path,
):
    content = '"=HYPERLINK(""http://x"")",phone\n-,+49 30 1\n--,"-1\u00a0000,5"\n+a1,"\t=1"\n'

    saved = asked("select * from t -- all", text(tmp_path / "t.csv", content), save="csv")

    assert (saved.count, saved.guarded) == (3, 3)
    assert sorted((saved.file or b"").decode().splitlines()) == sorted(
        ['"\'=HYPERLINK(""http://x"")",phone', "-,+49 30 1", '--,"-1\u00a0000,5"', "'+a1,'\t=1"]
    )


def test_text_of_any_kind_is_no_formula_to_whoever_opens_what_was_saved(tmp_path: Path):
    sql = "select a::enum('=1+1') a, union_value(t := b) b, '＝3' c, n from t"

    saved = asked(sql, text(tmp_path / "t.csv", "a,b,n\n=1+1,=2+2,-5\n"), save="csv")

    assert (saved.file or b"").decode() == "a,b,c,n\n'=1+1,'=2+2,'＝3,-5\n"


def test_whoever_saves_a_query_is_told_what_stands_behind_an_apostrophe(grounds: Grounds):
    path = put(grounds.granted, "n.csv", "n\n=1+1\n-5\n@x\n")

    result = run(desk_in(grounds), "query_data", sql="select n from n", files=[path], save_as="out.csv")

    assert "3 rows\nNote: 2 texts stand behind an apostrophe" in result.text


def test_a_query_that_is_saved_is_asked_once_and_its_count_is_that_of_the_file(tmp_path: Path):
    path = text(tmp_path / "t.csv", "n\n" + "".join(f"{number}\n" for number in range(2_000)))

    saved = asked("select n from t where random() < 0.5 -- some", path, save="csv")

    assert saved.count == len((saved.file or b"").splitlines()) - 1


def test_text_that_would_be_a_formula_is_saved_as_text(tmp_path: Path):
    book = workbook(tmp_path / "book.xlsx", {"s": [["who", "n"], ["'=cmd|x", 1], ["@sum", -2], ["fine", -3]]})

    saved = asked("select who, n from book order by n", book, save="csv")

    assert saved.count == 3
    assert saved.file == b"who,n\nfine,-3\n'@sum,-2\n'=cmd|x,1\n"


@settings(max_examples=laws.tried(40))
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(-(2**31), 2**31)), min_size=1, max_size=30))
def test_sums_and_counts_are_those_of_another_database(
    tmp_path_factory: pytest.TempPathFactory, found: list[tuple[str, int]]
):
    folder = tmp_path_factory.mktemp("law")
    os.chdir(folder)
    path = text(folder / "t.csv", "k,n\n" + "".join(f"{key},{number}\n" for key, number in found))
    other = sqlite3.connect(":memory:")
    other.execute("create table t (k text, n integer)")
    other.executemany("insert into t values (?, ?)", found)
    sql = "select k, count(*), sum(n), min(n), max(n) from t group by k order by k"

    assert rows(sql, path) == [[str(value) for value in row] for row in other.execute(sql)]


def test_the_answer_says_which_query_over_which_files_it_is_from(grounds: Grounds):
    path = put(grounds.granted, "sales 2026.csv", SALES)
    desk = desk_in(grounds)

    result = run(
        desk,
        "query_data",
        sql="select region,\n sum(amount) as total from sales_2026 group by 1 order by 1",
        files=[path],
    )

    assert result.text == (
        f"[{path} as sales_2026]\n"
        "Query: select region, sum(amount) as total from sales_2026 group by 1 order by 1\n\n"
        "| region | total |\n| --- | --- |\n| North | 10.5 |\n| South | 4.0 |"
    )
    assert result.receipt is None


def test_many_rows_are_cut_and_said_to_be(grounds: Grounds):
    path = put(grounds.granted, "n.csv", "n\n" + "".join(f"{number}\n" for number in range(1_000)))

    result = run(desk_in(grounds), "query_data", sql="select * from n order by n", files=[path])

    assert result.text.endswith(
        "| 199 |\n[the first 200 rows; there are more: narrow the query down, or use save_as]"
    )


def test_all_rows_are_saved_with_a_receipt(grounds: Grounds):
    path = put(grounds.granted, "n.csv", "n\n" + "".join(f"{number}\n" for number in range(1_000)))
    desk, target = desk_in(grounds), grounds.granted / "out" / "high.csv"

    result = run(
        desk, "query_data", sql="select n from n where n >= 10 order by n", files=[path], save_as=str(target)
    )

    assert result.text.endswith("990 rows")
    assert result.receipt is not None and result.receipt.where == str(target)
    assert target.read_text().splitlines()[:2] == ["n", "10"]


def test_a_query_reads_and_one_that_saves_also_creates(grounds: Grounds):
    path, desk = put(grounds.granted, "n.csv", "n\n1\n"), desk_in(grounds)
    tool = TOOLS["query_data"]

    reads = tool.accesses(desk, sql="select 1", files=[path])
    saves = tool.accesses(desk, sql="select 1", files=[path], save_as=f"{grounds.granted}/new.csv")

    assert [access.effect for access in reads] == [Effect.READ]
    assert [access.effect for access in saves] == [Effect.READ, Effect.CREATE]


def test_what_a_file_says_is_the_word_of_others(grounds: Grounds):
    path, desk = put(grounds.granted, "n.csv", "n\n1\n"), desk_in(grounds)

    (source,) = TOOLS["query_data"].comes_from(desk, sql="select 1", files=[path])

    assert not source.is_trusted and source.audience is Audience.WORKSPACE


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"files": []}, "Give from 1 to 20 files"),
        ({"files": ["notes.txt"]}, "no table that is read here"),
        ({"files": ["n.csv"], "save_as": "out.docx"}, "must end in .csv or .parquet"),
        ({"files": ["../outside/secret.txt"]}, "not inside|outside|granted"),
    ],
)
def test_what_cannot_be_asked_is_said(given: dict[str, object], said: str, grounds: Grounds):
    put(grounds.own, "n.csv", "n\n1\n")
    put(grounds.own, "notes.txt", "x")

    with pytest.raises(ToolError, match=said):
        run(desk_in(grounds), "query_data", sql="select 1", **given)


def test_a_file_beyond_two_gigabytes_is_refused_before_it_is_read(grounds: Grounds):
    path = grounds.granted / "huge.csv"
    with path.open("wb") as file:
        file.truncate(2_000_000_001)

    with pytest.raises(ToolError, match="2,000 MB; of its kind at most 2,000 MB are read"):
        run(desk_in(grounds), "query_data", sql="select 1", files=[str(path)])


def test_a_query_ends_when_it_is_stopped(grounds: Grounds):
    path, desk = put(grounds.granted, "n.csv", "n\n1\n"), desk_in(grounds)
    desk.halt.set()

    with pytest.raises(Halted):
        run(desk, "query_data", sql="select count(*) from range(1000000000000)", files=[path])


def test_one_that_takes_too_much_memory_is_told_so(grounds: Grounds):
    path = put(grounds.granted, "n.csv", "n\n1\n")

    with pytest.raises(ToolError, match="more memory than a query may have"):
        run(desk_in(grounds), "query_data", sql="select range(1000000000)", files=[path])


def test_rows_that_are_too_short_end_in_nothing(tmp_path: Path):
    lines = "".join(f"{number},x,y\n" for number in range(30_000))
    path = text(tmp_path / "t.csv", f"a,b,c\n{lines}7\n8,z\n")

    assert rows("select count(*), count(b), count(c) from t", path) == [["30002", "30001", "30000"]]
