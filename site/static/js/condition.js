/* Fields that choose among the questions of the form as they stand in it now: "Show only if", and what a statement rests on. */
(() => {
  const CHILD = "[data-streamfield-child]";
  const own = (child, name) => child.querySelector(`:scope > input[name$="-${name}"]`)?.value ?? "";
  const alive = (child) => own(child, "deleted") !== "1";
  const children = (parent, path) =>
    [...(parent.querySelector(`[data-contentpath="${path}"]`)?.querySelectorAll(CHILD) ?? [])].filter(
      (child) => child.parentElement.closest(CHILD) === parent && alive(child),
    );
  const words = (child, path) =>
    child.querySelector(`[data-contentpath="${path}"]`)?.querySelector("input, textarea")?.value.trim() ?? "";
  const ticked = (child, path) =>
    child.querySelector(`[data-contentpath="${path}"]`)?.querySelector("input[type=checkbox]")?.checked ?? false;
  const make = (tag, properties, ...content) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...content);
    return element;
  };

  class Condition {
    constructor(placeholder, name, id, state, kinds, texts, records) {
      Object.assign(this, { idForLabel: id, kinds, texts, records });
      this.input = make("input", { type: "hidden", name });
      this.select = make("select", { id });
      this.options = make("fieldset", { className: "condition__options" });
      this.element = make("div", {}, this.input, this.select, this.options);
      placeholder.replaceWith(this.element);
      this.select.addEventListener("change", () => {
        this.store({ question: this.select.value, any: [] });
        this.show();
      });
      this.options.addEventListener("change", () => {
        const ticked = [...this.options.querySelectorAll(":checked")].map((input) => input.value);
        this.store({ ...this.stored, any: ticked });
      });
      for (const event of ["focusin", "pointerenter"]) this.element.addEventListener(event, () => this.show());
      this.setState(state);
      setTimeout(() => this.show()); // once the blocks around it are there
    }

    store(stored) {
      this.stored = stored;
      this.input.value = stored.question ? JSON.stringify(stored) : "";
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
    }

    earlier() {
      let section = this.element.closest(CHILD);
      while (section && own(section, "type") !== "section") section = section.parentElement.closest(CHILD);
      const sections = [...(section?.parentElement.children ?? [])].filter((e) => e.matches(CHILD) && alive(e));
      return sections.slice(0, Math.max(0, sections.indexOf(section))).map((other, index) => ({
        title: `${index + 1}. ${words(other, "title")}`,
        questions: children(other, "questions")
          .filter((question) => this.kinds.includes(own(question, "type")))
          .map((question) => ({
            id: own(question, "id"),
            label: words(question, "label"),
            options: this.offered(question),
          })),
      }));
    }

    offered(question) {
      const records = this.records[own(question, "type")];
      if (records)
        return records
          .filter(({ box }) => !box || ticked(question, box))
          .map(({ id, label, words: path }) => ({ id, label: path ? words(question, path) : label }));
      return children(question, "options").map((option) => ({ id: own(option, "id"), label: words(option, "label") }));
    }

    show() {
      const { question, any } = this.stored;
      const sections = this.earlier().filter((section) => section.questions.length);
      const now = JSON.stringify([question, any, sections]);
      // Nothing is rebuilt under the keyboard.
      if (now === this.shown || this.options.contains(document.activeElement)) return;
      this.shown = now;
      const found = sections.flatMap((section) => section.questions).find((other) => other.id === question);
      const choice = (value, text) => new Option(text, value, value === question, value === question);
      this.select.replaceChildren(
        choice("", this.texts.everybody),
        ...(question && !found ? [choice(question, this.texts.noQuestion)] : []),
        ...sections.map((section) =>
          make("optgroup", { label: section.title }, ...section.questions.map((q) => choice(q.id, q.label))),
        ),
      );
      const known = found?.options ?? [];
      const gone = any.filter((id) => !known.some((other) => other.id === id));
      const ticks = [...known, ...gone.map((id) => ({ id, label: this.texts.noOption }))];
      this.options.hidden = !ticks.length;
      this.options.replaceChildren(
        make("legend", {}, this.texts.answers),
        ...ticks.map(({ id, label }) =>
          make("label", {}, make("input", { type: "checkbox", value: id, checked: any.includes(id) }), ` ${label}`),
        ),
      );
    }

    getState() {
      return this.input.value;
    }

    getValue() {
      return this.input.value;
    }

    setState(state) {
      this.input.value = state || "";
      this.stored = JSON.parse(state || '{"question": "", "any": []}');
      this.show();
    }

    setInvalid(invalid) {
      this.select.setAttribute("aria-invalid", Boolean(invalid));
    }

    focus() {
      this.select.focus();
    }
  }

  /* Any question of the questionnaire in the same form; of a matrix, any row. What is stored stays. */
  class QuestionChoice {
    constructor(placeholder, name, id, state, unasked, texts) {
      Object.assign(this, { idForLabel: id, unasked, texts, stored: state || "" });
      this.element = make("select", { id, name });
      placeholder.replaceWith(this.element);
      for (const event of ["focus", "pointerenter"]) this.element.addEventListener(event, () => this.show());
      this.element.addEventListener("change", () => (this.stored = this.element.value));
      this.show();
      setTimeout(() => this.show()); // once the blocks of the questionnaire are there
    }

    sections() {
      const found = document.querySelector('[data-contentpath="questionnaire"]')?.querySelectorAll(CHILD) ?? [];
      const sections = [...found].filter((child) => own(child, "type") === "section" && alive(child));
      return sections.map((section, index) => ({
        title: `${index + 1}. ${words(section, "title")}`,
        questions: children(section, "questions")
          .filter((question) => !this.unasked.includes(own(question, "type")))
          .flatMap((question) => this.rows(question)),
      }));
    }

    rows(question) {
      const [id, label] = [own(question, "id"), words(question, "label")];
      if (own(question, "type") !== "matrix") return [{ id, label }];
      return children(question, "rows").map((row) => ({
        id: `${id}/${own(row, "id")}`,
        label: `${label} – ${words(row, "label")}`,
      }));
    }

    show() {
      const sections = this.sections().filter((section) => section.questions.length);
      const now = JSON.stringify([this.stored, sections]);
      if (now === this.shown) return;
      this.shown = now;
      const isThere = sections.some((section) => section.questions.some(({ id }) => id === this.stored));
      const choice = (value, text) => new Option(text, value, value === this.stored, value === this.stored);
      this.element.replaceChildren(
        choice("", this.texts.none),
        ...(this.stored && !isThere ? [choice(this.stored, this.texts.gone)] : []),
        ...sections.map(({ title, questions }) =>
          make("optgroup", { label: title }, ...questions.map(({ id, label }) => choice(id, label))),
        ),
      );
    }

    getState() {
      return this.element.value;
    }

    getValue() {
      return this.element.value;
    }

    setState(state) {
      this.stored = state || "";
      this.show();
    }

    setInvalid(invalid) {
      this.element.setAttribute("aria-invalid", Boolean(invalid));
    }

    focus() {
      this.element.focus();
    }
  }

  window.telepath.register("connected.QuestionChoice", function (...settings) {
    this.render = (...place) => new QuestionChoice(...place.slice(0, 4), ...settings);
  });
  window.telepath.register("connected.Condition", function (...settings) {
    this.render = (...place) => new Condition(...place.slice(0, 4), ...settings);
  });
})();
