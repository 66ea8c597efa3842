// Buttons: plain, primary, danger, links, icons and feedback.

import { el } from "../dom.js";
import { icon } from "../icons.js";
import { safeAddress } from "../text/links.js";
import { plainWords, textObject } from "../text/objects.js";
import { gesture } from "./gesture.js";

const ICONS = { trash: "trash" };

export function button(part, at) {
  const style = part.style === "primary" || part.style === "danger" ? ` button-${part.style}` : "";
  const attributes = { class: `button${style}`, "aria-label": part.accessibility_label || null };
  const address = part.url ? safeAddress(part.url) : null;
  return pressable(part, at, { ...attributes, "data-link": address }, textObject(part.text, at.surface.names), () => {
    if (address) window.open(address, "_blank", "noopener,noreferrer");
  });
}

export function workflowButton(part, at) {
  return button(part, at);
}

export function iconElement(part, at) {
  const words = plainWords(part.text);
  return pressable(
    part,
    at,
    { class: "icon-button", "aria-label": part.accessibility_label || words, title: words },
    [icon(ICONS[part.icon] ?? "more")],
  );
}

export function feedbackButtons(part, at) {
  const pair = [["positive_button", "up"], ["negative_button", "down"]].map(([name, drawing]) => {
    const choice = part[name] ?? {};
    const words = choice.accessibility_label || plainWords(choice.text);
    const one = el(
      "button",
      { type: "button", class: "icon-button feedback", "aria-label": words, title: words, "aria-pressed": "false" },
      icon(drawing),
    );
    one.addEventListener("click", () => press(one, async () => {
      const taken = await gesture(part, at, one, { value: choice.value });
      if (taken) for (const other of one.parentElement.children) other.setAttribute(
        "aria-pressed",
        String(other === one),
      );
    }));
    return one;
  });
  return el("span", { class: "feedback-pair", role: "group", "aria-label": "Feedback" }, pair);
}

function pressable(part, at, attributes, content, first = () => {}) {
  const node = el("button", { type: "button", ...attributes }, el("span", { class: "button-words" }, content));
  node.addEventListener("click", () => {
    first();
    return press(node, () => gesture(part, at, node, part.value === undefined ? {} : { value: part.value }));
  });
  return node;
}

/** While the app has not answered, the button is busy and cannot be pressed again. */
async function press(node, act) {
  if (node.getAttribute("aria-busy") === "true") return;
  node.setAttribute("aria-busy", "true");
  try {
    await act();
  } finally {
    node.removeAttribute("aria-busy");
  }
}
