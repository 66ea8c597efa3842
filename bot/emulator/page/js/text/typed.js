// A stored message as a person would type it again.

import { unescape } from "./mrkdwn.js";

/**
 * Names instead of references, addresses instead of links, no escapes.
 * What is typed is sent as it is: the local Slack resolves it.
 */
export function typedText(text, workspace) {
  const plain = text.replace(/<([^<>|]+)(?:\|([^<>]*))?>/g, (whole, target, label) => {
    if (target.startsWith("@")) return `@${workspace.user(target.slice(1))?.name ?? label ?? target.slice(1)}`;
    if (target.startsWith("#")) return `#${workspace.channel(target.slice(1))?.name ?? label ?? target.slice(1)}`;
    if (target.startsWith("!")) return `@${label ?? target.slice(1)}`;
    return target;
  });
  return unescape(plain);
}
