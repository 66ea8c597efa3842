"""An onboarding guide for a code folder: every fact with the file it came from."""

from __future__ import annotations

from pathlib import Path

from tests.rehearsal.goals_office import calls_of, office, tree

CODE = {
    "README.md": "# Payments\n\n![badge](x)\n\nTakes card payments and books them in the ledger.\n\n"
    "## Getting started\n\n```sh\n$ uv sync\ncp .env.example .env\nuv run pytest\n```\n\n"
    "## Troubleshooting\n\n- Port 8000 in use: stop it.\n",
    "pyproject.toml": '[project]\nname = "payments"\nrequires-python = ">=3.11"\n'
    '[project.scripts]\npay = "payments.cli:app"\n'
    "[tool.ruff]\nline-length = 100\n[tool.mypy]\nstrict = true\n"
    '[tool.pytest.ini_options]\ntestpaths = ["tests"]\n',
    "Makefile": ".PHONY: run\nrun: ## Start the server\n\tuvicorn\nlint:\n\truff check\nlogs:\n\ttail -f log\nX := 3\n",
    "Dockerfile": 'FROM python:3.11\nEXPOSE 8000\nCMD ["uvicorn"]\n',
    "docker-compose.yml": "services:\n  web:\n    build: .\n  db:\n    image: postgres\n",
    "web/package.json": '{"scripts": {"dev": "vite", "test": "vitest"}, "engines": {"node": ">=20"}, '
    '"devDependencies": {"eslint": "9"}}',
    "src/payments/main.py": "import logging\nfrom fastapi import FastAPI\nlogging.basicConfig()\n"
    'level = os.getenv("LOG_LEVEL")\napp = FastAPI()\n',
    "src/payments/card_reader.py": "",
    "src/payments/ledger_book.py": "",
    "src/payments/bank_file.py": "",
    "tests/test_cards.py": "",
    "scripts/seed_db.sh": "",
    "docs/intro.md": "",
    "node_modules/left-pad/index.js": "",
    ".github/workflows/ci.yml": "jobs:\n  t:\n    steps:\n      - run: uv run pytest\n"
    "      - run: |\n          make lint\n",
    ".pre-commit-config.yaml": "repos:\n- repo: x\n  hooks:\n  - id: ruff\n",
    ".env.example": "DATABASE_URL=x\nexport CARD_KEY=y\n",
}
GUIDE = """\
# Onboarding guide: payments

Takes card payments and books them in the ledger. (from `README.md`)

## Languages

Python (5 files), Shell (1 file), of 13 files in all.

## Structure

```
payments/
├── docker-compose.yml
├── Dockerfile
├── docs/  # documentation, 1 file
├── Makefile
├── pyproject.toml
├── README.md
├── scripts/  # scripts for daily work, 1 file
├── src/  # source code, 4 files
│   ├── payments/  # 4 files
├── tests/  # tests, 1 file
├── web/  # the user interface, 1 file
```

## Set-up

- `uv sync`: under “Getting started” (from `README.md`)
- `cp .env.example .env`: under “Getting started” (from `README.md`)
- `docker build .`: a container on `python:3.11` (from `Dockerfile`)
- Python >=3.11 (from `pyproject.toml`)
- Node >=20 (from `web/package.json`)
- set these in the environment: `DATABASE_URL`, `CARD_KEY` (from `.env.example`)

## Running it

- `make run`: Start the server (from `Makefile`)
- `docker compose up`: starts `web`, `db` (from `docker-compose.yml`)
- `npm run dev`: runs `vite` (from `web/package.json`)

## Entry points

- the container's CMD is `["uvicorn"]` (from `Dockerfile`)
- the command `pay` calls `payments.cli:app` (from `pyproject.toml`)
- `src/payments/main.py` makes the FastAPI application (from `src/payments/main.py`)

## Tests

- `uv run pytest`: under “Getting started” (from `README.md`)
- `pytest`: pytest, tests in tests (from `pyproject.toml`)
- `npm test`: runs `vitest` (from `web/package.json`)
- 1 test file in tests/ (1) (from `tests/test_cards.py`)

## Patterns and conventions found

- `make lint`: the target `lint` (from `Makefile`)
- Ruff checks the code, lines up to 100 (from `pyproject.toml`)
- mypy checks types, strict (from `pyproject.toml`)
- ESLint checks the code (from `web/package.json`)
- `pre-commit install`: hooks before each commit: ruff (from `.pre-commit-config.yaml`)
- Python files are named in snake_case (4 of 4 names of several words) (from `src/payments/bank_file.py`)

## Debugging tips

- Port 8000 in use: stop it. (from `README.md`)
- the container listens on port 8000 (from `Dockerfile`)
- `make logs`: the target `logs` (from `Makefile`)
- `docker compose logs web`: shows what a service says (from `docker-compose.yml`)
- logging is set up or used in `src/payments/main.py` (from `src/payments/main.py`)
- the environment variable `LOG_LEVEL` changes how much is logged (from `src/payments/main.py`)
- `uv run pytest`: CI runs this: run it yourself when CI fails (from `.github/workflows/ci.yml`)
- `make lint`: CI runs this: run it yourself when CI fails (from `.github/workflows/ci.yml`)
- the script `scripts/seed_db.sh` (from `scripts/seed_db.sh`)

*Written by fixed rules from 10 files; every line names the file it came from.*
"""


def test_a_guide_tells_what_the_files_tell_and_is_delivered(tmp_path: Path) -> None:
    desk = office(tmp_path, payments=CODE)
    final = desk.goal(
        "Generate a developer onboarding guide for the payments code folder that covers: project structure, set-up "
        "instructions, key patterns and conventions, common debugging tips"
    )
    assert desk.delivered == [("Onboarding guide: payments", GUIDE)]
    assert (desk.own / "ONBOARDING.md").read_text() == GUIDE
    assert tree(tmp_path / "payments") == sorted(CODE)
    assert final == "\n".join(
        [
            "Done: the onboarding guide for `payments` is `ONBOARDING.md`.",
            "- 13 files, mostly Python, Shell; I read 10 files for it.",
            "- Found: 6 set-up facts, 3 entry points, 4 facts on tests, 6 conventions, 9 debugging tips. "
            "Each names the file it came from.",
        ]
    )
    assert {step["status"] for step in desk.plans[-1]} == {"completed"}


def test_a_guide_goes_into_the_code_folder_only_where_the_goal_says(tmp_path: Path) -> None:
    desk = office(tmp_path, payments=CODE)
    desk.goal("Write an onboarding guide for the payments folder and save it as docs/onboarding.md")
    assert [call["path"] for call in calls_of(desk.turns, "write_file")] == [
        str(tmp_path / "payments/docs/onboarding.md")
    ]
    desk.say("Write an onboarding guide for the payments folder, named START.md, in the repository root")
    assert calls_of(desk.turns, "write_file")[-1]["path"] == str(tmp_path / "payments/START.md")


def test_a_read_only_code_folder_gets_its_guide_in_the_thread(tmp_path: Path) -> None:
    desk = office(tmp_path, payments=CODE)
    desk.grants = [(tmp_path / "payments", "ro")]
    desk.goal("Write an onboarding guide for payments and save it as docs/onboarding.md")
    assert (desk.own / "onboarding.md").read_text() == GUIDE


def test_what_was_not_found_is_said(tmp_path: Path) -> None:
    desk = office(tmp_path, tiny={"lib.rb": "puts 1"})
    final = desk.goal("onboarding guide for the tiny folder")
    assert final.endswith("- Nothing was found on: setup, entry, test, convention.")


def test_a_folder_without_code_gets_no_guide(tmp_path: Path) -> None:
    desk = office(tmp_path, letters={"a.docx": "x"})
    final = desk.goal("Write an onboarding guide for the letters folder")
    assert (
        final
        == f"`{tmp_path / 'letters'}` holds no source code that I know by its file endings, so I write no guide."
    )
    assert desk.delivered == []
