// Files in a message: a picture where it is one, a card with a download link for all.

import { el, spoken } from "../dom.js";
import { icon } from "../icons.js";

const SHOWN = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const KINDS = {
  pdf: "PDF", docx: "Word document", doc: "Word document",
  xlsx: "Excel spreadsheet", xls: "Excel spreadsheet", ods: "Spreadsheet", pptx: "Presentation",
  md: "Markdown", markdown: "Markdown", txt: "Plain text", text: "Plain text",
  csv: "CSV", html: "HTML", json: "JSON", zip: "Zip archive",
};
const TINTS = {
  pdf: "red",
  docx: "blue",
  doc: "blue",
  md: "blue",
  markdown: "blue",
  xlsx: "green",
  xls: "green",
  ods: "green",
  csv: "green",
  pptx: "orange",
  html: "orange",
};

/** The files of a message. */
export function fileList(files, surface) {
  return files.map(
    (file) => (file.deleted ? goneCard(file) : isPicture(file) ? pictureCard(file, surface) : fileCard(file, surface)),
  );
}

export function fileCard(file, surface) {
  const kind = kindOf(file);
  return el(
    "div",
    { class: "file-card" },
    el(
      "span",
      { class: `file-mark tint-${TINTS[kind] ?? "grey"}`, "aria-hidden": "true" },
      icon("file", 22),
      el("span", {}, kind.slice(0, 4)),
    ),
    el(
      "div",
      { class: "file-words" },
      el(
        "a",
        {
          class: "file-name",
          href: surface.fileUrl(file),
          target: "_blank",
          rel: "noopener noreferrer",
          title: file.name,
        },
        file.title || file.name,
      ),
      el(
        "div",
        { class: "file-facts" },
        `${KINDS[kind] ?? (kind ? kind.toUpperCase() : "File")} · ${sizeWords(file.size)}`,
      ),
    ),
    downloadLink(file, surface),
  );
}

/** "812 B", "3.4 KB", "1.2 MB". */
export function sizeWords(bytes) {
  if (!Number.isFinite(bytes)) return "size unknown";
  const units = ["B", "KB", "MB", "GB"];
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit && size < 100 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`;
}

function pictureCard(file, surface) {
  const image = el(
    "img",
    { src: surface.fileUrl(file), alt: file.alt_txt || file.title || file.name, loading: "lazy" },
  );
  const opened = el("a", { href: surface.fileUrl(file), target: "_blank", rel: "noopener noreferrer" }, image);
  return el(
    "figure",
    { class: "file-picture" },
    el(
      "figcaption",
      {},
      el("span", { class: "file-name" }, file.title || file.name),
      el("span", { class: "file-facts" }, sizeWords(file.size)),
      downloadLink(file, surface),
    ),
    opened,
  );
}

function goneCard(file) {
  return el(
    "div",
    { class: "file-card file-gone" },
    icon("trash", 22),
    el("span", {}, `${file.name ?? "A file"} was deleted.`),
  );
}

function downloadLink(file, surface) {
  return el(
    "a",
    { class: "download", href: surface.fileUrl(file, true), download: file.name, title: `Download ${file.name}` },
    icon("download", 16),
    "Download",
    spoken(` ${file.name}`),
  );
}

function isPicture(file) {
  return SHOWN.has(file.mimetype);
}

function kindOf(file) {
  const ending = /\.([a-z0-9]{1,8})$/i.exec(file.name ?? "")?.[1]?.toLowerCase();
  return ending ?? file.filetype ?? "";
}
