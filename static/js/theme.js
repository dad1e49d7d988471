// Runs before the page is drawn: the reader's own choice of colours, else what the system asks for.
(() => {
  const KEY = "tollgate-colours";
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage may be switched off; then the system decides
    }
  };
  const apply = () => {
    const colours = chosen() || (system.matches ? "dark" : "light");
    document.documentElement.setAttribute("data-bs-theme", colours);
    for (const button of document.querySelectorAll("[data-theme-toggle]")) {
      button.hidden = false;
      button.querySelector("span").textContent = colours === "dark" ? "Light colours" : "Dark colours";
    }
    document.dispatchEvent(new CustomEvent("tollgate:colours", { detail: colours }));
  };
  apply();
  system.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", () => {
    apply();
    document.addEventListener("click", (event) => {
      if (!event.target.closest("[data-theme-toggle]")) return;
      const dark = document.documentElement.getAttribute("data-bs-theme") === "dark";
      try {
        localStorage.setItem(KEY, dark ? "light" : "dark");
      } catch {
        document.documentElement.setAttribute("data-bs-theme", dark ? "light" : "dark");
        return;
      }
      apply();
    });
  });
})();
