/* Built from site/src by `npm run build` in site/: change the sources, not this file. */
(function() {
	// src/address.ts
	var address = new URL(location.href);
	function refused(error) {
		if (!(error instanceof DOMException) || error.name !== "SecurityError") throw error;
	}
	function read(name) {
		return address.searchParams.get(name);
	}
	function readList(name) {
		return (read(name) ?? "").split(",").filter(Boolean).map((part) => part.replaceAll("%2C", ","));
	}
	function write(name, value) {
		if (value) address.searchParams.set(name, value);
		else address.searchParams.delete(name);
		address.hash = location.hash;
		try {
			history.replaceState(null, "", readable());
		} catch (error) {
			refused(error);
		}
	}
	function writeList(name, values) {
		write(name, [...values].map((value) => value.replaceAll(",", "%2C")).join(","));
	}
	/** The address of this view, for people: commas and the like are left as they are. */
	function readable() {
		return address.href.replaceAll("%2C", ",").replaceAll("%40", "@").replaceAll("%2F", "/");
	}
	var memory = {
		get(name) {
			try {
				return localStorage.getItem(name);
			} catch (error) {
				refused(error);
				return null;
			}
		},
		set(name, value) {
			try {
				localStorage.setItem(name, value);
			} catch (error) {
				refused(error);
			}
		}
	};
	// src/dom.ts
	function make(name, properties = {}, ...children) {
		const made = Object.assign(document.createElement(name), properties);
		made.append(...children);
		return made;
	}
	/** Tells readers of the screen and of the page's live region what just happened. */
	function say(text) {
		const status = document.getElementById("status");
		if (status) status.textContent = text;
	}
	function button(text, action) {
		const made = make("button", { type: "button" }, text);
		made.addEventListener("click", action);
		return made;
	}
	/** A small menu that a key opens and Escape closes. */
	function menu(title, ...children) {
		const summary = make("summary", {}, title);
		const made = make("details", { className: "menu" }, summary, make("div", { className: "panel" }, ...children));
		made.addEventListener("keydown", (event) => {
			if (event.key !== "Escape" || !made.open) return;
			made.open = false;
			summary.focus();
		});
		document.addEventListener("click", (event) => {
			if (made.open && event.target instanceof Node && !made.contains(event.target)) made.open = false;
		});
		return made;
	}
	function checkbox(text, checked, change) {
		const box = make("input", {
			type: "checkbox",
			checked
		});
		box.addEventListener("change", () => change(box.checked));
		return make("label", {}, box, " ", text);
	}
	// src/values.ts
	/** The cell of a row under a column, counting spans; null where a cell spans several columns and so states none of them. */
	function cellAt(row, index) {
		let at = 0;
		for (const cell of row.cells) {
			if (index < at + cell.colSpan) return cell.colSpan > 1 ? null : cell;
			at += cell.colSpan;
		}
		return null;
	}
	var numeral = /^\s*[+\-−]?(\d[\d,]*\.?\d*|\.\d+)(e[+\-−]?\d+)?/i;
	function parse(text) {
		const found = numeral.exec(text)?.[0];
		return found === void 0 ? NaN : Number.parseFloat(found.replaceAll(",", "").replaceAll("−", "-"));
	}
	function keyOf(cell) {
		if (!cell) return { kind: "none" };
		const numeric = cell.classList.contains("n");
		const exact = cell.dataset["v"];
		const value = exact !== void 0 ? Number.parseFloat(exact) : numeric ? parse(cell.textContent ?? "") : NaN;
		if (!Number.isNaN(value)) return {
			kind: "number",
			value
		};
		const text = (cell.textContent ?? "").trim();
		return numeric || text === "" ? { kind: "none" } : {
			kind: "text",
			value: text
		};
	}
	var words = new Intl.Collator("en", { numeric: true });
	function compare(a, b, sign) {
		if (a.kind === "none" || b.kind === "none") return Number(a.kind === "none") - Number(b.kind === "none");
		if (a.kind === "number" && b.kind === "number") return sign * (a.value - b.value);
		return sign * words.compare(String(a.value), String(b.value));
	}
	/** A cell as text: what it shows first, without what stands small below; or every digit. */
	function textOf(cell, exact) {
		if (!cell) return "";
		if (exact && cell.dataset["v"] !== void 0) return cell.dataset["v"];
		const shown = cell.cloneNode(true);
		for (const extra of shown.querySelectorAll(".sub, svg, ul, input, button.copy")) extra.remove();
		return (shown.textContent ?? "").replace(/\s+/g, " ").trim();
	}
	// src/comparison.ts
	var most = 4;
	/** Two to four rows of a board side by side, on the board's own page. */
	var Comparison = class {
		table;
		element = make("span", { className: "picking" });
		picked = /* @__PURE__ */ new Map();
		openButton = button("", () => this.open());
		clearButton = button("Clear choice", () => this.clear());
		panel = make("section", {
			className: "comparison",
			hidden: true
		});
		constructor(table, region) {
			this.table = table;
			this.element.append(this.openButton, this.clearButton);
			this.panel.setAttribute("aria-label", "Comparison");
			this.panel.tabIndex = -1;
			region.before(this.panel);
			this.tell();
		}
		adopt(row) {
			const head = row.cells[0];
			if (!head || head.querySelector("input")) return;
			const box = make("input", { type: "checkbox" });
			box.setAttribute("aria-label", `Choose ${title(row)} for comparison`);
			box.addEventListener("change", () => this.pick(row, box));
			head.prepend(box, " ");
		}
		async restore() {
			const wanted = readList(`${this.table.prefix}compare`);
			if (wanted.length < 2) return;
			await this.table.complete();
			for (const row of this.table.rows) {
				if (!wanted.includes(row.dataset["row"] ?? "") || this.picked.size === most) continue;
				this.picked.set(row.dataset["row"], row);
				row.querySelector("input").checked = true;
			}
			this.tell();
			if (this.picked.size > 1) this.open(false);
		}
		pick(row, box) {
			if (box.checked && this.picked.size === most) {
				box.checked = false;
				say(`At most ${most} rows can be compared.`);
				return;
			}
			if (box.checked) this.picked.set(row.dataset["row"], row);
			else this.picked.delete(row.dataset["row"]);
			this.tell();
			say(`${this.picked.size} rows chosen.`);
			if (!this.panel.hidden) this.picked.size > 1 ? this.open(false) : this.close();
		}
		tell() {
			this.element.hidden = this.picked.size === 0;
			this.openButton.disabled = this.picked.size < 2;
			this.openButton.textContent = this.picked.size < 2 ? "Choose another row to compare" : `Compare ${this.picked.size} rows`;
		}
		clear() {
			for (const row of this.picked.values()) row.querySelector("input").checked = false;
			this.picked.clear();
			this.tell();
			this.close();
		}
		close() {
			this.panel.hidden = true;
			this.panel.replaceChildren();
			write(`${this.table.prefix}compare`, null);
		}
		open(focus = true) {
			const rows = [...this.picked.values()];
			this.table.remember("compare", this.picked.keys());
			const shut = button("Close", () => {
				this.close();
				this.openButton.focus();
			});
			const scroll = make("div", { className: "scroll" }, this.sideBySide(rows));
			scroll.setAttribute("role", "region");
			scroll.setAttribute("aria-label", "Rows side by side");
			scroll.tabIndex = 0;
			this.panel.replaceChildren(make("div", { className: "tools" }, make("strong", {}, `${rows.length} rows side by side`), shut), scroll);
			this.panel.hidden = false;
			if (focus) this.panel.focus();
			say(`${rows.length} rows side by side, ${this.table.heads.length} quantities.`);
		}
		sideBySide(rows) {
			const made = make("table", {}, make("caption", { className: "visually-hidden" }, "Chosen rows side by side"));
			const head = make("tr", {}, scoped("col", "Quantity"), ...rows.map((row) => scoped("col", title(row), "n")));
			const two = rows.length === 2;
			if (two) head.append(scoped("col", "Difference", "n"), scoped("col", "Ratio", "n"));
			made.append(make("thead", {}, head));
			const body = make("tbody");
			this.table.heads.forEach((column, index) => {
				if (index === 0 || column.dataset["key"] === "interval" || column.dataset["key"] === "runs") return;
				const line = make("tr", {}, scoped("row", columnTitle(column)), ...rows.map((row) => copy(row, index)));
				if (two) line.append(...difference(rows, index, column));
				body.append(line);
			});
			made.append(body);
			return made;
		}
	};
	function title(row) {
		const head = row.cells[0];
		return [head.querySelector("a")?.textContent, head.querySelector(".sub")?.textContent].filter(Boolean).join(", ");
	}
	function columnTitle(head) {
		const name = (head.querySelector("button.sort")?.textContent || head.firstChild?.textContent || "").trim();
		const unit = (head.querySelector(".unit")?.textContent ?? "").trim();
		return unit ? `${name} (${unit})` : name;
	}
	function scoped(scope, text, className = "") {
		return make("th", {
			scope,
			className
		}, text);
	}
	function copy(row, index) {
		const cell = cellAt(row, index);
		if (!cell) return make("td", { className: "n missing" }, "no result");
		const made = cell.cloneNode(true);
		made.hidden = false;
		return made;
	}
	function difference(rows, index, head) {
		const [a, b] = rows.map((row) => keyOf(cellAt(row, index)));
		const factor = Number(head.dataset["factor"]);
		if (!a || !b || a.kind !== "number" || b.kind !== "number" || !head.dataset["factor"]) return [make("td", { className: "n missing" }, "none"), make("td", { className: "n missing" }, "none")];
		const signed = new Intl.NumberFormat("en", {
			maximumSignificantDigits: 4,
			signDisplay: "exceptZero"
		}).format((b.value - a.value) * factor);
		const ratio = a.value > 0 && b.value > 0 ? `×${new Intl.NumberFormat("en", { maximumSignificantDigits: 3 }).format(b.value / a.value)}` : "none";
		return [make("td", { className: "n" }, signed.replace("-", "−")), make("td", { className: "n" }, ratio)];
	}
	/** The page that shows many rows side by side: the address may keep just some of its columns. */
	function startComparison() {
		for (const table of document.querySelectorAll("table[data-columns]")) {
			const cells = [...table.querySelectorAll("[data-row]")];
			const known = new Set(cells.map((cell) => cell.dataset["row"]));
			const wanted = new Set(readList("rows").filter((row) => known.has(row)));
			if (read("rows") === null || wanted.size === 0) continue;
			for (const cell of cells) cell.hidden = !wanted.has(cell.dataset["row"]);
			const tools = make("div", { className: "tools" });
			tools.append(button(`Show all ${known.size} rows`, () => {
				for (const cell of cells) cell.hidden = false;
				write("rows", null);
				tools.remove();
				say("All rows shown.");
			}));
			table.closest(".scroll").before(tools);
		}
	}
	// src/copying.ts
	/** Commands and citations can be taken along with one key. */
	function startCopying() {
		for (const block of document.querySelectorAll("[data-copy]")) {
			const text = block.textContent ?? "";
			const copy = button("Copy", () => void navigator.clipboard.writeText(text).then(() => say("Copied."), () => say("The browser did not allow copying.")));
			copy.className = "copy";
			block.before(copy);
		}
	}
	// src/columns.ts
	/** Which columns are shown. The address names the hidden ones, so that a new column is never missed by an old link. */
	var ColumnPicker = class {
		table;
		element;
		hidden;
		constructor(table) {
			this.table = table;
			this.hidden = new Set(readList(`${table.prefix}hide`));
			const heads = table.heads.filter((head, index) => index > 0 && table.name(head));
			this.element = menu("Columns", ...heads.map((head) => checkbox(label(head), !this.hidden.has(table.name(head)), (shown) => this.set(table.name(head), shown))));
			this.applyToHeads();
		}
		apply(row) {
			if (this.hidden.size === 0 && row.dataset["thinned"] === void 0) return;
			row.dataset["thinned"] = "";
			let at = 0;
			for (const cell of row.cells) {
				const span = Number(cell.dataset["span"] ??= String(cell.colSpan));
				const visible = this.table.heads.slice(at, at + span).filter((head) => !head.hidden).length;
				cell.hidden = visible === 0;
				if (visible > 0) cell.colSpan = visible;
				at += span;
			}
		}
		set(name, shown) {
			if (shown) this.hidden.delete(name);
			else this.hidden.add(name);
			this.table.remember("hide", this.hidden);
			this.applyToHeads();
			for (const row of this.table.rows) this.apply(row);
			this.table.refresh();
		}
		applyToHeads() {
			for (const head of this.table.heads) head.hidden = this.hidden.has(this.table.name(head));
		}
	};
	function label(head) {
		return (head.querySelector("button.sort")?.textContent || head.firstChild?.textContent || "").trim();
	}
	// src/exporting.ts
	var csvField = (text) => /[",\r\n]/.test(text) ? `"${text.replaceAll("\"", "\"\"")}"` : text;
	var markdownField = (text) => text.replace(/([\\`*_[\]<>|#])/g, "\\$1");
	var latexField = (text) => text.replace(/[\\{}&%$#_~^<>±µ−]/g, (character) => latexEscapes[character] ?? `\\${character}`);
	var latexEscapes = {
		"\\": "\\textbackslash{}",
		"~": "\\textasciitilde{}",
		"^": "\\textasciicircum{}",
		"<": "$<$",
		">": "$>$",
		"±": "$\\pm$",
		"µ": "$\\mu$",
		"−": "$-$"
	};
	var formats = [
		{
			name: "CSV",
			ending: "csv",
			type: "text/csv",
			exact: true,
			write: (head, rows) => [head, ...rows].map((row) => `${row.map(csvField).join(",")}\r\n`).join("")
		},
		{
			name: "JSON",
			ending: "json",
			type: "application/json",
			exact: true,
			write: (head, rows) => JSON.stringify(rows.map((row) => Object.fromEntries(row.map((cell, index) => [head[index], cell]))), null, 1)
		},
		{
			name: "Markdown",
			ending: "md",
			type: "text/markdown",
			exact: false,
			write: (head, rows) => [
				head,
				head.map(() => "---"),
				...rows
			].map((row, index) => `| ${row.map(index === 1 ? String : markdownField).join(" | ")} |\n`).join("")
		},
		{
			name: "LaTeX",
			ending: "tex",
			type: "application/x-tex",
			exact: false,
			write: (head, rows) => {
				const line = (row) => `${row.map(latexField).join(" & ")} \\\\\n`;
				return `% needs \\usepackage{booktabs}\n\\begin{tabular}{l${"r".repeat(head.length - 1)}}\n\\toprule\n${line(head)}\\midrule\n${rows.map(line).join("")}\\bottomrule\n\\end{tabular}\n`;
			}
		}
	];
	/** Buttons that download what the table shows: its rows, its order, its columns. */
	function exports$1(table) {
		return formats.map((format) => button(`This view as ${format.name}`, () => void table.complete().then(() => {
			const columns = table.visibleColumns();
			const head = columns.map(({ head: cell }) => headText(cell, format.exact));
			const rows = table.shown.map((row) => columns.map(({ index }) => textOf(cellAt(row, index) ?? spanning(row, index), format.exact)));
			download(format.write(head, rows), `${table.table.id}.${format.ending}`, format.type);
			say(`${rows.length} rows as ${format.name}.`);
		})));
	}
	function headText(cell, exact) {
		const key = cell.dataset["key"] ?? "";
		return exact && key ? key : textOf(cell, false);
	}
	/** A failure spans the columns of the numbers it has not; it is said once, under the first of them. */
	function spanning(row, index) {
		let at = 0;
		for (const cell of row.cells) {
			if (at === index) return cell;
			at += cell.colSpan;
		}
		return null;
	}
	function download(text, name, type) {
		const link = document.createElement("a");
		link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
		link.download = name;
		link.click();
		URL.revokeObjectURL(link.href);
	}
	// src/facets.ts
	var names = [
		"kind",
		"family",
		"device",
		"state",
		"note",
		"verdict"
	];
	var titles = {
		kind: "Kind",
		family: "Family",
		device: "Device",
		state: "State",
		note: "Remark",
		verdict: "Verdict"
	};
	var mostChips = 5;
	/** The values of a row under a facet: several where a row carries several remarks. */
	function valuesOf(row, name) {
		const text = row.dataset[name];
		return text === void 0 ? [] : name === "note" ? text.split("|") : [text];
	}
	/** Filters by what rows are: chips where there are few values, a menu where there are many. */
	var Facets = class {
		prefix;
		changed;
		element = make("span", { className: "facets" });
		chosen = /* @__PURE__ */ new Map();
		constructor(prefix, rows, changed) {
			this.prefix = prefix;
			this.changed = changed;
			for (const name of names) this.chosen.set(name, new Set(readList(prefix + name)));
			this.fill(rows);
		}
		get any() {
			return [...this.chosen.values()].some((values) => values.size > 0);
		}
		matches(row) {
			for (const [name, values] of this.chosen) if (values.size > 0 && !valuesOf(row, name).some((value) => values.has(value))) return false;
			return true;
		}
		fill(rows) {
			this.element.replaceChildren();
			for (const name of names) {
				const counts = /* @__PURE__ */ new Map();
				for (const row of rows) for (const value of valuesOf(row, name)) counts.set(value, (counts.get(value) ?? 0) + 1);
				const chosen = this.chosen.get(name);
				for (const value of chosen) if (!counts.has(value)) counts.set(value, 0);
				if (counts.size > (name === "note" ? 0 : 1)) this.element.append(this.facet(name, counts, chosen));
			}
		}
		facet(name, counts, chosen) {
			const values = [...counts].sort((a, b) => a[0].localeCompare(b[0], "en", { numeric: true }));
			const toggle = (value, on) => {
				if (on) chosen.add(value);
				else chosen.delete(value);
				writeList(this.prefix + name, chosen);
				this.changed();
			};
			const title = titles[name];
			if (name === "kind" && values.length <= mostChips) {
				const group = make("span", { className: "chips" }, ...values.map(([value]) => chip(value, chosen.has(value), (on) => toggle(value, on))));
				group.setAttribute("role", "group");
				group.setAttribute("aria-label", title);
				return group;
			}
			const summary = () => chosen.size > 0 ? `${title}: ${chosen.size}` : title;
			const made = menu(summary(), ...values.map(([value, count]) => checkbox(`${value} (${count})`, chosen.has(value), (on) => {
				toggle(value, on);
				made.querySelector("summary").textContent = summary();
				made.classList.toggle("active", chosen.size > 0);
			})));
			made.classList.toggle("active", chosen.size > 0);
			return made;
		}
	};
	function chip(text, on, change) {
		const made = button(text, () => {
			const now = made.getAttribute("aria-pressed") !== "true";
			made.setAttribute("aria-pressed", String(now));
			change(now);
		});
		made.setAttribute("aria-pressed", String(on));
		return made;
	}
	// src/more.ts
	var waiting = /* @__PURE__ */ new Map();
	window.harnessRows = (table, page, html) => waiting.get(table)?.(page, html);
	/** The rows of all further pages, in the order of the pages, whichever script comes first. */
	async function loadRows(table, sources) {
		const pages = /* @__PURE__ */ new Map();
		waiting.set(table, (page, html) => {
			const holder = document.createElement("template");
			holder.innerHTML = `<table><tbody>${html}</tbody></table>`;
			pages.set(page, [...holder.content.querySelectorAll("tr")]);
		});
		await Promise.all(sources.map((source) => new Promise((resolve, reject) => {
			const script = document.createElement("script");
			script.src = source;
			script.onload = () => {
				script.remove();
				resolve();
			};
			script.onerror = () => {
				script.remove();
				reject(/* @__PURE__ */ new Error(`The rows in ${source} could not be loaded.`));
			};
			document.head.append(script);
		})));
		waiting.delete(table);
		return [...pages.entries()].sort(([one], [other]) => one - other).flatMap(([, rows]) => rows);
	}
	// src/table.ts
	var window_ = 50;
	/** A table that can be sorted, searched, filtered, thinned out and taken along. What it shows is worked out anew from the address. */
	var DataTable = class {
		table;
		prefix;
		body;
		heads;
		rows;
		shown = [];
		total;
		texts = /* @__PURE__ */ new WeakMap();
		count = make("span", { className: "sum" });
		moreButton = button("", () => {
			this.limit += window_;
			this.show();
		});
		limit = window_;
		words = [];
		facets;
		columns;
		comparison;
		pending;
		constructor(table, prefix) {
			this.table = table;
			this.prefix = prefix;
			this.body = table.tBodies[0];
			this.rows = [...this.body.rows];
			this.heads = [...table.tHead.rows[0].cells];
			this.total = Number(table.dataset["all"] ?? this.rows.length);
			this.startSorting();
			if (table.dataset["filter"] !== void 0 && this.total > 3) this.startTools();
			else this.show();
			if (this.isNarrowed()) this.complete();
		}
		name(head) {
			return head.dataset["key"] ?? "";
		}
		/** Filters or sorts anew; with rows still missing, once they are there. */
		refresh(aloud = null) {
			this.show();
			this.complete().then(() => {
				if (aloud !== null) say(`${aloud}${this.count.textContent ?? ""}`);
			});
		}
		/** Loads the rows that stand on further pages. */
		complete() {
			const sources = (this.table.dataset["more"] ?? "").split(" ").filter(Boolean);
			if (sources.length === 0) return Promise.resolve();
			return this.pending ??= loadRows(this.table.id, sources).then((rows) => {
				this.rows = [...this.rows, ...rows];
				for (const row of rows) this.adopt(row);
				this.facets?.fill(this.rows);
				this.show();
			}, (problem) => {
				this.count.textContent = problem.message;
			});
		}
		adopt(row) {
			this.comparison?.adopt(row);
			this.columns?.apply(row);
		}
		isNarrowed() {
			return this.words.length > 0 || read(`${this.prefix}sort`) !== null || (this.facets?.any ?? false) || read(`${this.prefix}compare`) !== null;
		}
		startTools() {
			const tools = make("div", { className: "tools" });
			const region = this.table.closest(".scroll");
			region.before(tools);
			const search = make("input", {
				type: "search",
				value: read(`${this.prefix}q`) ?? "",
				placeholder: "Search"
			});
			search.setAttribute("aria-label", `Search in ${this.table.caption?.textContent ?? "the table"}`);
			search.addEventListener("input", () => {
				this.words = split(search.value);
				write(`${this.prefix}q`, search.value.trim());
				this.limit = window_;
				this.refresh("");
			});
			this.words = split(search.value);
			this.facets = new Facets(this.prefix, this.rows, () => {
				this.limit = window_;
				this.refresh("");
			});
			this.columns = new ColumnPicker(this);
			tools.append(search, this.facets.element, this.columns.element);
			if (this.table.classList.contains("board")) {
				this.comparison = new Comparison(this, region);
				tools.append(this.densityButton(), this.comparison.element);
			}
			tools.append(menu("Take along", ...exports$1(this), this.linkButton()), this.count);
			const after = make("p", {
				className: "more",
				hidden: true
			}, this.moreButton);
			region.after(after);
			for (const row of this.rows) this.adopt(row);
			this.show();
			this.comparison?.restore();
		}
		densityButton() {
			const name = `${this.prefix}density`;
			const dense = button("Compact", () => {
				const on = this.table.classList.toggle("compact");
				dense.setAttribute("aria-pressed", String(on));
				write(name, on ? "compact" : null);
			});
			const on = read(name) === "compact";
			this.table.classList.toggle("compact", on);
			dense.setAttribute("aria-pressed", String(on));
			return dense;
		}
		linkButton() {
			return button("Copy link to this view", () => {
				navigator.clipboard.writeText(readable()).then(() => say("Link copied."), () => say("The browser did not allow copying; the address bar holds the link."));
			});
		}
		startSorting() {
			for (const head of this.heads) {
				if (head.dataset["unsorted"] !== void 0 || !this.name(head)) continue;
				const first = head.firstChild;
				const text = (first.textContent ?? "").trim();
				const sorter = button(first instanceof Element ? "" : text, () => {
					const best = head.dataset["better"] === "higher" ? -1 : 1;
					const order = head.getAttribute("aria-sort");
					const sign = order === null ? best : (order === "ascending" ? 1 : -1) === best ? -best : 0;
					write(`${this.prefix}sort`, sign === 0 ? null : (sign < 0 ? "-" : "") + this.name(head));
					this.refresh(sign === 0 ? "Original order. " : `Sorted by ${text}, ${sign > 0 ? "smallest" : "largest"} first. `);
				});
				sorter.className = "sort";
				if (first instanceof Element) {
					sorter.setAttribute("aria-label", `Sort by ${text}`);
					first.after(sorter);
				} else first.replaceWith(sorter);
			}
		}
		sorting() {
			const wanted = read(`${this.prefix}sort`);
			if (!wanted) return null;
			const sign = wanted.startsWith("-") ? -1 : 1;
			const name = wanted.replace(/^-/, "");
			const index = this.heads.findIndex((head) => this.name(head) === name && head.querySelector("button.sort"));
			const head = this.heads[index];
			return head ? {
				head,
				index,
				sign
			} : null;
		}
		matches(row) {
			if (this.facets && !this.facets.matches(row)) return false;
			if (this.words.length === 0) return true;
			let text = this.texts.get(row);
			if (text === void 0) this.texts.set(row, text = (row.textContent ?? "").toLowerCase());
			return this.words.every((word) => text.includes(word));
		}
		show() {
			let rows = this.rows.filter((row) => this.matches(row));
			const sorting = this.sorting();
			for (const head of this.heads) head.removeAttribute("aria-sort");
			if (sorting) {
				const keyed = rows.map((row) => ({
					row,
					key: keyOf(cellAt(row, sorting.index))
				}));
				keyed.sort((a, b) => compare(a.key, b.key, sorting.sign));
				rows = keyed.map((pair) => pair.row);
				sorting.head.setAttribute("aria-sort", sorting.sign > 0 ? "ascending" : "descending");
			}
			this.shown = rows;
			const visible = rows.slice(0, this.limit);
			if (visible.length !== this.body.rows.length || visible.some((row, index) => this.body.rows[index] !== row)) this.body.replaceChildren(...visible);
			this.tell(rows.length);
		}
		tell(matching) {
			const everything = this.total > this.rows.length ? this.total : this.rows.length;
			const unfiltered = matching === this.rows.length;
			this.count.textContent = unfiltered ? `${everything} rows` : `${matching} of ${everything} rows`;
			const left = (unfiltered ? everything : matching) - Math.min(matching, this.limit);
			const holder = this.moreButton.parentElement;
			if (!holder) return;
			holder.hidden = left <= 0;
			this.moreButton.textContent = `Show ${Math.min(left, window_)} more of ${left} further rows`;
		}
		/** For the export of a view: the columns that are shown. */
		visibleColumns() {
			return this.heads.map((head, index) => ({
				head,
				index
			})).filter(({ head }) => !head.hidden && head.dataset["key"] !== "interval");
		}
		remember(name, values) {
			writeList(`${this.prefix}${name}`, values);
		}
	};
	function split(text) {
		return text.toLowerCase().split(/\s+/).filter(Boolean);
	}
	// src/tables.ts
	function startTables() {
		[...document.querySelectorAll("table[data-table]")].filter((table) => (table.tBodies[0]?.rows.length ?? 0) > 1).forEach((table, index) => new DataTable(table, index === 0 ? "" : `${table.id}.`));
	}
	// src/theme.ts
	var root = document.documentElement;
	var themes = ["light", "dark"];
	function applyTheme() {
		const wanted = [read("theme"), memory.get("harness-theme")].find((theme) => theme !== null && themes.includes(theme));
		if (wanted) root.dataset["theme"] = wanted;
	}
	function isDark() {
		const chosen = root.dataset["theme"];
		return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
	}
	function startTheme() {
		const toggle = document.querySelector("[data-theme-toggle]");
		if (!toggle) return;
		const show = () => {
			toggle.textContent = isDark() ? "Light theme" : "Dark theme";
		};
		toggle.hidden = false;
		toggle.addEventListener("click", () => {
			const theme = isDark() ? "light" : "dark";
			root.dataset["theme"] = theme;
			memory.set("harness-theme", theme);
			if (read("theme")) write("theme", theme);
			show();
		});
		show();
	}
	// src/harness.ts
	applyTheme();
	document.addEventListener("DOMContentLoaded", () => {
		startTheme();
		startTables();
		startComparison();
		startCopying();
	});
})();
