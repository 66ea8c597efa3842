// What a person does with messages and places; a refusal becomes a notice.

import { Refused } from "./api.js";
import { messageAddress } from "./route.js";
import { confirmedWords } from "./views/confirm.js";
import { editInPlace } from "./views/editor.js";

export class Acts {
  constructor(page) {
    this.page = page;
  }

  react(message, name, remove) {
    return this.attempt(
      () => this.page.api.tell(
        "react",
        { channel: message.channel, ts: message.ts, name, ...(remove ? { remove: true } : {}) },
      ),
    );
  }

  editMessage(row) {
    editInPlace(row, this.page);
  }

  async deleteMessage(message) {
    const question = "Are you sure you want to delete this message? This cannot be undone.";
    if (await confirmedWords("Delete message", question, "Delete", true)) {
      await this.attempt(() => this.page.api.tell("delete", { channel: message.channel, ts: message.ts }));
    }
  }

  messageShortcut(shortcut, message) {
    return this.attempt(
      () => this.page.api.tell(
        "shortcut",
        { callback_id: shortcut.callback_id, channel: message.channel, message_ts: message.ts },
      ),
    );
  }

  globalShortcut(shortcut) {
    return this.attempt(() => this.page.api.tell("shortcut", { callback_id: shortcut.callback_id }));
  }

  copyLink(message) {
    return this.copy(messageAddress(message.channel, message.ts, message.thread_ts), "Link copied");
  }

  async copy(text, words) {
    await navigator.clipboard?.writeText(text).catch(() => {});
    this.page.toasts.show({ words });
  }

  async join(channel) {
    const answer = await this.attempt(() => this.page.api.tell("join", { channel }));
    if (!answer) return;
    this.page.workspace.keepChannel(answer.channel);
    this.page.workspace.open(channel);
  }

  async leave(channel) {
    const answer = await this.attempt(() => this.page.api.tell("leave", { channel }));
    if (!answer) return;
    this.page.workspace.keepChannel({ id: channel, ...answer.channel, is_member: false });
    this.page.route.go({ channel: this.page.firstChannel(), thread: null });
  }

  invite(channel, user) {
    return this.attempt(() => this.page.api.tell("invite", { channel, user }));
  }

  async openDm(user) {
    const answer = await this.attempt(() => this.page.api.tell("open_dm", { user }));
    if (!answer) return;
    this.page.workspace.keepChannel(answer.channel);
    this.page.workspace.open(answer.channel.id);
  }

  /** Do it; a refusal becomes a notice and null. */
  async attempt(act) {
    try {
      return await act();
    } catch (problem) {
      if (!(problem instanceof Refused)) throw problem;
      this.page.toasts.refused(problem);
      return null;
    }
  }
}
