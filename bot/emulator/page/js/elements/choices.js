// Checkboxes and radio buttons.

import { el, freshId } from "../dom.js";
import { textObject } from "../text/objects.js";
import { changed, startingValue } from "./gesture.js";

export function checkboxes(part, at) {
  const start = startingValue(part, at, { selected_options: part.initial_options ?? [] }).selected_options ?? [];
  const chosen = new Set(start.map((option) => option.value));
  const node = group(at, "group");
  for (const option of part.options ?? []) {
    node.append(choice(option, at, { type: "checkbox", checked: chosen.has(option.value) }, (on) => {
      if (on) chosen.add(option.value);
      else chosen.delete(option.value);
      changed(part, at, node, { selected_options: part.options.filter((each) => chosen.has(each.value)) });
    }));
  }
  return node;
}

export function radioButtons(part, at) {
  const start = startingValue(part, at, { selected_option: part.initial_option ?? null }).selected_option;
  const node = group(at, "radiogroup");
  const name = freshId("radio");
  for (const option of part.options ?? []) {
    const settings = { type: "radio", name, checked: start?.value === option.value };
    node.append(choice(option, at, settings, () => changed(part, at, node, { selected_option: option })));
  }
  return node;
}

function group(at, role) {
  const named = at.labelledBy ? { "aria-labelledby": at.labelledBy } : { "aria-label": at.label || null };
  return el("div", { class: "choices", role, ...named, "aria-describedby": at.describedBy ?? null });
}

function choice(option, at, settings, onChange) {
  const input = el("input", { ...settings, onChange: () => onChange(input.checked), dataset: { control: "yes" } });
  const described = option.description && el(
    "span",
    { class: "choice-description" },
    textObject(option.description, at.surface.names),
  );
  return el(
    "label",
    { class: "choice" },
    input,
    el("span", {}, el("span", {}, textObject(option.text, at.surface.names)), described),
  );
}
