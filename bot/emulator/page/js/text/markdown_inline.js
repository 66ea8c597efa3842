// The inside of a line of Markdown: emphasis, code, links, mentions and emoji.

import { el } from "../dom.js";
import { emoji, emojiFor } from "./emoji.js";
import { link } from "./links.js";
import { broadcastMention, channelMention, personMention } from "./mentions.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&nbsp;": "\u00a0" };
const ESCAPED = /\\([!-/:-@[-`{-~])/y;
const CODE = /(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/y;
const LINK = /(!?)\[((?:[^\[\]\\]|\\.|\[[^\]]*\])*)\]\(\s*<?([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)>?(?:\s+["'][^"']*["'])?\s*\)/y;
const ANGLE = /<((?:https?:\/\/|mailto:)[^\s<>|]+)(?:\|([^<>]+))?>/iy;
const MENTION = /<(@|#|!)([\w^.-]+)(?:\|([^<>]*))?>/y;
const BARE = /https?:\/\/[^\s<>|]+[^\s<>|.,:;!?)\]}'"*_~`]/iy;
const NAMED = /:([a-z0-9_+'-]+):/iy;
const MARKS = [
  ["***", (inner) => el("strong", {}, el("em", {}, inner))],
  ["**", (inner) => el("strong", {}, inner)],
  ["__", (inner) => el("strong", {}, inner)],
  ["~~", (inner) => el("s", {}, inner)],
  ["*", (inner) => el("em", {}, inner)],
  ["_", (inner) => el("em", {}, inner)],
];

/** Nodes for one line (or a cell, a heading) of Markdown. */
export function inlineMarkdown(text, names) {
  const nodes = [];
  let plain = "";
  let at = 0;
  while (at < text.length) {
    const found = token(text, at, names);
    if (found && found.node === null) plain += found.words;
    if (found && found.node !== null) {
      nodes.push(decoded(plain), found.node);
      plain = "";
    }
    if (!found) plain += text[at];
    at = found ? found.end : at + 1;
  }
  nodes.push(decoded(plain));
  return nodes.filter((node) => node !== "");
}

function token(text, at, names) {
  switch (text[at]) {
    case "\\":
      return matched(ESCAPED, text, at, () => null, ([, char]) => char);
    case "`":
      return matched(CODE, text, at, ([, , code]) => el("code", { class: "code" }, code.replace(/^ (.+) $/, "$1")));
    case "[":
    case "!":
      return matched(
        LINK,
        text,
        at,
        ([, , words, address]) => (address ? link(
          address,
          inlineMarkdown(words || address, names),
        ) : el("span", {}, words)),
      );
    case "<":
      return matched(
        ANGLE,
        text,
        at,
        ([, address, label]) => link(address, ...(label ? [label] : [])),
      ) ?? matched(MENTION, text, at, (found) => mention(found, names));
    case ":":
      return matched(NAMED, text, at, ([whole, name]) => (emojiFor(name) ? emoji(name) : whole));
    case "h":
      return /[\w/]/.test(text[at - 1] ?? " ") ? null : matched(BARE, text, at, ([address]) => link(address));
    case "*":
    case "_":
    case "~":
      return emphasis(text, at, names);
    default:
      return null;
  }
}

function matched(pattern, text, at, build, words = () => "") {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return found ? { node: build(found), words: words(found), end: at + found[0].length } : null;
}

function mention([, kind, id, label], names) {
  if (kind === "@") return personMention(names, id, label);
  if (kind === "#") return channelMention(names, id, label);
  return broadcastMention(label || id.split("^")[0]);
}

function emphasis(text, at, names) {
  for (const [mark, wrap] of MARKS) {
    if (!text.startsWith(mark, at) || !opens(text, at, mark)) continue;
    const end = closing(text, at + mark.length, mark);
    if (end > 0) return {
      node: wrap(inlineMarkdown(text.slice(at + mark.length, end), names)),
      end: end + mark.length,
    };
  }
  return null;
}

function opens(text, at, mark) {
  const after = text[at + mark.length] ?? " ";
  const inWord = /\w/.test(text[at - 1] ?? " ");
  return !/\s/.test(after) && !(mark.startsWith("_") && inWord);
}

function closing(text, from, mark) {
  for (let end = text.indexOf(mark, from); end >= 0; end = text.indexOf(mark, end + 1)) {
    const before = text[end - 1];
    const after = text[end + mark.length] ?? " ";
    if (end === from || /\s/.test(before) || before === "\\") continue;
    if (mark.length === 1 && (after === mark || before === mark)) continue;
    if (mark.startsWith("_") && /\w/.test(after)) continue;
    return end;
  }
  return -1;
}

function decoded(text) {
  return text.replace(/&(?:amp|lt|gt|quot|nbsp|#39);/g, (entity) => ENTITIES[entity]);
}
