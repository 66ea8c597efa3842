// The start of the page.

import { el } from "./dom.js";
import { Page } from "./page.js";
import { startTheme } from "./theme.js";

startTheme();

async function start() {
  const page = new Page();
  try {
    document.getElementById("app").replaceChildren(page.node);
    await page.start();
  } catch (problem) {
    const again = el(
      "button",
      { type: "button", class: "button button-primary", onClick: () => window.location.assign("/") },
      "Try again",
    );
    document.getElementById("app").replaceChildren(
      el(
        "div",
        { class: "start-problem", role: "alert" },
        el("h1", {}, "The local Slack did not answer"),
        el("p", {}, problem.message),
        again,
      ),
    );
  }
}

start();
