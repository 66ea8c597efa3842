// Slack's own markup, from text to nodes.

import { el } from "../dom.js";
import { emoji, emojiFor } from "./emoji.js";
import { link } from "./links.js";
import { broadcastMention, channelMention, groupMention, personMention } from "./mentions.js";
import { dateToken } from "./times.js";

const STYLES = { "*": "strong", _: "em", "~": "s" };
const EMOJI_NAME = /:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/iy;
const BARE_ADDRESS = /https?:\/\/[^\s<>|]+[^\s<>|.,:;!?)\]}'"*_~`]/iy;
const QUOTE = /^(?:>|&gt;) ?/;

/** Nodes for a whole mrkdwn text: fences and quotes as blocks, the rest line by line. */
export function mrkdwn(text, names) {
  return String(text ?? "").split(/(```[\s\S]*?```)/).flatMap((part) => {
    if (part.length >= 6 && part.startsWith("```") && part.endsWith("```")) return [fence(part.slice(3, -3))];
    return part ? paragraphs(part.replace(/^\n|\n$/g, ""), names) : [];
  });
}

/** Nodes for mrkdwn that stays on its line: bold, links, mentions, emoji. */
export function inlineMrkdwn(text, names) {
  return inline(text, names);
}

/** The three entities that Slack escapes, as the characters they stand for. */
export function unescape(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function fence(text) {
  return el("pre", { class: "fence" }, el("code", {}, unescape(text.replace(/^\n|\n$/g, ""))));
}

function paragraphs(text, names) {
  const nodes = [];
  for (const group of grouped(text.split("\n"))) {
    const lines = group.lines.join("\n");
    if (group.quoted) nodes.push(el("blockquote", {}, inline(lines, names)));
    else nodes.push(...inline(lines, names));
  }
  return nodes;
}

function grouped(lines) {
  const groups = [];
  for (const line of lines) {
    const quoted = QUOTE.test(line);
    const last = groups.at(-1);
    const words = quoted ? line.replace(QUOTE, "") : line;
    if (last && last.quoted === quoted) last.lines.push(words);
    else groups.push({ quoted, lines: [words] });
  }
  return groups;
}

function inline(text, names) {
  const nodes = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const found = token(text, at, names);
    if (!found) {
      plain += text[at];
      at += 1;
      continue;
    }
    if (plain) nodes.push(...lines(plain));
    plain = "";
    nodes.push(...found.nodes);
    at = found.end;
  }
  if (plain) nodes.push(...lines(plain));
  return nodes;
}

function token(text, at, names) {
  switch (text[at]) {
    case "`":
      return code(text, at);
    case "<":
      return reference(text, at, names);
    case ":":
      return namedEmoji(text, at);
    case "*":
    case "_":
    case "~":
      return styled(text, at, names);
    case "h":
    case "H":
      return bareAddress(text, at);
    default:
      return null;
  }
}

function code(text, at) {
  const end = text.indexOf("`", at + 1);
  if (end <= at + 1 || text.slice(at, end).includes("\n")) return null;
  return { nodes: [el("code", { class: "code" }, unescape(text.slice(at + 1, end)))], end: end + 1 };
}

function reference(text, at, names) {
  const close = text.indexOf(">", at + 1);
  if (close < 0) return null;
  const inner = text.slice(at + 1, close);
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? null : unescape(inner.slice(bar + 1));
  const node = referenceNode(target, label, names);
  return node ? { nodes: [node], end: close + 1 } : null;
}

function referenceNode(target, label, names) {
  if (target.startsWith("@")) return personMention(names, target.slice(1), label);
  if (target.startsWith("#")) return channelMention(names, target.slice(1), label);
  if (target.startsWith("!date^")) return date(target, label);
  if (target.startsWith("!subteam^")) return groupMention(target.slice(9), label);
  if (target.startsWith("!")) return broadcastMention(label ?? target.slice(1).split("^")[0]);
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return link(unescape(target), ...(label ? [label] : []));
  return null;
}

function date(target, label) {
  const [, seconds, format, address] = target.split("^");
  const words = dateToken(seconds, format) ?? label ?? format;
  const shown = el("time", { title: label ?? "" }, words);
  return address ? link(unescape(address), shown) : shown;
}

function namedEmoji(text, at) {
  EMOJI_NAME.lastIndex = at;
  const name = EMOJI_NAME.exec(text)?.[1];
  if (!name || !emojiFor(name)) return null;
  return { nodes: [emoji(name)], end: at + name.length + 2 };
}

function bareAddress(text, at) {
  if (at > 0 && /[\w/]/.test(text[at - 1])) return null;
  BARE_ADDRESS.lastIndex = at;
  const address = BARE_ADDRESS.exec(text)?.[0];
  return address ? { nodes: [link(unescape(address))], end: at + address.length } : null;
}

function styled(text, at, names) {
  const mark = text[at];
  const before = text[at - 1] ?? " ";
  const first = text[at + 1] ?? " ";
  if (/\w/.test(before) || /\s/.test(first) || first === mark) return null;
  for (let end = text.indexOf(mark, at + 2); end > 0; end = text.indexOf(mark, end + 1)) {
    const inner = text.slice(at + 1, end);
    if (inner.includes("\n")) return null;
    if (/\s/.test(text[end - 1]) || /\w/.test(text[end + 1] ?? " ")) continue;
    return { nodes: [el(STYLES[mark], {}, inline(inner, names))], end: end + 1 };
  }
  return null;
}

function lines(text) {
  return unescape(text).split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line]));
}
