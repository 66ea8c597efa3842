// Tables of raw or rich cells; the first row is the head.

import { el } from "../dom.js";
import { richParts } from "./rich_text.js";

export function table(block, surface) {
  const [head = [], ...rows] = block.rows ?? [];
  const columns = block.column_settings ?? [];
  const row = (cells, tag) => el(
    "tr",
    {},
    cells.map((value, column) => cell(value, columns[column], tag, surface.names)),
  );
  const node = el(
    "table",
    {},
    el("thead", {}, row(head, "th")),
    el("tbody", {}, rows.map((cells) => row(cells, "td"))),
  );
  return el("div", { class: "table-scroll", tabindex: "0", role: "group", "aria-label": "Table" }, node);
}

function cell(value, settings, tag, names) {
  const align = settings?.align ?? (value?.type === "raw_number" ? "right" : "left");
  const classes = `align-${align}${settings?.is_wrapped === false ? " unwrapped" : ""}`;
  return el(tag, { class: classes, scope: tag === "th" ? "col" : null }, content(value, names));
}

function content(value, names) {
  switch (value?.type) {
    case "rich_text":
      return richParts(value, names);
    case "raw_number":
      return [String(value.text ?? value.value ?? value.number ?? "")];
    default:
      return [String(value?.text ?? "")];
  }
}
