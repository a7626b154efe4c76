/* Coding by keyboard. Without it, the same form is ticked and sent by hand. */
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-coding]");
  if (!form) return;
  const { earlier, later, ticked, unticked, search, keys } = form.dataset;
  const said = form.querySelector("[data-coding-said]");
  const boxes = [...form.querySelectorAll(".coding-box")];
  const save = form.querySelector("button[value=save]");
  const fresh = form.querySelector("input[name=new]");

  const toggle = (box) => {
    const input = box.querySelector("input");
    input.checked = !input.checked;
    said.textContent = `${box.querySelector(".coding-name").textContent}: ${input.checked ? ticked : unticked}`;
  };

  // A field that finds codes by their name; Enter ticks the first one.
  const find = Object.assign(document.createElement("input"), { type: "search", autocomplete: "off" });
  const finder = Object.assign(document.createElement("label"), { className: "coding-find" });
  finder.append(search, find);
  if (boxes.length > 1) boxes[0].before(finder);
  const filter = () => {
    const sought = find.value.trim().toLocaleLowerCase();
    for (const box of boxes) box.hidden = !box.textContent.toLocaleLowerCase().includes(sought);
  };
  find.addEventListener("input", filter);
  find.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    const first = boxes.find((box) => !box.hidden);
    if (find.value && first) toggle(first);
    find.value = "";
    filter();
    find.blur();
  });

  // Single keys can be turned off: speech input and shaky hands press them by chance.
  const remembered = "coding-keys";
  const choice = Object.assign(document.createElement("input"), { type: "checkbox" });
  choice.checked = localStorage.getItem(remembered) !== "off";
  choice.addEventListener("change", () => localStorage.setItem(remembered, choice.checked ? "on" : "off"));
  const chooser = Object.assign(document.createElement("label"), { className: "coding-choice" });
  chooser.append(choice, keys);
  const help = form.querySelector(".coding-keys");
  help.hidden = false;
  help.before(chooser);

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
      const { target, key } = event;
      if (target.matches("input:not([type=checkbox]), textarea, select, [contenteditable=true]")) {
        if (key === "Escape" && form.contains(target)) target.blur();
        return;
      }
      const act = action(key, target);
      if (!act || !choice.checked) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      act();
    },
    true,
  );

  function action(key, target) {
    const box = boxes.find((one) => one.dataset.key === key);
    if (box) return () => toggle(box);
    if (key === "n") return () => fresh.focus();
    if (key === "/" && finder.isConnected) return () => find.focus();
    if (key === "ArrowLeft" && earlier) return () => location.assign(earlier);
    if (key === "ArrowRight" && later) return () => location.assign(later);
    if (key === "Enter" && !target.closest("a, button, summary")) return () => form.requestSubmit(save);
    return null;
  }
});
