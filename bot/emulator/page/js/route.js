// Where the page is: who looks (`?as=`), and the channel, thread or tab (`#/C…/ts`).

/** The person in the address, or null. */
export function actingPerson() {
  return new URLSearchParams(window.location.search).get("as");
}

/** Put the person in the address without a new entry in the history. */
export function rememberPerson(id) {
  window.history.replaceState(null, "", addressOf(id, window.location.hash));
}

/** Start the page again as someone else, in the same place. */
export function actAs(id) {
  window.location.assign(addressOf(id, window.location.hash));
}

/** A link to a message that opens it for the same person. */
export function messageAddress(channel, ts, thread) {
  const place = thread && thread !== ts ? `#/${channel}/${thread}` : `#/${channel}`;
  return new URL(
    `${window.location.pathname}${window.location.search}${place}?at=${ts}`,
    window.location.origin,
  ).href;
}

/** The place in the page: `{channel, thread, tab, at}`; listeners hear of every change. */
export class Route {
  constructor() {
    this.listeners = [];
    this.place = parsed(window.location.hash);
    window.addEventListener("hashchange", () => this.read());
  }

  onChange(act) {
    this.listeners.push(act);
  }

  go(change) {
    const next = { ...this.place, tab: null, at: null, ...change };
    const hash = written(next);
    if (hash === window.location.hash) this.settle(next);
    else window.location.hash = hash;
  }

  read() {
    this.settle(parsed(window.location.hash));
  }

  settle(place) {
    const before = this.place;
    this.place = place;
    for (const act of this.listeners) act(place, before);
  }
}

function parsed(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [channel, thread] = path.split("/");
  const extra = new URLSearchParams(query);
  return { channel: channel || null, thread: thread || null, tab: extra.get("tab"), at: extra.get("at") };
}

function written({ channel, thread, tab, at }) {
  const extra = new URLSearchParams({ ...(tab ? { tab } : {}), ...(at ? { at } : {}) }).toString();
  return `#/${channel ?? ""}${thread ? `/${thread}` : ""}${extra ? `?${extra}` : ""}`;
}

function addressOf(id, hash) {
  const query = new URLSearchParams(window.location.search);
  query.set("as", id);
  return `${window.location.pathname}?${query}${hash}`;
}
