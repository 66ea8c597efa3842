// Dates and times, by the browser's own pickers.

import { el } from "../dom.js";
import { plainWords } from "../text/objects.js";
import { changed, startingValue } from "./gesture.js";

export function datePicker(part, at) {
  const start = startingValue(part, at, { selected_date: part.initial_date ?? null }).selected_date;
  return picker(part, at, "date", start, (value) => ({ selected_date: value || null }));
}

export function timePicker(part, at) {
  const start = startingValue(part, at, { selected_time: part.initial_time ?? null }).selected_time;
  return picker(part, at, "time", start, (value) => ({ selected_time: value || null }));
}

export function dateTimePicker(part, at) {
  const start = startingValue(part, at, { selected_date_time: part.initial_date_time ?? null }).selected_date_time;
  return picker(
    part,
    at,
    "datetime-local",
    start ? localMinute(start) : "",
    (value) => ({ selected_date_time: value ? Math.floor(new Date(value) / 1000) : null }),
  );
}

function picker(part, at, type, start, read) {
  const words = at.label || plainWords(part.placeholder) || "Date";
  const node = el("input", {
    type,
    class: "text-input date-input",
    id: at.id ?? null,
    value: start ?? "",
    "aria-label": at.id ? null : words,
    "aria-describedby": at.describedBy ?? null,
    onChange: () => changed(part, at, node, read(node.value)),
  });
  return node;
}

function localMinute(seconds) {
  const date = new Date(seconds * 1000);
  return new Date(date - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}
