// The everyday blocks: text, pictures, rows of elements and inputs.

import { el, freshId } from "../dom.js";
import { element } from "../elements/element.js";
import { picture } from "../text/links.js";
import { markdown } from "../text/markdown.js";
import { plainWords, textObject } from "../text/objects.js";

const GROUPS = new Set(["checkboxes", "radio_buttons", "file_input"]);

export function header(block, surface) {
  return el("h3", { class: "block-header" }, textObject(block.text, surface.names));
}

export function divider() {
  return el("hr", { class: "block-divider" });
}

export function section(block, surface) {
  const body = el("div", { class: "section-body" });
  if (block.text) body.append(el("div", { class: "section-text" }, textObject(block.text, surface.names)));
  if (block.fields?.length) {
    const fields = block.fields.map((field) => el("div", { class: "field" }, textObject(field, surface.names)));
    body.append(el("div", { class: "fields" }, fields));
  }
  const accessory = block.accessory && el(
    "div",
    { class: "section-accessory" },
    element(block.accessory, { surface, block, label: sectionLabel(block) }),
  );
  return el("div", { class: "block-section" }, body, accessory);
}

export function context(block, surface) {
  const parts = (block.elements ?? []).map((part) => {
    if (part.type === "image") return picture(
      part.image_url ?? surface.file?.(part.slack_file?.id)?.url,
      part.alt_text,
      { class: "context-image" },
    );
    return el("span", { class: "context-text" }, textObject(part, surface.names));
  });
  return el("div", { class: "block-context" }, parts);
}

export function actions(block, surface) {
  const shown = (block.elements ?? []).map((part) => element(part, { surface, block }));
  return el("div", { class: "block-actions" }, shown);
}

export function contextActions(block, surface) {
  const shown = (block.elements ?? []).map((part) => element(part, { surface, block }));
  return el("div", { class: "block-context-actions" }, shown);
}

export function image(block, surface) {
  const address = block.image_url ?? surface.file?.(block.slack_file?.id)?.url ?? block.slack_file?.url;
  const title = block.title && el("figcaption", {}, textObject(block.title, surface.names));
  return el("figure", { class: "block-image" }, title, picture(address, block.alt_text));
}

export function markdownBlock(block, surface) {
  return el("div", { class: "markdown" }, markdown(block.text, surface.names));
}

/** Bring Markdown up to date: a growing text keeps the parts that are already there. */
export function refreshMarkdown(node, block, surface) {
  const parts = markdown(block.text, surface.names);
  parts.forEach((part, index) => {
    const shown = node.childNodes[index];
    if (!shown) node.append(part);
    else if (!shown.isEqualNode(part)) shown.replaceWith(part);
  });
  while (node.childNodes.length > parts.length) node.lastChild.remove();
}

/** A labelled input; the place for its error stands under it from the start. */
export function input(block, surface) {
  const ids = {
    label: freshId("label"),
    hint: freshId("hint"),
    error: freshId("error"),
    control: freshId("control"),
  };
  const grouped = GROUPS.has(block.element?.type);
  const words = [
    textObject(block.label, surface.names),
    block.optional && el("span", { class: "optional" }, " (optional)"),
  ];
  const label = grouped
    ? el("div", { class: "input-label", id: ids.label }, words)
    : el("label", { class: "input-label", id: ids.label, for: ids.control }, words);
  const control = element(block.element, {
    surface,
    block,
    id: ids.control,
    label: plainWords(block.label),
    labelledBy: ids.label,
    describedBy: `${ids.hint} ${ids.error}`,
    required: !block.optional,
    dispatches: Boolean(block.dispatch_action),
  });
  const hint = el("div", { class: "input-hint", id: ids.hint }, textObject(block.hint, surface.names));
  return el(
    "div",
    { class: "block-input" },
    label,
    control,
    el("div", { class: "input-error", id: ids.error, role: "alert" }),
    hint,
  );
}

function sectionLabel(block) {
  return plainWords(block.text).replace(/[*_~`]/g, "").slice(0, 80);
}
