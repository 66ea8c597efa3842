// Building the page's elements: the only place where a node gets its attributes.
// Data reaches the document as text nodes and attributes, never as markup.

/** An element with attributes, listeners (`onClick`) and children; null and false children are left out. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  dress(node, attributes);
  fill(node, children);
  return node;
}

/** Replace what is inside `node`. */
export function refill(node, ...children) {
  node.replaceChildren();
  fill(node, children);
  return node;
}

/** Text that only a screen reader says. */
export function spoken(text) {
  return el("span", { class: "spoken" }, text);
}

let identities = 0;

/** A fresh id for `aria-labelledby` and the like. */
export function freshId(prefix = "id") {
  identities += 1;
  return `${prefix}-${identities}`;
}

function dress(node, attributes) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2).toLowerCase(), value);
    else if (key === "dataset") Object.assign(node.dataset, value);
    else if (key === "style") for (const [name, setting] of Object.entries(value)) node.style.setProperty(name, setting);
    else if (key === "value" || key === "checked" || key === "disabled") node[key] = value;
    else node.setAttribute(key, value === true ? "" : String(value));
  }
}

function fill(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}
