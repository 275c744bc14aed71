// Leaves for the sign-in page once the session has ended, and lets "?" open the sheet of
// shortcuts. Nothing else: no words of a post ever pass through here.
(() => {
  "use strict";
  const leave = () => window.location.replace("/sign-in?ended=1");
  const look = () => {
    fetch("/session", { credentials: "same-origin", cache: "no-store" })
      .then((answer) => { if (answer.status === 401) leave(); })
      .catch(() => undefined); // the server is away: Streamlit says so itself
  };
  window.setInterval(look, 5000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) look(); });
  document.addEventListener("keydown", (event) => {
    const at = event.target;
    const typing = at instanceof HTMLElement &&
      (at.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(at.tagName));
    if (event.key !== "?" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const sheet = document.querySelector(".st-key-shortcuts button");
    if (sheet instanceof HTMLElement) { event.preventDefault(); sheet.click(); }
  });
})();
