// A floating panel beside an anchor: kept on the screen, closed by Escape or a click elsewhere.

/** Show `panel` beside `anchor`; the answer closes it. `onClose` runs once. */
export function floatBeside(anchor, panel, { onClose = () => {}, align = "start", prefer = "below" } = {}) {
  const home = anchor.closest("dialog") ?? document.body;
  panel.classList.add("floating");
  home.append(panel);
  place(anchor, panel, align, prefer);
  let open = true;

  const close = () => {
    if (!open) return;
    open = false;
    document.removeEventListener("pointerdown", outside, true);
    window.removeEventListener("resize", close);
    document.removeEventListener("scroll", scrolled, true);
    panel.remove();
    onClose();
  };
  const outside = (event) => {
    if (!panel.contains(event.target) && !anchor.contains(event.target)) close();
  };
  const scrolled = (event) => {
    if (panel.contains(event.target)) return;
    if (anchor.isConnected) place(anchor, panel, align, prefer);
    else close();
  };
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("scroll", scrolled, true);
  window.addEventListener("resize", close);
  return { close, place: () => place(anchor, panel, align, prefer) };
}

function place(anchor, panel, align, prefer) {
  const at = anchor.getBoundingClientRect();
  const gap = 4;
  panel.style.setProperty("min-width", panel.classList.contains("as-wide") ? `${at.width}px` : "0");
  const size = panel.getBoundingClientRect();
  const below = window.innerHeight - at.bottom - gap;
  const above = at.top - gap;
  const up = prefer === "above" ? above >= size.height || above > below : below < size.height && above > below;
  const top = up
    ? Math.max(8, at.top - gap - size.height)
    : Math.min(at.bottom + gap, window.innerHeight - size.height - 8);
  const left = align === "end" ? at.right - size.width : at.left;
  panel.style.setProperty("top", `${Math.max(8, top)}px`);
  panel.style.setProperty("left", `${Math.min(Math.max(8, left), window.innerWidth - size.width - 8)}px`);
}
