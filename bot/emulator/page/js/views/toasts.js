// Short notices at the edge of the page: warnings of the local Slack and errors of one's own acts.

import { el } from "../dom.js";
import { icon, iconButton } from "../icons.js";

const STAYS = 9000;
const MOST = 3;

const TITLES = {
  unknown_method: "Unknown method",
  rejected_blocks: "Slack would reject these blocks",
  rejected_view: "Slack would reject this view",
  missing_scope: "A scope is missing",
  not_subscribed: "Not subscribed to this event",
  operation_timeout: "The app did not answer in time",
  dispatch_failed: "The app answered with an error",
  app_not_connected: "The app is not connected",
  rate_limited: "Rate limited",
  bad_arguments: "Bad arguments",
};

export class Toasts {
  constructor() {
    this.host = el("section", { class: "toasts", "aria-label": "Notices", "aria-live": "polite", popover: "manual" });
    document.body.append(this.host);
  }

  /** Show a notice; kinds are "info", "warning", "error". */
  show({ kind = "info", title, words = "", detail = [], act = null }) {
    const key = JSON.stringify([title, words]);
    if ([...this.host.children].some((shown) => shown.dataset.key === key)) return;
    const drawing = { info: "info", warning: "warn", error: "cross" }[kind];
    const close = () => toast.remove();
    const toast = el(
      "div",
      { class: `toast toast-${kind}`, dataset: { key }, role: kind === "error" ? "alert" : "status" },
      icon(drawing),
      el(
        "div",
        { class: "toast-body" },
        title && el("strong", {}, title),
        words && el("div", {}, words),
        detail.length > 0 && el("ul", {}, detail.slice(0, 2).map((line) => el("li", {}, line))),
        act && el("button", { type: "button", class: "button button-small", onClick: act.press }, act.words),
      ),
      iconButton("close", "Dismiss", close),
    );
    this.host.append(toast);
    while (this.host.children.length > MOST) this.host.firstElementChild.remove();
    this.raise();
    setTimeout(close, kind === "info" ? STAYS / 2 : STAYS);
  }

  /** The error of something the person just did. */
  refused(problem) {
    this.show({ kind: "error", title: TITLES[problem.code] ?? null, words: problem.message });
  }

  /** A `warning` of the stream. */
  warn(news, openInspector) {
    const title = [TITLES[news.kind] ?? news.kind, news.method].filter(Boolean).join(" · ");
    this.show(
      {
        kind: "warning",
        title,
        words: news.message ?? "",
        detail: news.detail ?? [],
        act: { words: "Inspect", press: openInspector },
      },
    );
  }

  /** Bring the notices above an open dialog. */
  raise() {
    if (!this.host.showPopover) return;
    if (this.host.matches(":popover-open")) this.host.hidePopover();
    this.host.showPopover();
  }
}
