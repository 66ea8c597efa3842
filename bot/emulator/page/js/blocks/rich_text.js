// Rich text: sections, lists, quotes and preformatted parts with styled runs.

import { el } from "../dom.js";
import { emoji } from "../text/emoji.js";
import { link } from "../text/links.js";
import { broadcastMention, channelMention, groupMention, personMention } from "../text/mentions.js";
import { clock, dateToken } from "../text/times.js";

const PARTS = {
  rich_text_section: section,
  rich_text_list: list,
  rich_text_quote: quote,
  rich_text_preformatted: preformatted,
};
const WRAPS = [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"], ["underline", "u"]];

export function richText(block, surface) {
  return el("div", { class: "rich-text" }, richParts(block, surface.names));
}

/** The parts of a rich_text object, also where it is a value: task details, table cells, titles. */
export function richParts(block, names) {
  const nodes = [];
  for (const part of block?.elements ?? []) {
    const draw = PARTS[part.type];
    if (!draw) nodes.push(el("span", { class: "rejected" }, `Slack would reject this: ${part.type}`));
    else nodes.push(draw(part, names));
  }
  return nodes;
}

function section(part, names) {
  return el("div", { class: "rich-section" }, runs(part.elements, names));
}

function list(part, names) {
  const tag = part.style === "ordered" ? "ol" : "ul";
  const indent = Math.min(part.indent ?? 0, 8);
  const items = (part.elements ?? []).map(
    (item) => el(
      "li",
      {},
      item.type === "rich_text_section" ? runs(item.elements, names) : richParts({ elements: [item] }, names),
    ),
  );
  return el(
    tag,
    {
      class: `rich-list indent-${indent}${part.border ? " bordered" : ""}`,
      start: part.offset ? part.offset + 1 : null,
    },
    items,
  );
}

function quote(part, names) {
  return el("blockquote", {}, runs(part.elements, names));
}

function preformatted(part, names) {
  return el("pre", { class: "fence" }, el("code", {}, runs(part.elements, names)));
}

function runs(elements, names) {
  return (elements ?? []).flatMap((run) => styled(run, content(run, names)));
}

function content(run, names) {
  switch (run.type) {
    case "text":
      return broken(run.text ?? "");
    case "link":
      return [link(run.url ?? "", ...(run.text ? [run.text] : []))];
    case "emoji":
      return [emoji(run.name ?? "")];
    case "user":
      return [personMention(names, run.user_id)];
    case "channel":
      return [channelMention(names, run.channel_id)];
    case "usergroup":
      return [groupMention(run.usergroup_id)];
    case "broadcast":
      return [broadcastMention(run.range)];
    case "color":
      return [
        el(
          "span",
          { class: "swatch", style: { "--swatch": /^#[0-9a-f]{3,8}$/i.test(run.value) ? run.value : "transparent" } },
        ),
        run.value,
      ];
    case "date":
      return [dateToken(run.timestamp, run.format) ?? run.fallback ?? clock(new Date(run.timestamp * 1000))];
    default:
      return [el("span", { class: "rejected" }, `Slack would reject this: ${run.type}`)];
  }
}

function styled(run, nodes) {
  let inner = nodes;
  for (const [style, tag] of WRAPS) {
    if (run.style?.[style]) inner = [el(tag, { class: tag === "code" ? "code" : null }, inner)];
  }
  return inner;
}

function broken(text) {
  return text.split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line]));
}
