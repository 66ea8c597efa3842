// Block Kit's text objects: `plain_text` and `mrkdwn`.

import { el } from "../dom.js";
import { withEmoji } from "./emoji.js";
import { mrkdwn, unescape } from "./mrkdwn.js";

/** Nodes for a text object (or a bare string, taken as plain). */
export function textObject(object, names) {
  if (object === null || object === undefined) return [];
  if (typeof object === "string") return withEmoji(unescape(object));
  if (object.type === "mrkdwn") return mrkdwn(object.text, names);
  return inLines(unescape(object.text ?? ""));
}

/** Plain text keeps its lines, as Slack shows it. */
function inLines(text) {
  return text.split("\n").flatMap((line, at) => (at ? [el("br"), ...withEmoji(line)] : [...withEmoji(line)]));
}

/** The words of a text object, for labels and tooltips. */
export function plainWords(object) {
  if (!object) return "";
  return unescape(typeof object === "string" ? object : (object.text ?? "")).replace(/\s+/g, " ").trim();
}
