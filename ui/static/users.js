// The Users page's behaviour: adds and removes people, changes roles, and sets passwords.
(() => {
  "use strict";

  const page = window.footnotePage;
  const { one, isolated, say, trying, askFirst } = page;

  const send = (address, body) => page.send(`/users/${address}`, body);

  async function draw() {
    const parts = await page.look("/users/parts");
    for (const name of ["line", "problem", "users"]) one(`#${name}`).innerHTML = parts[name];
  }

  // What one changes about oneself logs one out: loaded anew, the page leads to the log-in.
  async function changed(oneself, words) {
    if (oneself) {
      window.location.reload();
      return;
    }
    await draw();
    say(words);
  }

  // ---- passwords ---------------------------------------------------------------------------------------

  function showTyped(way) {
    const form = way.form;
    for (const part of form.querySelectorAll(".typed")) {
      part.hidden = way.value !== "type";
      part.querySelector("input").required = way.value === "type";
    }
  }

  function emptied(form) {
    form.reset();
    showTyped(form.elements.way);
  }

  function showSecret(name, password) {
    one("#secret").hidden = !password;
    one("#secret-of").textContent = password ? `The password of ${isolated(name)}` : "";
    one("#secret-words").textContent = password || "";
    if (!password) return;
    one("#secret").scrollIntoView({ block: "nearest" });
    one('[data-action="copy-secret"]').focus({ preventScroll: true });
  }

  async function sending(form, error, work) {
    const button = one('[type="submit"]', form);
    one(error).textContent = "";
    button.disabled = true;
    try {
      await work(Object.fromEntries(new FormData(form)));
    } catch (problem) {
      one(error).textContent = problem.message;
    } finally {
      button.disabled = false;
    }
  }

  const forms = {
    add: (form) =>
      sending(form, "#add-error", async ({ name, role, way, first = "", second = "" }) => {
        showSecret("", null);
        const told = await send("add", { name, role, way, first, second });
        emptied(form);
        await draw();
        say(`${isolated(name.trim())} is added as ${role}`);
        if (told.password) showSecret(name.trim(), told.password);
        else one("#new-name").focus();
      }),
    password: (form) =>
      sending(form, "#passwd-error", async ({ user, way, first = "", second = "" }) => {
        showSecret("", null);
        const told = await send("password", { name: user, way, first, second });
        const oneself = form.dataset.oneself;
        one("#passwd").close();
        // One's own made-up password has to be read before one is led to the log-in.
        if (told.password) showSecret(user, told.password);
        if (oneself && told.password) say("You are logged out; log in with it");
        else await changed(oneself, `${isolated(user)} has another password`);
      }),
  };

  // ---- actions -----------------------------------------------------------------------------------------

  const actions = {
    password: (button) => {
      const form = one("#passwd form");
      emptied(form);
      one("#passwd-error").textContent = "";
      form.elements.user.value = button.dataset.user;
      form.dataset.oneself = button.dataset.oneself;
      one("#passwd-title").textContent = `New password for ${isolated(button.dataset.name)}`;
      one("#passwd-detail").textContent = button.dataset.oneself
        ? "You are logged out wherever you are logged in, here too."
        : "They are logged out wherever they are logged in.";
      one("#passwd").showModal();
      form.elements.way.focus();
    },
    remove: (button) => {
      const { user, name, oneself } = button.dataset;
      askFirst(
        oneself ? "Remove yourself?" : `Remove ${isolated(name)}?`,
        oneself
          ? "You are logged out at once, and your conversations are deleted."
          : "They are logged out at once, and their conversations are deleted.",
        async () => {
          await send("remove", { name: user });
          await changed(oneself, `${isolated(name)} is removed`);
        }
      );
    },
    "copy-secret": () =>
      trying(async () => {
        try {
          await window.navigator.clipboard.writeText(one("#secret-words").textContent);
        } catch (error) {
          throw new Error("It could not be copied; select it and copy it by hand");
        }
        say("Copied");
      }),
    "leave-secret": () => {
      showSecret("", null);
      one("#new-name").focus();
    },
    "leave-passwd": () => one("#passwd").close(),
  };

  page.listen(actions, forms);

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-way]")) showTyped(event.target);
    if (!event.target.matches('select[data-action="role"]')) return;
    const { user, name, role, oneself } = event.target.dataset;
    const wanted = event.target.value;
    // Until it is so, it stands as it was.
    event.target.value = role;
    askFirst(
      `Make ${oneself ? "yourself" : isolated(name)} ${wanted === "reader" ? "a" : "an"} ${wanted}?`,
      oneself ? "You are logged out, and log in anew." : "They are logged out, and log in anew.",
      async () => {
        await send("role", { name: user, role: wanted });
        await changed(oneself, `${isolated(name)} is ${wanted} now`);
      },
      { yes: "Change", no: "Cancel", harmless: true }
    );
  });
})();
