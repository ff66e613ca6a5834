// What the pages beside the chat have in common: asking the server, saying things, and asking first.
(() => {
  "use strict";

  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  // A name that is written from right to left, among words that are not.
  const isolated = (name) => `\u2068${name}\u2069`;

  function say(message) {
    const notice = one("#notice");
    notice.textContent = message;
    window.clearTimeout(say.timer);
    say.timer = window.setTimeout(() => { notice.textContent = ""; }, 6000);
  }

  // ---- asking the server ---------------------------------------------------------------------------

  // Whoever is no longer logged in is led to the log-in page, and back to this address afterwards.
  function leaveIfLoggedOut(response) {
    if (response.status !== 401) return;
    window.location.assign(`/login?next=${encodeURIComponent(window.location.pathname + window.location.search)}`);
  }

  async function logOut() {
    await fetch("/logout", { method: "POST" });
    window.location.assign("/login");
  }

  async function send(address, body = {}) {
    let response;
    try {
      response = await fetch(address, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
    } catch (error) {
      throw new Error("Footnote does not answer: is it still running?");
    }
    leaveIfLoggedOut(response);
    const told = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(told.error || told.detail || `It was refused (${response.status})`);
    return told;
  }

  async function look(address) {
    const response = await fetch(address);
    leaveIfLoggedOut(response);
    if (!response.ok) throw new Error(String(response.status));
    return response.json();
  }

  async function trying(work) {
    try {
      await work();
    } catch (error) {
      say(error.message);
    }
  }

  // ---- asking for confirmation -------------------------------------------------------------------------

  let confirmed = null;

  // `words` are those of the two buttons; what is harmless is asked in quieter colours.
  function askFirst(question, detail, then, { yes = "Remove", no = "Keep", harmless = false } = {}) {
    one("#confirm-question").textContent = question;
    one("#confirm-detail").textContent = detail;
    const button = one('#confirm [data-action="confirmed"]');
    button.textContent = yes;
    button.classList.toggle("danger", !harmless);
    button.classList.toggle("strong", harmless);
    one('#confirm [data-action="close-dialog"]').textContent = no;
    confirmed = then;
    one("#confirm").showModal();
    one('#confirm [data-action="close-dialog"]').focus();
  }

  // ---- buttons and forms -------------------------------------------------------------------------------

  const ownActions = {
    "log-out": () => trying(() => logOut()),
    confirmed: () => {
      one("#confirm").close();
      if (confirmed) trying(confirmed);
    },
    "close-dialog": () => one("#confirm").close(),
  };

  // `actions` by their data-action, `forms` by their data-form.
  function listen(actions, forms = {}) {
    document.addEventListener("click", (event) => {
      if (!(event.target instanceof Element)) return;
      const otherTab = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
      const target = event.target.closest("[data-action]");
      if (!target || target.tagName === "SELECT" || (target.tagName === "A" && otherTab)) return;
      event.preventDefault();
      const action = actions[target.dataset.action] || ownActions[target.dataset.action];
      if (action) action(target);
    });

    document.addEventListener("submit", (event) => {
      const handler = forms[event.target.dataset.form];
      if (!handler) return;
      event.preventDefault();
      handler(event.target);
    });
  }

  window.footnotePage = { one, all, isolated, say, send, look, trying, askFirst, listen };
})();
