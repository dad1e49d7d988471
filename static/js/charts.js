// Draws each chart of the page from the Vega-Lite spec beside it, without evaluating any text as code, and lets its
// values be read by pointer and by keyboard: whatever datum has a `said` is one.
import { expressionInterpreter } from "vega-interpreter";

// The spec is drawn on paper too and names paper's inks; on a screen each becomes the theme's, as a custom property:
// so the colours follow theme, contrast and print without drawing again.
const INKS = {
  "#1f2937": "ink",
  "#6b7280": "muted",
  "#d1d5db": "hair",
  "#e5e7eb": "grid",
  "#c4c9d1": "hatch",
  "#f3f4f6": "band",
  "#ffffff": "paper",
  "#b45309": "target",
  "#3f6ea5": "data",
  "#9db8d6": "soft",
  "#e6e8ec": "few",
};
const onScreen = (_key, value) => (Object.hasOwn(INKS, value) ? `var(--tg-chart-${INKS[value]})` : value);
const KIND = ["symbol", "rect", "line", "rule", "text"]; // where two marks tell one value, the first of these is it

const place = (item, kind) => {
  if (kind !== "rect") return [item.x, item.y];
  const row = item.height < item.width && item.height <= 20;
  return [item.x + item.width / (row ? 1 : 2), item.y + item.height / 2];
};

// Every value that is drawn: what is said, and where it stands on the drawing.
const valuesOf = (view) => {
  const found = new Map();
  const [ox, oy] = view.origin();
  const { left, top } = view.padding();
  const walk = (mark, x, y) => {
    for (const item of mark.items) {
      if (mark.marktype === "group") {
        for (const inner of item.items || []) walk(inner, x + (item.x || 0), y + (item.y || 0));
      } else if (item.datum?.said && item.defined !== false) {
        const known = found.get(item.datum.said);
        const rank = KIND.indexOf(mark.marktype);
        if (known && known.rank <= rank) continue;
        const [px, py] = place(item, mark.marktype);
        found.set(item.datum.said, { said: item.datum.said, rank, x: px + x + left + ox, y: py + y + top + oy });
      }
    }
  };
  walk(view.scenegraph().root, 0, 0);
  return [...found.values()];
};

const near = (values, x, y, read) => {
  const far = (one) =>
    read === "x" ? Math.abs(one.x - x) : read === "y" ? Math.abs(one.y - y) : Math.hypot(one.x - x, one.y - y);
  return values.reduce((a, b) => (far(b) < far(a) ? b : a), values[0]);
};

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

// The value that a key leads to; up and down stay in their column where the values form a grid.
const next = (values, chosen, key, read) => {
  const at = values.indexOf(chosen);
  if (key === "Home") return values[0];
  if (key === "End") return values.at(-1);
  if (at < 0) return STEPS[key] > 0 ? values[0] : values.at(-1);
  if (read === "xy" && (key === "ArrowDown" || key === "ArrowUp")) {
    const way = STEPS[key];
    const column = values.filter((one) => Math.abs(one.x - chosen.x) < 2 && (one.y - chosen.y) * way > 1);
    return column.sort((a, b) => (a.y - b.y) * way)[0] || chosen;
  }
  return values[Math.min(Math.max(at + STEPS[key], 0), values.length - 1)];
};

const reading = (element, view, read) => {
  const figure = element.closest("figure");
  const live = figure.querySelector("[data-chart-says]");
  const ring = Object.assign(document.createElement("div"), { className: "tg-ring", hidden: true });
  const tip = Object.assign(document.createElement("div"), { className: "tg-tip", hidden: true });
  let chosen;
  tip.setAttribute("aria-hidden", "true");
  element.append(ring, tip);

  const show = (one) => {
    chosen = one;
    ring.hidden = tip.hidden = !one;
    if (!one) return;
    tip.textContent = one.said;
    const room = element.clientWidth - tip.offsetWidth;
    const above = one.y - tip.offsetHeight - 12;
    tip.style.insetInlineStart = `${Math.max(0, Math.min(one.x - tip.offsetWidth / 2, room))}px`;
    tip.style.insetBlockStart = `${above < -8 ? one.y + 12 : above}px`;
    ring.style.insetInlineStart = `${one.x}px`;
    ring.style.insetBlockStart = `${one.y}px`;
  };
  const values = () => valuesOf(view).sort((a, b) => (read === "x" ? a.x - b.x : a.y - b.y || a.x - b.x));

  if (!values().length) return;
  element.tabIndex = 0;
  element.setAttribute("role", "application");
  element.setAttribute("aria-roledescription", "chart");
  element.setAttribute("aria-describedby", `${element.dataset.chart}-keys`);
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && chosen) {
      show();
      live.textContent = "";
    } else if (!event.altKey && !event.ctrlKey && !event.metaKey && (event.key in STEPS || event.key === "Home" || event.key === "End")) {
      const all = values();
      const one = next(all, all.find((each) => each.said === chosen?.said), event.key, read);
      show(one);
      live.textContent = `${one.said} (${all.indexOf(one) + 1} of ${all.length})`;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  element.addEventListener("blur", () => show());
  const point = (event) => {
    const box = element.getBoundingClientRect();
    show(near(values(), event.clientX - box.left, event.clientY - box.top, read));
  };
  element.addEventListener("pointermove", point);
  element.addEventListener("pointerdown", point);
  // A finger leaves at once: what it touched stays until another place is touched.
  element.addEventListener("pointerleave", (event) => event.pointerType === "touch" || show());
  document.addEventListener("keydown", (event) => event.key === "Escape" && show());
};

const draw = async (element) => {
  const spec = JSON.parse(document.getElementById(element.dataset.chart).textContent, onScreen);
  const config = { ...spec.config, font: "Inter, system-ui, sans-serif" };
  const skeleton = element.querySelector(".tg-skeleton");
  try {
    const canvas = document.createElement("div");
    canvas.className = "tg-canvas";
    element.append(canvas);
    const { view } = await window.vegaEmbed(canvas, { ...spec, config: undefined }, {
      config: { ...config, text: { ...config.text, font: "Inter, system-ui, sans-serif" } },
      ast: true,
      expr: expressionInterpreter,
      renderer: "svg",
      actions: false,
      logLevel: window.vega.Error,
      defaultStyle: false,
      tooltip: false,
    });
    // The element itself is the chart and bears the name; what lies inside need not speak.
    canvas.querySelector("svg")?.setAttribute("aria-hidden", "true");
    skeleton?.remove();
    element.classList.add("tg-drawn");
    reading(element, view, spec.usermeta?.read || "xy");
  } catch (error) {
    element.classList.add("tg-undrawn");
    element.textContent = "The chart could not be drawn here. The table below has the same figures.";
    const table = element.closest("figure").querySelector("details");
    if (table) table.open = true;
    throw error;
  }
};

const drawAll = (root) => {
  for (const element of root.querySelectorAll("[data-chart]:not(.tg-drawn)")) draw(element);
};

document.fonts.ready.then(() => drawAll(document));
document.addEventListener("htmx:afterSwap", (event) => drawAll(event.detail.target));
