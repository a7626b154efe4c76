/* A picker beside each field for a colour in words. The field alone is sent. */
document.addEventListener("DOMContentLoaded", () => {
  for (const field of document.querySelectorAll("input[data-colour]")) {
    const { colour, colourLabel } = field.dataset;
    const name = field.labels[0]?.innerText.trim() ?? "";
    const picker = Object.assign(document.createElement("input"), { type: "color", className: "colour__picker" });
    picker.setAttribute("aria-label", `${colourLabel}: ${name}`);
    const show = () => {
      picker.value = /^#[0-9a-f]{6}$/i.test(field.value) ? field.value : colour;
    };
    picker.addEventListener("input", () => {
      field.value = picker.value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    field.addEventListener("input", show);
    field.classList.add("colour");
    field.after(picker);
    show();
  }
});
