// Framed blocks: alerts, cards, carousels, containers, files and videos.

import { el, freshId } from "../dom.js";
import { element } from "../elements/element.js";
import { icon } from "../icons.js";
import { link, picture } from "../text/links.js";
import { plainWords, textObject } from "../text/objects.js";
import { fileCard } from "./files.js";
import { richParts } from "./rich_text.js";

const ALERT_DRAWINGS = { default: "info", info: "info", warning: "warn", error: "cross", success: "done" };

export function alert(block, surface) {
  const level = ALERT_DRAWINGS[block.level] ? block.level : "default";
  const role = level === "error" || level === "warning" ? "alert" : "status";
  return el(
    "div",
    { class: `block-alert alert-${level}`, role },
    icon(ALERT_DRAWINGS[level]),
    el("div", {}, textObject(block.text, surface.names)),
  );
}

export function card(block, surface) {
  const hero = block.hero_image && picture(
    block.hero_image.image_url,
    block.hero_image.alt_text,
    { class: "card-hero" },
  );
  const mark = block.icon && picture(block.icon.image_url, block.icon.alt_text, { class: "card-icon" });
  const titles = el(
    "div",
    { class: "card-titles" },
    block.title && el("div", { class: "card-title" }, textObject(block.title, surface.names)),
    block.subtitle && el("div", { class: "card-subtitle" }, textObject(block.subtitle, surface.names)),
  );
  const body = block.body && el("div", { class: "card-body" }, textObject(block.body, surface.names));
  const buttons = block.actions?.length && el(
    "div",
    { class: "block-actions" },
    block.actions.map((part) => element(part, { surface, block })),
  );
  return el(
    "article",
    { class: "block-card", "aria-label": plainWords(block.title) || "Card" },
    hero,
    el("div", { class: "card-head" }, mark, titles),
    body,
    buttons,
  );
}

export function carousel(block, surface) {
  const cards = (block.elements ?? []).map((part) => el("li", {}, surface.drawBlock(part, surface)));
  return el("ul", { class: "block-carousel", tabindex: "0", "aria-label": "Cards" }, cards);
}

export function container(block, surface) {
  const title = block.rich_text_title
    ? richParts(block.rich_text_title, surface.names)
    : textObject(block.title, surface.names);
  const mark = block.icon && picture(block.icon.image_url, block.icon.alt_text, { class: "card-icon" });
  const subtitle = block.subtitle && el(
    "span",
    { class: "card-subtitle" },
    textObject(block.subtitle, surface.names),
  );
  const heads = el("span", { class: "card-titles" }, el("span", { class: "card-title" }, title), subtitle);
  const body = el(
    "div",
    { class: "container-body", id: freshId("container") },
    (block.child_blocks ?? []).map((child) => surface.drawBlock(child, surface)),
  );
  const look = `block-container width-${block.width ?? "standard"}${block.has_header_divider ? " with-divider" : ""}`;
  if (!block.is_collapsible) return el(
    "section",
    { class: look },
    el("div", { class: "container-head" }, mark, heads),
    body,
  );
  return el("section", { class: look }, fold(block, mark, heads, body), body);
}

export function fileBlock(block, surface) {
  const file = surface.file?.(block.external_id);
  return file
    ? fileCard(file, surface)
    : el("div", { class: "file-card" }, icon("file", 24), el("span", {}, block.external_id));
}

export function video(block, surface) {
  const title = textObject(block.title, surface.names);
  const words = plainWords(block.title) || "Video";
  return el(
    "figure",
    { class: "block-video" },
    el(
      "figcaption",
      {},
      block.title_url ? link(block.title_url, ...title) : title,
      block.author_name && el("span", { class: "card-subtitle" }, ` ${block.author_name}`),
    ),
    block.description && el("div", { class: "card-body" }, textObject(block.description, surface.names)),
    picture(block.thumbnail_url, block.alt_text ?? words),
    el("div", {}, link(block.video_url ?? "", "Watch the video")),
  );
}

/** A service to connect: what the account is, and a link to connect or disconnect it. */
export function authProvider(block, surface) {
  const state = block.is_connected
    ? textObject(block.connected_identity ?? "Connected", surface.names)
    : textObject(block.description, surface.names);
  const address = block.is_connected ? block.disconnect_url : block.auth_url;
  return el(
    "div",
    { class: "block-card auth-provider" },
    block.icon_url && picture(block.icon_url, "", { class: "card-icon" }),
    el(
      "div",
      { class: "card-titles" },
      el("div", { class: "card-title" }, textObject(block.name, surface.names)),
      el("div", { class: "card-subtitle" }, state),
    ),
    address && link(address, block.is_connected ? "Disconnect" : "Connect"),
  );
}

function fold(block, mark, heads, body) {
  const open = !block.default_collapsed;
  body.hidden = !open;
  const button = el(
    "button",
    { type: "button", class: "container-head", "aria-expanded": String(open), "aria-controls": body.id },
    mark,
    heads,
    icon("chevron"),
  );
  button.addEventListener("click", () => {
    body.hidden = !body.hidden;
    button.setAttribute("aria-expanded", String(!body.hidden));
  });
  return button;
}
