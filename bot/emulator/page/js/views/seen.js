// Which threads have replies that this person has not opened yet.

export class Seen {
  constructor(as) {
    this.key = `local-slack-seen ${as}`;
    this.since = String(Date.now() / 1000);
    this.threads = JSON.parse(localStorage.getItem(this.key) ?? "{}");
  }

  /** The thread was open when this was its newest message. */
  mark(channel, root, newest) {
    const place = `${channel}/${root}`;
    if (this.threads[place] >= newest) return;
    this.threads[place] = newest;
    localStorage.setItem(this.key, JSON.stringify(Object.fromEntries(Object.entries(this.threads).slice(-300))));
  }

  /** Did a reply come since the thread was last open (or, if it never was, since the page was)? */
  hasNew(message) {
    return (message.latest_reply ?? "") > (this.threads[`${message.channel}/${message.ts}`] ?? this.since);
  }
}
