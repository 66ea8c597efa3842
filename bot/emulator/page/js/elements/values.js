// What a person has filled in on one surface, by block and action.

export class Values {
  constructor(start = {}) {
    this.blocks = structuredClone(start);
  }

  get(block, action) {
    return this.blocks[block]?.[action] ?? null;
  }

  set(block, action, value) {
    if (!block || !action) return;
    this.blocks[block] = { ...this.blocks[block], [action]: value };
  }

  /** The same block came again under another id. */
  rename(from, to) {
    if (from === to || !this.blocks[from]) return;
    this.blocks[to] = this.blocks[from];
    delete this.blocks[from];
  }

  /** Forget the values of elements that `blocks` no longer show. */
  keepOnly(blocks) {
    const shown = new Map(
      flat(blocks).map((block) => [block.block_id, new Set(elementsOf(block).map((part) => part?.action_id))]),
    );
    for (const [block, actions] of Object.entries(this.blocks)) {
      for (const action of Object.keys(actions)) if (!shown.get(block)?.has(action)) delete actions[action];
      if (!Object.keys(actions).length) delete this.blocks[block];
    }
  }

  /** The `state` of an action or a submission. */
  state() {
    const values = {};
    for (const [block, actions] of Object.entries(this.blocks)) {
      values[block] = Object.fromEntries(
        Object.entries(actions).map(([action, { shown, ...value }]) => [action, value]),
      );
    }
    return { values };
  }
}

function flat(blocks) {
  return (blocks ?? []).flatMap(
    (block) => [block, ...flat(block.child_blocks), ...(block.type === "carousel" ? flat(block.elements) : [])],
  );
}

function elementsOf(block) {
  if (block.type === "input") return [block.element];
  if (block.type === "section") return [block.accessory];
  if (block.type === "card") return block.actions ?? [];
  return block.elements ?? [];
}
