// Standard Markdown, as markdown blocks and streams carry it: the blocks of a text.

import { el } from "../dom.js";
import { inlineMarkdown } from "./markdown_inline.js";

const FENCE = /^\s{0,3}(```+|~~~+)\s*([\w+#.-]*)/;
const HEADING = /^\s{0,3}(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^\s{0,3}([-*_])(?:\s*\1){2,}\s*$/;
const QUOTE = /^\s{0,3}>\s?/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const CHECK = /^\[([ xX])\]\s+(.*)$/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/** Nodes for a Markdown text. */
export function markdown(text, names) {
  return blocks(String(text ?? "").replaceAll("\r\n", "\n").split("\n"), names);
}

function blocks(lines, names) {
  const nodes = [];
  let at = 0;
  while (at < lines.length) {
    if (!lines[at].trim()) {
      at += 1;
      continue;
    }
    const [node, next] = block(lines, at, names);
    nodes.push(node);
    at = next;
  }
  return nodes;
}

function block(lines, at, names) {
  const line = lines[at];
  if (FENCE.test(line)) return fence(lines, at);
  const heading = HEADING.exec(line);
  if (heading) return [
    el(
      `h${Math.min(6, heading[1].length + 2)}`,
      { class: `md-h${heading[1].length}` },
      inlineMarkdown(heading[2], names),
    ),
    at + 1,
  ];
  if (RULE.test(line)) return [el("hr"), at + 1];
  if (QUOTE.test(line)) return quote(lines, at, names);
  if (ITEM.test(line)) return list(lines, at, names);
  if (startsTable(lines, at)) return table(lines, at, names);
  return paragraph(lines, at, names);
}

function fence(lines, at) {
  const [, mark, language] = FENCE.exec(lines[at]);
  let end = at + 1;
  while (end < lines.length && !lines[end].trim().startsWith(mark)) end += 1;
  const code = el("code", {}, lines.slice(at + 1, end).join("\n"));
  return [el("pre", { class: "fence", "data-language": language || null }, code), end + 1];
}

function quote(lines, at, names) {
  let end = at;
  while (end < lines.length && QUOTE.test(lines[end])) end += 1;
  const inner = lines.slice(at, end).map((line) => line.replace(QUOTE, ""));
  return [el("blockquote", {}, blocks(inner, names)), end];
}

function list(lines, at, names) {
  const [, indent, mark] = ITEM.exec(lines[at]);
  const ordered = /\d/.test(mark);
  const node = el(ordered ? "ol" : "ul", ordered ? { start: Number.parseInt(mark, 10) } : {});
  let end = at;
  while (end < lines.length && belongs(lines[end], indent.length, ordered)) {
    const [item, next] = listItem(lines, end, names);
    node.append(item);
    end = next;
    if (end + 1 < lines.length && !lines[end].trim() && belongs(lines[end + 1], indent.length, ordered)) end += 1;
  }
  return [node, end];
}

function belongs(line, indent, ordered) {
  const found = ITEM.exec(line ?? "");
  return Boolean(found) && /\d/.test(found[2]) === ordered && Math.abs(found[1].length - indent) < 2;
}

function listItem(lines, at, names) {
  const [, indent, mark, first] = ITEM.exec(lines[at]);
  const deep = indent.length + mark.length + 1;
  const inner = [];
  let end = at + 1;
  while (end < lines.length && continues(lines, end, indent.length)) {
    inner.push(lines[end].slice(Math.min(deep, lines[end].length - lines[end].trimStart().length)));
    end += 1;
  }
  const check = CHECK.exec(first);
  const words = inlineMarkdown(check ? check[2] : first, names);
  if (!check) return [el("li", {}, words, blocks(inner, names)), end];
  const done = check[1] !== " ";
  const box = el(
    "span",
    { class: done ? "tick tick-done" : "tick", role: "img", "aria-label": done ? "done" : "open" },
    done ? "✓" : "",
  );
  return [el("li", { class: "task-item" }, box, words, blocks(inner, names)), end];
}

function continues(lines, at, indent) {
  const line = lines[at];
  const own = line.length - line.trimStart().length;
  if (line.trim()) return own > indent + 1;
  const next = lines[at + 1] ?? "";
  return Boolean(next.trim()) && next.length - next.trimStart().length > indent + 1;
}

function startsTable(lines, at) {
  return lines[at].includes("|") && TABLE_RULE.test(lines[at + 1] ?? "");
}

function table(lines, at, names) {
  const aligned = cells(lines[at + 1]).map(alignment);
  const row = (line, tag) => el(
    "tr",
    {},
    aligned.map((align, column) => el(tag, { class: align }, inlineMarkdown(cells(line)[column] ?? "", names))),
  );
  let end = at + 2;
  while (end < lines.length && lines[end].includes("|") && lines[end].trim()) end += 1;
  const body = lines.slice(at + 2, end).map((line) => row(line, "td"));
  const node = el("table", {}, el("thead", {}, row(lines[at], "th")), el("tbody", {}, body));
  return [el("div", { class: "table-scroll" }, node), end];
}

function cells(line) {
  return line.trim().replace(/^\|/, "").replace(/(?<!\\)\|$/, "").split(/(?<!\\)\|/).map(
    (cell) => cell.trim().replaceAll("\\|", "|"),
  );
}

function alignment(rule) {
  if (/^:-+:$/.test(rule)) return "align-center";
  return /-:$/.test(rule) ? "align-right" : "align-left";
}

function paragraph(lines, at, names) {
  let end = at + 1;
  while (end < lines.length && lines[end].trim() && !interrupts(lines, end)) end += 1;
  const parts = lines.slice(at, end).flatMap(
    (line, index) => [...(index ? [el("br")] : []), ...inlineMarkdown(line.trim(), names)],
  );
  return [el("p", {}, parts), end];
}

function interrupts(lines, at) {
  const line = lines[at];
  return [FENCE, HEADING, RULE, QUOTE, ITEM].some((start) => start.test(line)) || startsTable(lines, at);
}
