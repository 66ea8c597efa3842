// What is heard while an answer is under way: it is newer than the answer, which must not undo or forget it.

export class Meanwhile {
  constructor() {
    this.underWay = new Set();
  }

  note(news) {
    for (const heard of this.underWay) heard.push(news);
  }

  /** The answer, and what was noted until it came. */
  async during(asking) {
    const heard = [];
    this.underWay.add(heard);
    try {
      return { answer: await asking, heard };
    } finally {
      this.underWay.delete(heard);
    }
  }
}
