"""What the rehearsal model says of itself: what it is, what it can do, how to get a real one."""

from __future__ import annotations

INTRODUCTION = (
    "I am the rehearsal model: not an AI. I work by fixed rules on your real files, so that you can try Cowork "
    "without an account. For a real model, set `ANTHROPIC_API_KEY` and start Cowork again."
)

EXPLANATION = "\n".join(
    (
        "That goal is beyond my fixed rules, and nothing was done. What I can do:",
        "- *Organise a folder*: “Organize the reports folder. Group by department, name the files "
        "YYYY-MM_Department_Type.pdf, and create an index.”",
        "- *Digest meeting notes*: “Process the meeting notes in the notes folder: decisions, action items with "
        "assignees, open questions, follow-ups.”",
        "- *Write an onboarding guide*: “Write an onboarding guide for the payments-service code folder.”",
        "- *Profile a data file*: “Profile the sales.csv file: types, ranges, gaps, outliers, three charts, a report.”",
        "- *Summarise open issues* (once GitHub is connected): “Prepare a summary of all open issues in acme/payments, "
        "grouped by severity, with suggested priorities for the next sprint.”",
        "- *Review a database schema* (once one is connected: `cowork connectors --help`): “Review the schema of the "
        "shop database: missing keys and indexes, columns without constraints, normalisation, and a plan.”",
        "",
        "For anything else, set `ANTHROPIC_API_KEY` to a key of the Anthropic API and start Cowork again.",
    )
)

REVISION = (
    "What I made I cannot revise by words: that is beyond my fixed rules, and nothing was changed. A goal said again "
    "in this thread makes its file anew, from the files as they are now, and another way if you say so: “Profile the "
    "sales.csv file as a PDF”, “… as a web page”. For anything else, set `ANTHROPIC_API_KEY` to a key of the Anthropic "
    "API and start Cowork again."
)

NO_WORD = "I am the rehearsal model: not an AI, and of no use to a server that asks for a word of one."

UNDO = (
    "I cannot take back what was done by words: press `Undo` under the report, and the folder is as it was. "
    "What somebody changed since is left, and said."
)
