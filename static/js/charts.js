// Draws each chart of the page from the Vega-Lite spec beside it, without evaluating any text as code.
import { expressionInterpreter } from "vega-interpreter";

// Vega cannot read light-dark() or oklch(): the browser resolves a colour and tells it as rgb.
const resolved = (name) => {
  const probe = document.createElement("span");
  probe.className = `tg-probe-${name}`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  const canvas = new OffscreenCanvas(1, 1).getContext("2d");
  canvas.fillStyle = value;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue] = canvas.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
};

const config = () => {
  const text = resolved("text");
  const muted = resolved("muted");
  const line = resolved("line");
  return {
    background: "transparent",
    font: "Inter, system-ui, sans-serif",
    view: { stroke: null },
    axis: { labelColor: muted, titleColor: muted, gridColor: line, domainColor: line, tickColor: line, labelFontSize: 12 },
    legend: { labelColor: text, titleColor: muted, labelFontSize: 12 },
    title: { color: text },
    text: { color: text, fill: text },
    mark: { color: resolved("accent") },
    rule: { color: muted },
  };
};

// The spec is drawn on paper too and names paper's inks; on a screen they become the theme's, so that dark pages work.
const INKS = { "#1f2937": "text", "#6b7280": "muted", "#d1d5db": "line", "#e5e7eb": "line" };
const onScreen = (_key, value) => (Object.hasOwn(INKS, value) ? resolved(INKS[value]) : value);

// Vega leaves room for axes, not for figures beside the marks: says by how many pixels they are cut off at the right.
const cutOff = (element) => {
  const svg = element.querySelector("svg");
  const edge = svg ? svg.getBoundingClientRect().right : 0;
  const ends = [...(svg?.querySelectorAll("text") || [])].map((text) => text.getBoundingClientRect().right);
  return Math.max(0, ...ends.map((end) => end - edge));
};

const draw = async (element, room = 0) => {
  const spec = JSON.parse(document.getElementById(element.dataset.chart).textContent, onScreen);
  const own = spec.config || {};
  if (room) spec.padding = { ...spec.padding, right: (spec.padding?.right || 0) + room };
  const view = await window.vegaEmbed(element, { ...spec, config: undefined }, {
    config: { ...own, ...config() },
    ast: true,
    expr: expressionInterpreter,
    renderer: "svg",
    actions: false,
    logLevel: window.vega.Error,
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
  });
  // The element itself is the image and bears the name; what lies inside need not speak.
  element.querySelector("svg")?.setAttribute("aria-hidden", "true");
  element.classList.add("tg-drawn");
  element.tollgateView = view;
  const missing = Math.ceil(cutOff(element));
  if (missing && !room) {
    view.finalize();
    await draw(element, missing + 4);
  }
};

const drawAll = (root) => {
  for (const element of root.querySelectorAll("[data-chart]")) draw(element);
};

document.fonts.ready.then(() => drawAll(document));
document.addEventListener("htmx:afterSwap", (event) => drawAll(event.detail.target));
document.addEventListener("tollgate:colours", () => {
  for (const element of document.querySelectorAll("[data-chart].tg-drawn")) {
    element.tollgateView?.finalize();
    draw(element);
  }
});
