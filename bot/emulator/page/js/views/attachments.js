// The older "attachments" of a message: a coloured bar with text or blocks.

import { showBlocks } from "../blocks/render.js";
import { el } from "../dom.js";
import { link } from "../text/links.js";
import { mrkdwn } from "../text/mrkdwn.js";

const NAMED = { good: "#2eb67d", warning: "#ecb22e", danger: "#e01e5a" };

export function attachments(list, surface) {
  return list.map((one) => attachment(one, surface));
}

function attachment(one, surface) {
  const hex = /^#?([0-9a-f]{6})$/i.exec(one.color ?? "")?.[1];
  const colour = NAMED[one.color] ?? (hex ? `#${hex}` : "var(--line-strong)");
  const title = one.title && el(
    "div",
    { class: "attachment-title" },
    one.title_link ? link(one.title_link, one.title) : one.title,
  );
  const text = one.text && el("div", {}, mrkdwn(one.text, surface.names));
  const blocks = one.blocks?.length ? showBlocks(el("div", { class: "blocks" }), one.blocks, surface) : null;
  const fallback = !title && !text && !blocks ? one.fallback : null;
  return el(
    "div",
    { class: "attachment", style: { "--edge": colour } },
    one.pretext && el("div", {}, mrkdwn(one.pretext, surface.names)),
    title,
    text,
    blocks,
    fallback,
    one.footer && el("div", { class: "quiet" }, one.footer),
  );
}
