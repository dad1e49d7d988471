// The 90-day track: one stop of the tab key, arrow keys from date to date, and a small box that says what is due and
// whose it is. Without this every date is a link with the same words.
for (const track of document.querySelectorAll(".tg-track-head")) {
  const stops = [...track.querySelectorAll("a[data-at]")].sort((a, b) => a.dataset.at - b.dataset.at);
  if (!stops.length) continue;
  const drawing = track.querySelector(".tg-track-drawing");
  const tip = Object.assign(document.createElement("div"), { className: "tg-track-tip", hidden: true });
  let shown;
  tip.setAttribute("aria-hidden", "true");
  track.append(tip);
  drawing.setAttribute("aria-label", `${drawing.getAttribute("aria-label")}, arrow keys go from date to date`);

  const show = (stop) => {
    shown = stop;
    tip.hidden = !stop;
    if (!stop) return;
    tip.textContent = stop.dataset.tip;
    const box = track.getBoundingClientRect();
    const at = drawing.getBoundingClientRect();
    const middle = at.left - box.left + (at.width * stop.dataset.at) / 100;
    tip.style.insetInlineStart = `${Math.max(0, Math.min(middle - tip.offsetWidth / 2, box.width - tip.offsetWidth))}px`;
    tip.style.insetBlockStart = "70px";
  };
  const stopAt = (stop) => {
    for (const each of stops) each.tabIndex = each === stop ? 0 : -1;
  };

  for (const stop of stops) stop.querySelector("title")?.remove();
  stopAt(stops.find((stop) => !stop.matches(".tg-tick-done, .tg-gate-passed")) || stops.at(-1));
  track.addEventListener("keydown", (event) => {
    const at = stops.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: stops.length - 1 }[event.key];
    if (event.key === "Escape") show();
    if (at < 0 || to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const stop = stops[Math.min(Math.max(to, 0), stops.length - 1)];
    stopAt(stop);
    stop.focus();
  });
  track.addEventListener("focusin", (event) => show(event.target.closest("a[data-at]")));
  track.addEventListener("focusout", () => show());
  track.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "touch") show(event.target.closest("a[data-at]"));
  });
  track.addEventListener("pointerleave", (event) => event.pointerType === "touch" || show());
  // A finger sees first and opens with the second touch.
  track.addEventListener("click", (event) => {
    const stop = event.target.closest("a[data-at]");
    if (!stop || event.pointerType !== "touch" || track.dataset.opened === stop.dataset.at) return;
    event.preventDefault();
    track.dataset.opened = stop.dataset.at;
    show(stop);
  });
}
