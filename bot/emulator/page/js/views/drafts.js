// What was typed and not sent, kept per person and place.

const PREFIX = "local-slack-draft";

export class Drafts {
  constructor(as) {
    this.as = as;
  }

  get(place) {
    return localStorage.getItem(this.key(place)) ?? "";
  }

  keep(place, text) {
    if (text.trim()) localStorage.setItem(this.key(place), text);
    else localStorage.removeItem(this.key(place));
  }

  key(place) {
    return [PREFIX, this.as, place].join(" ");
  }
}
