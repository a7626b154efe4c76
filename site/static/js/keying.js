/* Keying in a sheet: Enter goes on to the next question, Ctrl+Enter saves. Without this, Tab and Enter do. */
(() => {
  const form = document.querySelector("[data-keying-form]");
  if (!form) return;
  const save = form.querySelector("[data-keying-save]");
  for (const words of document.querySelectorAll("[data-keying]")) words.hidden = words.dataset.keying === "off";

  /* Whether the words beside an option are called for: what is typed for the question names it. */
  const isCalledFor = (input) => {
    const codes = input.dataset.keyingCodes?.split(" ");
    if (!codes) return true;
    const typed = form.elements[input.dataset.keyingBeside].value;
    const parts = typed.split(/[^0-9-]+/);
    return input.value !== "" || codes.some((code) => parts.includes(code) || (code.length === 1 && typed.includes(code)));
  };
  const stops = () =>
    [...form.querySelectorAll("input:not([type=hidden]), textarea")].filter(
      (input) => input.offsetParent !== null && isCalledFor(input),
    );

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      form.requestSubmit(save);
    } else if (event.target.matches("input:not([type=checkbox])")) {
      event.preventDefault();
      const every = stops();
      const next = every[every.indexOf(event.target) + 1] ?? save;
      next.focus();
      next.select?.();
    }
  });

  /* A second press of the button is no second sheet, and the key would see to that as well. */
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => delete form.dataset.sent);
})();
