// Inputs in which a person writes.

import { el } from "../dom.js";
import { plainWords } from "../text/objects.js";
import { changed, gesture, remember, startingValue } from "./gesture.js";

export function plainTextInput(part, at) {
  const limits = { minlength: part.min_length ?? null, maxlength: part.max_length ?? null };
  if (!part.multiline) return written(part, at, el("input", { type: "text", class: "text-input", ...limits }));
  return written(part, at, el("textarea", { class: "text-input", rows: 4, ...limits }));
}

export function emailInput(part, at) {
  return written(part, at, el("input", { type: "email", class: "text-input", autocomplete: "off" }));
}

export function urlInput(part, at) {
  return written(part, at, el("input", { type: "url", class: "text-input", autocomplete: "off" }));
}

export function numberInput(part, at) {
  const step = part.is_decimal_allowed ? "any" : "1";
  return written(
    part,
    at,
    el(
      "input",
      { type: "number", class: "text-input", step, min: part.min_value ?? null, max: part.max_value ?? null },
    ),
  );
}

/** Rich text is written as plain words; the local Slack makes rich text of them. */
export function richTextInput(part, at) {
  const node = el("textarea", { class: "text-input", rows: part.min_lines ?? 4 });
  return written({ ...part, initial_value: wordsOf(part.initial_value) }, at, node);
}

function written(part, at, node) {
  const initial = part.initial_value === undefined || part.initial_value === "" ? null : part.initial_value;
  const start = startingValue(part, at, { value: initial === null ? null : String(initial) }).value;
  if (start !== null && start !== undefined) node.value = start;
  dress(node, part, at);
  const when = part.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const value = () => ({ value: node.value === "" ? null : node.value });
  node.addEventListener("input", () => {
    remember(part, at, node, value());
    clearMark(node);
    counter?.refresh();
    if (at.dispatches && when.includes("on_character_entered")) gesture(part, at, node, value());
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !at.dispatches || !when.includes("on_enter_pressed")) return;
    if (node.tagName === "TEXTAREA" && event.shiftKey) return;
    event.preventDefault();
    changed(part, at, node, value());
  });
  const counter = part.max_length ? countdown(node, part.max_length) : null;
  return counter ? el("div", { class: "counted" }, node, counter.node) : node;
}

function dress(node, part, at) {
  if (at.id) node.id = at.id;
  else node.setAttribute("aria-label", at.label || plainWords(part.placeholder) || "Text");
  if (at.describedBy) node.setAttribute("aria-describedby", at.describedBy);
  if (at.required) node.setAttribute("aria-required", "true");
  const placeholder = plainWords(part.placeholder);
  if (placeholder) node.setAttribute("placeholder", placeholder);
  node.dataset.control = "yes";
  node.dataset.actionId = part.action_id ?? "";
}

function clearMark(node) {
  const field = node.closest(".block-input.has-error");
  field?.classList.remove("has-error");
  if (field) field.querySelector(".input-error").textContent = "";
}

function countdown(node, limit) {
  const shown = el("span", { class: "countdown", "aria-hidden": "true" });
  const refresh = () => {
    const left = limit - node.value.length;
    shown.textContent = left < Math.max(20, limit / 10) ? String(left) : "";
  };
  refresh();
  return { node: shown, refresh };
}

function wordsOf(rich) {
  if (!rich || typeof rich === "string") return rich;
  const runs = (rich.elements ?? []).map((part) => (part.elements ?? []).map((run) => run.text ?? "").join(""));
  return runs.join("\n");
}
