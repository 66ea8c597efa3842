// Links that are safe to follow: only the web and mail, always in their own tab.

import { el } from "../dom.js";

const SAFE = new Set(["http:", "https:", "mailto:"]);

/** The address if it may be followed, else null. */
export function safeAddress(address) {
  try {
    const url = new URL(address, window.location.href);
    return SAFE.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** An anchor, or only its words when the address is not one we follow. */
export function link(address, ...words) {
  const href = safeAddress(address);
  const shown = words.length ? words : [address.replace(/^mailto:/, "")];
  if (!href) return el("span", { class: "dead-link", title: "This kind of link is not opened" }, shown);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, shown);
}

/** An image from the web or from the local Slack itself; its words when the address is neither. */
export function picture(address, words, attributes = {}) {
  const src = safeAddress(address ?? "");
  if (!src || src.startsWith("mailto:")) return el("span", { class: "dead-link" }, words || "image");
  const image = el("img", { src, alt: words ?? "", referrerpolicy: "no-referrer", loading: "lazy", ...attributes });
  image.addEventListener(
    "error",
    () => image.replaceWith(el("span", { class: "broken-image" }, words || "image")),
    { once: true },
  );
  return image;
}
