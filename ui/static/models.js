// The Models page's behaviour: begins what is pressed, and follows a fetch that is under way.
(() => {
  "use strict";

  const page = window.footnotePage;
  const { one, all, isolated, say, trying, askFirst } = page;

  const WHILE_WORKING = 700;
  const WHILE_QUIET = 10000;

  const send = (address, body) => page.send(`/models/${address}`, body);
  const look = (address) => page.look(`/models/${address}`);

  // ---- drawing anew --------------------------------------------------------------------------------

  let drawing = Promise.resolve();

  function draw() {
    // One after the other, or an older answer might end up over a newer one.
    drawing = drawing.then(drawNow).catch(() => {});
    return drawing;
  }

  async function drawNow() {
    const parts = await look("parts");
    const focused = document.activeElement && document.activeElement.closest("#writers [data-model], #embedders [data-model]");
    const model = focused ? focused.dataset.model : null;
    for (const name of ["line", "problem", "notes", "writers", "embedders"]) one(`#${name}`).innerHTML = parts[name];
    holdButtons();
    if (model === null) return;
    const again = one(`tr[data-model="${CSS.escape(model)}"] button`);
    if (again) again.focus({ preventScroll: true });
  }

  // ---- following what is under way ---------------------------------------------------------------------

  let ended = null;
  let running = false;
  let timer = null;

  async function follow() {
    window.clearTimeout(timer);
    try {
      const progress = await look("progress");
      const begun = progress.running && !running;
      running = progress.running;
      showProgress(progress);
      if ((ended !== null && progress.ended !== ended) || begun) await draw();
      if (ended !== null && progress.ended !== ended && !running) say(progress.last);
      ended = progress.ended;
      holdButtons();
    } catch (error) {
      running = false;
    }
    window.clearTimeout(timer);
    timer = window.setTimeout(follow, running ? WHILE_WORKING : WHILE_QUIET);
  }

  function size(bytes) {
    return bytes >= 999500000 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.round(bytes / 1e6)} MB`;
  }

  function showProgress(progress) {
    one("#progress").hidden = !progress.running;
    one('[data-action="stop"]').disabled = progress.stopping;
    const bar = one("#bar");
    const verifying = progress.work === "verify" || progress.note === "verifying";
    const words = [`${verifying ? "Verifying" : "Fetching"} ${isolated(progress.model)}`];
    if (progress.total && progress.done) {
      bar.max = progress.total;
      bar.value = progress.done;
      words.push(`${size(progress.done)} of ${size(progress.total)}`);
    } else {
      bar.removeAttribute("value");
      if (progress.done) words.push(size(progress.done));
    }
    if (progress.source) words.push(`from ${progress.source}`);
    if (progress.note && progress.note !== "verifying") words.push(progress.note);
    one("#doing").textContent = progress.stopping ? "Stopping; what has come is kept" : words.join(", ");
  }

  // One model at a time is worked on.
  function holdButtons() {
    all('[data-action="fetch"], [data-action="verify"]').forEach((button) => { button.disabled = running; });
  }

  async function begin(work, model) {
    await send(work, { model });
    await follow();
  }

  // ---- actions -----------------------------------------------------------------------------------------

  const effects = {
    writer: "It writes the answers from the next start of Footnote on; until then the one in use goes on.",
    embedder: "The next sync prepares the whole library for it; until then the one in use goes on.",
  };

  const actions = {
    fetch: (button) => {
      const { model, name, size: bytes } = button.dataset;
      askFirst(
        `Fetch ${isolated(name)}?`,
        `${bytes ? `${bytes} are downloaded, unless a part of it is here already. ` : ""}It goes on when this page is closed.`,
        () => begin("fetch", model),
        { yes: "Fetch", no: "Cancel", harmless: true }
      );
    },
    verify: (button) => trying(() => begin("verify", button.dataset.model)),
    use: (button) => {
      const { model, name, kind } = button.dataset;
      askFirst(
        `Use ${isolated(name)}?`,
        effects[kind],
        async () => {
          const answer = await send("use", { model });
          await draw();
          say(answer.told);
        },
        { yes: "Use it", no: "Cancel", harmless: true }
      );
    },
    stop: () =>
      trying(async () => {
        await send("stop");
        await follow();
      }),
  };

  page.listen(actions);

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") follow();
  });

  follow();
})();
