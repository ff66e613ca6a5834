// The Library page's behaviour: sorts and filters the table, sends files, and follows a running sync.
(() => {
  "use strict";

  const WHILE_SYNCING = 600;
  const WHILE_QUIET = 10000;

  const page = window.footnotePage;
  const { one, all, isolated, say, trying, askFirst } = page;
  const onTheShelf = () => one("#articles") !== null;

  const send = (address, body) => page.send(`/library/${address}`, body);
  const look = (address) => page.look(`/library/${address}`);

  // ---- the table -------------------------------------------------------------------------------------

  const compare = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" }).compare;
  const BY_NUMBER = new Set(["passages"]);
  // More rows than these are laid out as one comes to the end of them.
  const WINDOW = 100;
  let rows = [];
  let fitting = [];
  let laidOut = WINDOW;
  let order = { column: "title", descending: false };

  function readRows(holder) {
    rows = all("tr", holder).map((element) => {
      const cells = {};
      for (const cell of element.cells) {
        const name = cell.classList[0];
        cells[name] = cell.dataset.key !== undefined ? cell.dataset.key : cell.textContent;
      }
      cells.passages = Number(cells.passages);
      return {
        element,
        cells,
        source: element.dataset.source,
        state: element.dataset.state,
        held: one("a", element.cells[0]) !== null,
        words: element.cells[0].textContent.toLowerCase(),
        publisher: cells.publisher.toLowerCase(),
      };
    });
  }

  function sortRows() {
    const { column, descending } = order;
    const sign = descending ? -1 : 1;
    const value = (row) => row.cells[column];
    // What has no value comes last, whichever way the rest is sorted.
    const missing = (row) => (BY_NUMBER.has(column) ? false : value(row) === "");
    rows.sort((a, b) => {
      if (missing(a) !== missing(b)) return missing(a) ? 1 : -1;
      const by = BY_NUMBER.has(column) ? value(a) - value(b) : compare(value(a), value(b));
      return sign * by || compare(a.cells.title, b.cells.title);
    });
    all("#articles th[aria-sort]").forEach((head) => {
      const here = one("button", head).dataset.sort === column;
      head.setAttribute("aria-sort", here ? (descending ? "descending" : "ascending") : "none");
    });
    one('.filters select[name="sort"]').value = column;
  }

  function filterRows() {
    const wanted = Object.fromEntries(new FormData(one(".filters")));
    const words = wanted.title.toLowerCase().split(/\s+/).filter(Boolean);
    const publisher = wanted.publisher.trim().toLowerCase();
    const from = wanted.from.trim();
    const to = wanted.to.trim();
    const least = Number(wanted.passages) || 0;
    fitting = rows.filter((row) => {
      const date = row.cells.published;
      return (
        words.every((word) => row.words.includes(word)) &&
        row.publisher.includes(publisher) &&
        (!wanted.source || row.source === wanted.source) &&
        (!wanted.state || row.state === wanted.state) &&
        (!from || (date && date >= from)) &&
        // A year or a month stands for the whole of it.
        (!to || (date && date.slice(0, to.length) <= to)) &&
        row.cells.passages >= least
      );
    });
    const shown = fitting.length;
    layOut();
    const number = (value, noun) => `${value.toLocaleString("en")} ${noun}${value === 1 ? "" : "s"}`;
    const outside = rows.filter((row) => !row.held).length;
    const everything = number(rows.length - outside, "article") + (outside ? `, ${outside.toLocaleString("en")} not in the library` : "");
    one("#shown").textContent = shown === rows.length ? everything : `${shown.toLocaleString("en")} of ${everything}`;
    one("#articles").hidden = rows.length === 0 || shown === 0;
    one(".filters").hidden = rows.length === 0;
    one("#shown").hidden = rows.length === 0;
    one(".nothing").hidden = rows.length === 0 || shown > 0;
  }

  function layOut() {
    one("#articles tbody").replaceChildren(...fitting.slice(0, laidOut).map((row) => row.element));
    const button = one('[data-action="more-rows"]');
    const rest = fitting.length - laidOut;
    button.hidden = rest <= 0;
    button.textContent = `Show more, of ${rest.toLocaleString("en")}`;
  }

  function layOutMore() {
    laidOut += WINDOW;
    layOut();
  }

  function watchTheEnd() {
    const watched = new IntersectionObserver(
      (entries) => { if (entries.some((entry) => entry.isIntersecting)) layOutMore(); },
      { root: scroller(), rootMargin: "600px" }
    );
    watched.observe(one('[data-action="more-rows"]'));
  }

  // Another order or choice is read from its beginning.
  function choose() {
    laidOut = WINDOW;
    filterRows();
    keepChoice();
  }

  // What is chosen stands in the address, so that the way back from an article leads to the same rows.
  function keepChoice() {
    const chosen = new URLSearchParams();
    for (const [name, value] of new FormData(one(".filters"))) {
      if (value && name !== "sort") chosen.set(name, value);
    }
    if (order.column !== "title" || order.descending) {
      chosen.set("sort", order.column);
      if (order.descending) chosen.set("descending", "1");
    }
    const query = chosen.toString();
    window.history.replaceState(null, "", query ? `?${query}` : window.location.pathname);
  }

  function takeChoice() {
    const chosen = new URLSearchParams(window.location.search);
    for (const field of one(".filters").elements) {
      if (field.name && field.name !== "sort" && chosen.has(field.name)) field.value = chosen.get(field.name);
    }
    if (one(`#articles [data-sort="${CSS.escape(chosen.get("sort") || "")}"]`)) {
      order = { column: chosen.get("sort"), descending: chosen.has("descending") };
    }
  }

  function sortBy(column) {
    order = { column, descending: order.column === column && !order.descending };
    sortRows();
    choose();
  }

  function showOptions(html) {
    const choice = one('.filters select[name="source"]');
    const before = choice.value;
    choice.innerHTML = html;
    choice.value = before;
    if (choice.selectedIndex < 0) choice.value = "";
  }

  // ---- drawing anew --------------------------------------------------------------------------------

  let drawing = Promise.resolve();

  function draw() {
    // One after the other, or an older answer might end up over a newer one.
    drawing = drawing.then(drawNow).catch(() => {});
    return drawing;
  }

  async function drawNow() {
    const parts = await look("parts");
    const focus = nameOfFocus();
    for (const name of ["line", "problem", "sources", "empty", "runs"]) one(`#${name}`).innerHTML = parts[name];
    showOptions(parts.options);
    const holder = document.createElement("template");
    holder.innerHTML = parts.rows;
    readRows(holder.content);
    sortRows();
    filterRows();
    foldRuns();
    if (focus) {
      const again = one(focus);
      if (again) again.focus({ preventScroll: true });
    }
  }

  function nameOfFocus() {
    const focused = document.activeElement;
    if (!focused || !focused.closest("#sources, #articles tbody, #runs")) return null;
    for (const name of ["place", "name"]) {
      const value = focused.dataset[name];
      if (value !== undefined) return `[data-action="${focused.dataset.action}"][data-${name}="${CSS.escape(value)}"]`;
    }
    const href = focused.getAttribute("href");
    return href ? `#articles a[href="${CSS.escape(href)}"]` : null;
  }

  function foldRuns() {
    const list = one("#runs .runs");
    if (!list || list.children.length <= 5) return;
    if (foldRuns.open) list.dataset.all = "";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tool";
    button.dataset.action = "all-runs";
    button.textContent = foldRuns.open ? "Show the last five" : `Show all ${list.children.length}`;
    list.after(button);
  }

  // ---- following a sync ------------------------------------------------------------------------------

  let ended = null;
  let running = false;
  let timer = null;

  async function follow() {
    window.clearTimeout(timer);
    try {
      const progress = await look("progress");
      showProgress(progress);
      if (ended !== null && progress.ended !== ended) {
        await draw();
        if (!progress.running) say("Sync ended");
      }
      ended = progress.ended;
      running = progress.running;
    } catch (error) {
      running = false;
    }
    const wait = running ? WHILE_SYNCING : WHILE_QUIET;
    window.clearTimeout(timer);
    timer = window.setTimeout(follow, wait);
  }

  function showProgress(progress) {
    one("#line").innerHTML = progress.line;
    one("#progress").hidden = !progress.running;
    one('[data-action="sync"]').disabled = progress.running;
    const bar = one("#bar");
    if (progress.total) {
      bar.max = progress.total;
      bar.value = progress.done;
      one("#doing").textContent = `${progress.done} of ${progress.total}: ${isolated(progress.step)}`;
    } else {
      bar.removeAttribute("value");
      one("#doing").textContent = progress.step ? `Reading the sources: ${isolated(progress.step)}` : "Reading the sources";
    }
  }

  async function beginSync(address = "sync", body = {}) {
    await send(address, body);
    await draw();
    await follow();
  }

  // ---- sending files -----------------------------------------------------------------------------------

  const waiting = [];
  let sending = false;

  async function sendFiles(files) {
    for (const file of files) waiting.push({ file, line: lineFor(file.name) });
    if (sending) return;
    sending = true;
    let kept = 0;
    while (waiting.length) {
      const { file, line } = waiting.shift();
      kept += await sendFile(file, line);
    }
    sending = false;
    if (!kept) return;
    say(kept === 1 ? "1 file was added" : `${kept} files were added`);
    try {
      await beginSync("uploads/read");
    } catch (error) {
      say(error.message);
    }
  }

  function lineFor(name) {
    const line = document.createElement("li");
    const label = document.createElement("span");
    label.textContent = name;
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", name);
    line.append(label, bar);
    one("#uploading").append(line);
    return line;
  }

  function endLine(line, name, words, good) {
    one("progress", line).remove();
    const told = document.createElement("span");
    told.className = good ? "done" : "error";
    told.setAttribute("role", good ? "status" : "alert");
    one("span", line).textContent = good ? `${isolated(name)} ` : "";
    told.textContent = words;
    line.append(told);
    return good ? 1 : 0;
  }

  async function sendFile(file, line) {
    try {
      // Asked first: a large file is not sent in vain.
      await send(`uploads/check?name=${encodeURIComponent(file.name)}&size=${file.size}`);
    } catch (error) {
      return endLine(line, file.name, error.message, false);
    }
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const end = (words, good) => done(endLine(line, file.name, words, good));
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) one("progress", line).value = event.loaded / event.total;
      });
      request.addEventListener("load", () => {
        let told = {};
        try { told = JSON.parse(request.responseText); } catch (error) { /* told by its status then */ }
        if (request.status === 200) end(`added as “${isolated(told.title)}”`, true);
        else end(told.error || `${file.name}: it was refused (${request.status})`, false);
      });
      request.addEventListener("error", () => {
        end(`${file.name}: it could not be sent; is Footnote still running?`, false);
      });
      request.open("POST", `/library/uploads?name=${encodeURIComponent(file.name)}`);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.send(file);
    });
  }

  // ---- actions -----------------------------------------------------------------------------------------

  function leavePreview() {
    one("#preview").hidden = true;
    one("#preview").innerHTML = "";
    one("#place-error").textContent = "";
  }

  const actions = {
    sync: () => trying(() => beginSync()),
    "clear-filters": () => {
      one(".filters").reset();
      choose();
      one('.filters [name="title"]').focus();
    },
    "more-filters": (button) => {
      const open = one(".filters").toggleAttribute("data-open");
      button.setAttribute("aria-expanded", String(open));
    },
    "more-rows": () => layOutMore(),
    "all-runs": (button) => {
      foldRuns.open = !foldRuns.open;
      delete one("#runs .runs").dataset.all;
      button.remove();
      foldRuns();
      one('[data-action="all-runs"]').focus();
    },
    "remove-source": (button) => {
      const count = Number(button.dataset.articles);
      const articles = count === 1 ? "Its article leaves" : `Its ${count.toLocaleString("en")} articles leave`;
      askFirst(
        `Remove “${isolated(button.dataset.name)}” from the sources?`,
        `${count ? `${articles} the library with the next sync. ` : ""}${button.dataset.detail}`,
        async () => {
          await send("sources/remove", { place: button.dataset.place });
          await draw();
          say("Removed; its articles leave with the next sync");
          one('[data-action="sync"]').focus();
        }
      );
    },
    "remove-upload": (button) => {
      askFirst(`Delete the file “${isolated(button.dataset.name)}”?`, "Its article leaves the library at once.", async () => {
        await send("uploads/remove", { name: button.dataset.name });
        if (button.dataset.then) {
          window.location.assign(button.dataset.then);
          return;
        }
        say("Deleted");
        await draw();
        await follow();
        one('.filters [name="title"]').focus();
      });
    },
    take: (button) =>
      trying(async () => {
        button.disabled = true;
        try {
          await send("sources/add", { place: button.dataset.place });
        } finally {
          button.disabled = false;
        }
        leavePreview();
        one("#place").value = "";
        one("#place").focus();
        say("Added; it is being read now");
        await draw();
        await follow();
      }),
    look: (button) => {
      one("#place").value = button.dataset.place;
      one('[data-form="preview"]').requestSubmit();
    },
    leave: () => {
      leavePreview();
      one("#place").focus();
    },
    back: (link) => {
      const from = window.sessionStorage.getItem("library-from");
      if (from === window.location.href) window.history.back();
      else window.location.assign(link.href);
    },
  };

  const forms = {
    filters: () => {},
    preview: async (form) => {
      const button = one('[type="submit"]', form);
      leavePreview();
      button.disabled = true;
      button.textContent = "Looking …";
      try {
        const told = await send("preview", { place: one("#place").value });
        one("#preview").innerHTML = told.preview;
        one("#preview").hidden = false;
        one('#preview [data-action="take"]').focus({ preventScroll: true });
        one("#preview").scrollIntoView({ block: "nearest" });
      } catch (error) {
        one("#place-error").textContent = error.message;
        one("#place").focus();
      } finally {
        button.disabled = false;
        button.textContent = "Preview";
      }
    },
  };

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const otherTab = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
    const opened = event.target.closest("#articles td.title a");
    // From there the way back leads to these rows, at this place.
    if (opened && !otherTab) window.sessionStorage.setItem("library-from", opened.href);
    const sorted = event.target.closest("[data-sort]");
    if (sorted) sortBy(sorted.dataset.sort);
  });

  page.listen(actions, forms);

  document.addEventListener("input", (event) => {
    if (event.target.closest(".filters") && event.target.name !== "sort") choose();
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches('.filters select[name="sort"]')) {
      order = { column: event.target.value, descending: event.target.value === "published" };
      sortRows();
      choose();
    }
    if (event.target.matches('select[data-action="often"]')) {
      const chosen = event.target;
      trying(async () => {
        try {
          await send("sources/schedule", { place: chosen.dataset.place, hours: chosen.value });
          say("Changed");
        } finally {
          await draw();
        }
      });
    }
    if (event.target.id === "files") {
      sendFiles(Array.from(event.target.files));
      event.target.value = "";
    }
  });

  // A file that misses its field would be opened by the browser in place of the page.
  function watchDrops() {
    const zone = one("#drop");
    const carriesFiles = (event) => event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");
    document.addEventListener("dragover", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      zone.dataset.over = "";
    });
    document.addEventListener("dragleave", (event) => {
      if (event.relatedTarget === null) delete zone.dataset.over;
    });
    document.addEventListener("drop", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      delete zone.dataset.over;
      sendFiles(Array.from(event.dataTransfer.files));
    });
  }

  const scroller = () => one(".shelf-scroll");

  window.addEventListener("pagehide", () => {
    if (onTheShelf()) window.sessionStorage.setItem("library-at", JSON.stringify([scroller().scrollTop, laidOut]));
  });

  function goWhereOneWas() {
    const [way] = window.performance.getEntriesByType("navigation");
    if (way && way.type === "back_forward") {
      const [top, rowsThen] = JSON.parse(window.sessionStorage.getItem("library-at") || "[0, 0]");
      laidOut = Math.max(laidOut, rowsThen);
      layOut();
      scroller().scrollTop = top;
    }
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && onTheShelf()) follow();
  });

  if (onTheShelf()) {
    takeChoice();
    readRows(one("#rows").content);
    sortRows();
    filterRows();
    foldRuns();
    watchTheEnd();
    goWhereOneWas();
    watchDrops();
    follow();
  }
})();
