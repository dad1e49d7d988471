// Keyboard shortcuts. A page without them works; they are never taken from somebody who types, and can be switched off.
(() => {
  if (document.body.dataset.keys !== "on") return;
  const typing = (place) => place.closest("input, textarea, select, [contenteditable], [role=textbox], [role=combobox]");
  const PATIENCE = 1500; // milliseconds between the g and its letter
  let waits = 0;

  const follow = (selector) => {
    const link = document.querySelector(selector);
    if (link) link.click();
    return Boolean(link);
  };

  // The first link of each row of the page's lists, in their order.
  const rows = () =>
    [...document.querySelectorAll("main :is(tbody tr, .tg-hits li, .tg-rows > li)")]
      .map((row) => row.querySelector("a[href], button, summary"))
      .filter((link) => link && link.checkVisibility());
  const step = (by) => {
    const links = rows();
    if (!links.length) return false;
    const row = document.activeElement.closest("tr, li");
    const now = links.findIndex((link) => row && row.contains(link));
    const next = now < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(now + by, 0), links.length - 1);
    links[next].focus();
    links[next].scrollIntoView({ block: "nearest" });
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (typing(event.target)) return;
    const key = event.key.toLowerCase();
    const going = performance.now() < waits;
    waits = 0;
    let done = false;
    if (going && /^[a-z]$/.test(key)) done = follow(`a[data-go="${key}"]`);
    else if (key === "g") {
      waits = performance.now() + PATIENCE;
      done = true;
    } else if (key === "/") {
      const field = [...document.querySelectorAll("[data-search]")].find((each) => each.checkVisibility());
      if (field) {
        field.focus();
        field.select();
        done = true;
      } else done = follow("a[data-to-search]");
    } else if (key === "?") done = follow("a[data-help]");
    else if (key === "j") done = step(1);
    else if (key === "k") done = step(-1);
    if (done) event.preventDefault();
  });
})();
