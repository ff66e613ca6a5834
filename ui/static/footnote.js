// The page's behaviour: opens sources, minds the focus, and hands everything else to the server.
(() => {
  "use strict";

  const NARROW = window.matchMedia("(max-width: 900px)");
  const NEAR_END = 120;
  const RECHECK = 15000;
  let hub = null;
  let opener = null;
  let openedKey = null;

  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const currentConversation = () => new URLSearchParams(window.location.search).get("c") || "";
  const isAnswering = () => one("#latest [data-running]") !== null;
  const questionBox = () => one("#question textarea");

  function say(message) {
    const notice = one("#notice");
    if (!notice) return;
    notice.textContent = message;
    window.clearTimeout(say.timer);
    say.timer = window.setTimeout(() => { notice.textContent = ""; }, 4000);
  }

  // ---- the source panel -------------------------------------------------------------------------

  const panel = () => one("#source-panel");
  const panelIsOpen = () => { const aside = panel(); return aside !== null && !aside.hidden; };
  const keyOf = (element) => `${element.dataset.turn}/${element.dataset.number}`;

  function showWhichMarkIsOpen() {
    all('[data-action="source"]').forEach((mark) => {
      const open = panelIsOpen() && keyOf(mark) === openedKey;
      if (open) mark.setAttribute("aria-expanded", "true");
      else mark.removeAttribute("aria-expanded");
    });
  }

  function holdBackTheRest(held) {
    ["#sidebar", "#conversation"].forEach((selector) => {
      const part = one(selector);
      if (part) part.inert = held;
    });
  }

  async function openSource(button, keepOpener = false) {
    const asked = { turn: button.dataset.turn, number: button.dataset.number };
    let html;
    try {
      html = await hub.server.source(asked);
    } catch (error) {
      say("The source could not be opened: is Footnote still running?");
      return;
    }
    if (!keepOpener) opener = button;
    openedKey = keyOf(button);
    const aside = panel();
    const body = one(".panel-body", aside);
    body.innerHTML = html;
    body.scrollTop = 0;
    aside.hidden = false;
    document.body.dataset.source = "open";
    holdBackTheRest(NARROW.matches);
    showWhichMarkIsOpen();
    const quote = one("mark.quote", body);
    if (quote) quote.scrollIntoView({ block: "nearest" });
    const title = one("h2", body);
    if (title) title.focus({ preventScroll: true });
  }

  function closeSource(giveFocusBack = true) {
    const aside = panel();
    if (!aside || aside.hidden) return;
    aside.hidden = true;
    delete document.body.dataset.source;
    holdBackTheRest(false);
    showWhichMarkIsOpen();
    if (giveFocusBack) {
      // The mark may have been drawn anew while its answer was finished.
      const [turn, number] = (openedKey || "").split("/");
      const again = one(
        `.mark[data-turn="${CSS.escape(turn)}"][data-number="${CSS.escape(number || "")}"]`
      );
      const target = opener && opener.isConnected ? opener : again || questionBox();
      if (target) target.focus();
    }
    opener = null;
    openedKey = null;
  }

  // ---- the list of conversations on narrow screens ------------------------------------------------

  function openDrawer() {
    document.body.dataset.drawer = "open";
    const conversation = one("#conversation");
    if (conversation) conversation.inert = true;
    const first = one("#sidebar .drawer-close");
    if (first) first.focus();
  }

  function closeDrawer(giveFocusBack = true) {
    if (document.body.dataset.drawer !== "open") return false;
    delete document.body.dataset.drawer;
    const conversation = one("#conversation");
    if (conversation) conversation.inert = false;
    const button = one(".drawer-open");
    if (giveFocusBack && button) button.focus();
    return true;
  }

  // ---- copying ---------------------------------------------------------------------------------

  function copyOldWay(text) {
    const area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("readonly", "");
    area.className = "visually-hidden";
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }

  async function copy(text, button) {
    let copied = false;
    try {
      await navigator.clipboard.writeText(text);
      copied = true;
    } catch (error) {
      copied = copyOldWay(text);
    }
    button.focus();
    say(copied ? "Copied" : "The browser did not allow copying");
    if (copied) {
      button.dataset.done = "true";
      window.setTimeout(() => { delete button.dataset.done; }, 2000);
    }
  }

  // ---- logging in and out ------------------------------------------------------------------------

  const askServer = window.fetch.bind(window);
  let isLeaving = false;

  // Whoever is no longer logged in is led to the log-in page, and back to this address afterwards.
  window.fetch = async (...asked) => {
    const response = await askServer(...asked);
    if (response.status === 401 && !isLeaving) {
      isLeaving = true;
      // What was typed is not for whoever logs in next.
      if (questionBox()) questionBox().value = "";
      window.location.assign(`/login?next=${encodeURIComponent(window.location.pathname + window.location.search)}`);
    }
    return response;
  };

  async function logOut() {
    try {
      await askServer("/logout", { method: "POST" });
      isLeaving = true;
      window.location.assign("/login");
    } catch (error) {
      say("You are not logged out: is Footnote still running?");
    }
  }

  // ---- actions -----------------------------------------------------------------------------------

  // While an answer is shown as it is written, its conversation is left by a real navigation: what
  // still arrives for the old page can then never end up in the new one.
  function goTo(id) {
    if (isAnswering()) window.location.assign(id ? `?c=${encodeURIComponent(id)}` : "./");
    else hub.trigger("open", { conversation: id });
  }

  function openConversation(id) {
    closeSource(false);
    closeDrawer(false);
    if (id !== currentConversation() || id === "") goTo(id);
    const box = questionBox();
    if (box) box.focus();
  }

  function entryOf(element) {
    return element.closest(".conversation");
  }

  function showInEntry(entry, part) {
    one(".row", entry).hidden = part !== ".row";
    one(".rename", entry).hidden = part !== ".rename";
    one(".confirm", entry).hidden = part !== ".confirm";
  }

  const actions = {
    skip: () => questionBox().focus(),
    "skip-to-answer": () => {
      const heading = one("#latest .question");
      if (!heading) return questionBox().focus();
      if (!heading.hasAttribute("tabindex")) heading.tabIndex = -1;
      heading.focus();
    },
    "log-out": () => logOut(),
    source: (button) => openSource(button),
    step: (button) => openSource(button, true),
    "close-source": () => closeSource(),
    "open-drawer": () => openDrawer(),
    "close-drawer": () => closeDrawer(),
    open: (link) => openConversation(link.dataset.conversation),
    example: (button) => hub.trigger("example", { question: button.textContent }),
    retry: (button) => {
      closeSource(false);
      hub.trigger("retry", { turn: button.dataset.turn });
      const box = questionBox();
      if (box) box.focus();
    },
    copy: async (button) => {
      const text = await hub.server.copy_text({ turn: button.dataset.turn });
      await copy(text, button);
    },
    "copy-quote": (button) => {
      const { quote } = button.closest(".source").dataset;
      if (quote) copy(quote, button);
    },
    judge: async (button) => {
      const pressed = button.getAttribute("aria-pressed") === "true";
      const verdict = pressed ? null : button.dataset.verdict;
      const turn = button.closest(".turn");
      const kept = await hub.server.judge({ turn: button.dataset.turn, verdict, word: "" });
      if (!kept) {
        say("This could not be kept");
        return;
      }
      all('[data-action="judge"]', turn).forEach((other) => {
        other.setAttribute("aria-pressed", String(other === button && !pressed));
      });
      const why = one(".why", turn);
      why.hidden = pressed;
      if (!pressed) {
        one("input", why).focus({ preventScroll: true });
        why.scrollIntoView({ block: "nearest" });
      }
      say(pressed ? "Taken back" : "Kept on this machine");
    },
    rename: (button) => {
      const entry = entryOf(button);
      showInEntry(entry, ".rename");
      const input = one("input", entry);
      input.value = one(".row a", entry).textContent;
      input.focus();
      input.select();
    },
    delete: (button) => {
      const entry = entryOf(button);
      showInEntry(entry, ".confirm");
      one('[data-action="keep"]', entry).focus();
    },
    keep: (button) => leaveEntry(entryOf(button), '[data-action="delete"]'),
    "confirm-delete": async (button) => {
      const entry = entryOf(button);
      const id = entry.dataset.conversation;
      const current = id === currentConversation();
      if (current) closeSource(false);
      showInEntry(entry, ".row");
      if (current && isAnswering()) {
        await hub.server.discard({ conversation: id });
        window.location.assign("./");
        return;
      }
      hub.trigger("remove", { conversation: id });
      const next = one("#sidebar .new-chat");
      if (next) next.focus();
      say("Conversation deleted");
    },
  };

  function leaveEntry(entry, focusOn) {
    showInEntry(entry, ".row");
    const target = one(focusOn, entry);
    if (target) target.focus();
  }

  const forms = {
    rename: (form) => {
      const entry = entryOf(form);
      hub.trigger("rename", {
        conversation: entry.dataset.conversation,
        title: one("input", form).value,
      });
      leaveEntry(entry, '[data-action="rename"]');
    },
    why: async (form) => {
      const turn = form.closest(".turn");
      const chosen = one('[data-action="judge"][aria-pressed="true"]', turn);
      const kept = await hub.server.judge({
        turn: form.dataset.turn,
        verdict: chosen ? chosen.dataset.verdict : null,
        word: one("input", form).value,
      });
      form.hidden = kept;
      if (chosen) chosen.focus();
      say(kept ? "Thank you: kept on this machine" : "This could not be kept");
    },
  };

  // ---- what the browser reports ------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target.closest("[data-action]") : null;
    if (target) {
      const otherTab = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
      // A link of a page that is not wired yet is still a link.
      if (target.tagName === "A" && (otherTab || !hub)) return;
      event.preventDefault();
      const action = actions[target.dataset.action];
      if (action && hub) action(target);
      return;
    }
    if (document.body.dataset.drawer === "open" && !event.target.closest("#sidebar")) closeDrawer();
    if (event.target.closest("#send, #stop")) {
      const box = questionBox();
      if (box) box.focus();
    }
  });

  document.addEventListener("submit", (event) => {
    const handler = forms[event.target.dataset.form];
    if (!handler) return;
    event.preventDefault();
    handler(event.target);
  });

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape") {
        const entry = entryOf(event.target);
        if (entry && one(".row", entry).hidden) {
          const renaming = !one(".rename", entry).hidden;
          leaveEntry(entry, renaming ? '[data-action="rename"]' : '[data-action="delete"]');
        } else if (panelIsOpen()) closeSource();
        else closeDrawer();
        return;
      }
      const inQuestion = event.target === questionBox();
      if (inQuestion && event.key === "Enter" && !event.shiftKey) {
        // Enter that ends a composed character (Japanese, Chinese, Korean) sends nothing.
        if (event.isComposing) event.stopPropagation();
        else if (isAnswering() || !canSend()) {
          event.preventDefault();
          event.stopPropagation();
        }
      }
    },
    true
  );

  document.addEventListener("input", (event) => {
    if (event.target === questionBox()) countCharacters();
  });

  function canSend() {
    const box = questionBox();
    const length = box && hub ? box.value.trim().length : 0;
    return length > 0 && length <= hub.questionLimit;
  }

  function countCharacters() {
    const box = questionBox();
    const counter = one("#counter");
    if (!box || !counter || !hub) return;
    const length = box.value.trim().length;
    const over = length > hub.questionLimit;
    const number = (value) => value.toLocaleString("en");
    counter.textContent = over
      ? `${number(length)} of ${number(hub.questionLimit)} characters: please shorten the question`
      : "";
    const send = one("#send");
    if (send) send.toggleAttribute("data-blocked", over);
  }

  // Gradio would break off what still streams, and report that as an error. The browser ends it anyway.
  window.addEventListener("beforeunload", (event) => {
    event.stopImmediatePropagation();
    keepDraft();
  });

  // What is typed outlasts a reload, which Gradio makes by itself once a server is back.
  function keepDraft() {
    const box = questionBox();
    try {
      if (box) window.sessionStorage.setItem("question-draft", box.value);
    } catch (error) { /* Where a browser keeps nothing, nothing is kept. */ }
  }

  function restoreDraft() {
    const box = questionBox();
    let draft = "";
    try {
      draft = window.sessionStorage.getItem("question-draft");
      window.sessionStorage.removeItem("question-draft");
    } catch (error) { /* Nothing was kept. */ }
    if (!draft || !box || box.value) return;
    box.value = draft;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  window.addEventListener("popstate", () => {
    if (!hub) return;
    closeSource(false);
    if (isAnswering()) window.location.reload();
    else hub.trigger("open", { conversation: currentConversation() });
  });

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && hub) hub.trigger("refresh", {});
  });

  window.setInterval(() => {
    if (document.visibilityState === "visible" && hub && !isAnswering()) hub.trigger("recheck", {});
  }, RECHECK);

  NARROW.addEventListener("change", () => {
    if (panelIsOpen()) holdBackTheRest(NARROW.matches);
    if (!NARROW.matches) closeDrawer(false);
  });

  // ---- following the answer ------------------------------------------------------------------------

  // A conversation is read on from its last question: that stands at the top as soon as there is enough below
  // it. Whoever scrolls to the end stays at the end, and whoever scrolls elsewhere is left alone.
  function watchThread() {
    const thread = one("#thread");
    let keepsTo = "question";
    let placedAt = 0;
    let placedSize = "";
    let shownTurn = null;
    let shownCard = null;

    const size = () => `${thread.scrollHeight} ${thread.clientHeight}`;

    function place() {
      const turn = one("#latest .turn");
      const id = turn ? turn.dataset.turn : null;
      if (id !== shownTurn) {
        shownTurn = id;
        keepsTo = "question";
      }
      if (keepsTo === "end") thread.scrollTop = thread.scrollHeight;
      if (keepsTo === "question" && turn) {
        thread.scrollTop += turn.getBoundingClientRect().top - thread.getBoundingClientRect().top;
      }
      // Why a question was refused stands below all else.
      const card = all("#latest .failure").find((failure) => !failure.closest(".turn")) || null;
      if (card && card !== shownCard) card.scrollIntoView({ block: "nearest" });
      shownCard = card;
      placedAt = thread.scrollTop;
      placedSize = size();
    }

    thread.addEventListener("scroll", () => {
      if (Math.abs(thread.scrollTop - placedAt) < 2) return;
      // What has grown or shrunk moves what is shown too, and nobody has scrolled.
      if (size() !== placedSize) {
        place();
        return;
      }
      const below = thread.scrollHeight - thread.scrollTop - thread.clientHeight;
      keepsTo = below < NEAR_END ? "end" : "nothing";
    });
    new MutationObserver(() => {
      showWhichMarkIsOpen();
      place();
    }).observe(thread, { childList: true, subtree: true, characterData: true });
    // A question box that shrinks, or a keyboard that goes, moves what is shown, and nobody has scrolled.
    new ResizeObserver(() => {
      if (keepsTo === "question") place();
      else {
        placedAt = thread.scrollTop;
        placedSize = size();
      }
    }).observe(thread);
    place();
  }

  function nameTheLandmarks() {
    const wrapper = one("main.contain");
    if (wrapper) wrapper.setAttribute("role", "presentation");
    one("#conversation").setAttribute("role", "main");
    one("#composer").setAttribute("role", "form");
    one("#composer").setAttribute("aria-label", "Ask a question");
  }

  // Gradio draws its parts one by one, in no fixed order.
  function whenAllAreThere(selectors, then) {
    if (selectors.every((selector) => one(selector))) then();
    else window.requestAnimationFrame(() => whenAllAreThere(selectors, then));
  }

  window.footnote = {
    connect: (made) => {
      hub = made;
      whenAllAreThere(["#conversation", "#composer", "#thread", "#latest"], () => {
        nameTheLandmarks();
        watchThread();
        restoreDraft();
      });
    },
    wanted: currentConversation,
    shown: (id) => {
      if (id === currentConversation()) return;
      const address = new URL(window.location.href);
      if (id) address.searchParams.set("c", id);
      else address.searchParams.delete("c");
      window.history.pushState(null, "", address);
    },
  };
})();
