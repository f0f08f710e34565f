// Shows the API's description. Everything is made with textContent: no text of the description becomes markup.
"use strict";

const METHODS = ["get", "post", "put", "patch", "delete"];
const $ = (id) => document.getElementById(id);
let api;

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

function resolve(schema) {
  for (let step = 0; schema && schema.$ref && step < 16; step++) {
    schema = schema.$ref.slice(2).split("/").reduce((node, name) => node && node[name], api);
  }
  return schema || {};
}

const nameOf = (schema) => (schema && schema.$ref ? schema.$ref.split("/").pop() : "");

function choices(schema) {
  const parts = schema.anyOf || schema.oneOf || schema.allOf || [];
  return parts.filter((part) => part.type !== "null");
}

function typeOf(schema, depth = 0) {
  const plain = resolve(schema);
  if (depth > 4) return "…";
  if (plain.const !== undefined) return JSON.stringify(plain.const);
  if (plain.enum) return plain.enum.map((word) => JSON.stringify(word)).join(" | ");
  const types = [plain.type].flat().filter((type) => type && type !== "null");
  if (types[0] === "array") return typeOf(plain.items || {}, depth + 1) + "[]";
  const some = choices(plain);
  if (!types.length && some.length) return [...new Set(some.map((part) => typeOf(part, depth + 1)))].join(" | ");
  if (types[0] === "object" || (!types.length && plain.properties)) return nameOf(schema) || "object";
  return types.join(" | ") + (plain.format ? ` (${plain.format})` : "") || "anything";
}

// The schema whose fields are worth showing: of an object, of a list's items, of the only choice.
function inner(schema) {
  const plain = resolve(schema);
  if (plain.properties) return plain;
  if (plain.items) return inner(plain.items);
  const some = choices(plain).map(resolve).filter((part) => part.properties || part.items);
  return some.length === 1 ? inner(some[0]) : null;
}

function bounds(schema) {
  const plain = resolve(schema);
  const words = [];
  if (plain.minimum !== undefined) words.push(`≥ ${plain.minimum}`);
  if (plain.maximum !== undefined) words.push(`≤ ${plain.maximum}`);
  if (plain.maxLength !== undefined) words.push(`at most ${plain.maxLength} characters`);
  return words.join(", ");
}

function field(name, schema, required, description, depth) {
  const words = description || (schema && schema.description) || resolve(schema).description;
  const within = depth < 6 ? inner(schema) : null;
  const limits = bounds(schema);
  return make("li", {},
    make("span", { class: "name" }, name),
    make("span", { class: "type" }, typeOf(schema) + (limits ? `, ${limits}` : "")),
    required && make("span", { class: "must" }, "required"),
    words && make("p", { class: "words" }, words),
    within && unfolding(within, depth + 1));
}

function unfolding(schema, depth) {
  const details = make("details", {}, make("summary", {}, "fields"));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(fields(schema, depth));
  });
  return details;
}

function fields(schema, depth = 0) {
  const required = schema.required || [];
  const rows = Object.entries(schema.properties || {}).map(([name, property]) =>
    field(name, property, required.includes(name), null, depth));
  return make("ul", { class: "fields" }, ...rows);
}

function shown(schema) {
  const within = inner(schema);
  return within ? fields(within) : make("p", { class: "words" }, typeOf(schema));
}

function example(schema, depth = 0) {
  const plain = resolve(schema);
  if (depth > 5) return null;
  if (plain.default !== undefined) return plain.default;
  if (plain.examples && plain.examples.length) return plain.examples[0];
  if (plain.const !== undefined) return plain.const;
  if (plain.enum) return plain.enum[0];
  const type = [plain.type].flat().filter((one) => one !== "null")[0];
  if (type === "array") return [example(plain.items || {}, depth + 1)];
  if (type === "integer" || type === "number") return plain.minimum || 1;
  if (type === "boolean") return true;
  if (type === "string") return plain.format === "date-time" ? new Date().toISOString() : "text";
  if (plain.properties) {
    const required = plain.required || Object.keys(plain.properties);
    return Object.fromEntries(required.map((name) => [name, example(plain.properties[name] || {}, depth + 1)]));
  }
  const some = choices(plain);
  return some.length ? example(some[0], depth + 1) : {};
}

const bodyOf = (operation) => operation.requestBody && operation.requestBody.content["application/json"].schema;

const freshKey = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

// What the form says, as a request.
function compose(method, path, form) {
  let address = path;
  const query = new URLSearchParams();
  const headers = {};
  for (const input of form.querySelectorAll("input[data-in]")) {
    const { name, value } = input;
    if (input.dataset.in === "path") address = address.replace(`{${name}}`, encodeURIComponent(value || name.toUpperCase()));
    else if (value === "") continue;
    else if (input.dataset.in === "query") value.split(input.dataset.list ? "," : "\n").forEach((one) => query.append(name, one.trim()));
    else headers[name] = value;
  }
  const area = form.querySelector("textarea");
  const body = area && area.value.trim() ? area.value : undefined;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const tail = query.toString();
  return { method: method.toUpperCase(), address: address + (tail ? `?${tail}` : ""), headers, body };
}

const isKey = (parameter) => parameter.name === "Idempotency-Key" && parameter.required;

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function curl(request) {
  const lines = [`curl ${request.method === "GET" ? "" : `-X ${request.method} `}${quoted(location.origin + request.address)}`];
  lines.push(`-H "Authorization: Bearer $BADDIE_TOKEN"`);
  for (const [name, value] of Object.entries(request.headers)) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (request.body !== undefined) lines.push(`-d ${quoted(request.body)}`);
  return lines.join(" \\\n  ");
}

function pretty(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

async function send(request, status, output) {
  status.className = "status";
  status.textContent = "…";
  output.hidden = false;
  try {
    const started = performance.now();
    const headers = { ...request.headers };
    if ($("token").value) headers.Authorization = `Bearer ${$("token").value}`;
    const answer = await fetch(request.address, { method: request.method, headers, body: request.body, credentials: "omit" });
    const text = await answer.text();
    const took = Math.round(performance.now() - started);
    status.className = `status ${answer.ok ? "good" : "bad"}`;
    const tag = answer.headers.get("etag");
    status.textContent = `${answer.status} ${answer.statusText} · ${took} ms${tag ? ` · ETag ${tag}` : ""}`;
    output.textContent = pretty(text) || "(no body)";
    return answer.ok;
  } catch (error) {
    status.className = "status bad";
    status.textContent = "no answer";
    output.textContent = String(error);
  }
}

function tryIt(method, path, operation, parameters) {
  const command = make("pre");
  const status = make("span", { class: "status", role: "status" });
  const output = make("pre", { hidden: true });
  const form = make("form", { class: "try" });
  for (const parameter of parameters) {
    const list = [resolve(parameter.schema).type].flat().includes("array");
    const value = isKey(parameter) ? freshKey() : "";
    form.append(make("label", {}, parameter.name, make("input", {
      name: parameter.name, value, "data-in": parameter.in, "data-list": list, autocomplete: "off", spellcheck: "false",
      placeholder: list ? "a, b" : parameter.required ? "required" : "",
    })));
  }
  const schema = bodyOf(operation);
  if (schema) {
    const area = make("textarea", { spellcheck: "false", "aria-label": "Body" });
    area.value = JSON.stringify(example(schema), null, 2);
    form.append(area);
  }
  const update = () => { command.textContent = curl(compose(method, path, form)); };
  form.append(make("button", { type: "submit" }, "Send"), make("button", {
    type: "button", class: "quiet", onclick: () => navigator.clipboard && navigator.clipboard.writeText(command.textContent),
  }, "Copy curl"), status);
  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // A command that was done gets a fresh key, so that the next one is another.
    send(compose(method, path, form), status, output).then((done) => {
      for (const input of form.querySelectorAll("input[data-in]")) {
        if (done && parameters.some((one) => isKey(one) && one.name === input.name)) input.value = freshKey();
      }
      update();
    });
  });
  update();
  return [form, output, make("h3", {}, "curl"), command];
}

function body(method, path, operation) {
  const parameters = (operation.parameters || []).map(resolve);
  const [code, success] = Object.entries(operation.responses).find(([status]) => status.startsWith("2")) || ["", {}];
  const answer = success.content && success.content["application/json"];
  const failures = Object.entries(operation.responses).filter(([status]) => status >= "300")
    .map(([status, response]) => field(status, {}, false, resolve(response).description, 9));
  failures.forEach((row) => row.querySelector(".type").remove());
  const request = bodyOf(operation);
  return make("div", { class: "inside" },
    make("div", { class: "tags" },
      make("span", { class: "pill" }, operation.operationId),
      operation["x-permission"] && make("span", { class: "pill" }, `needs ${operation["x-permission"]}`)),
    make("div", {},
      parameters.length > 0 && make("h3", {}, "Parameters"),
      parameters.length > 0 && make("ul", { class: "fields" }, ...parameters.map((one) =>
        field(one.name, one.schema, one.required, `${one.description || ""} (${one.in})`.trim(), 9))),
      request && make("h3", {}, "Body"), request && shown(request),
      make("h3", {}, `Answer ${code}`), answer ? shown(answer.schema) : null,
      make("h3", {}, "Other answers"),
      make("details", {}, make("summary", { class: "words" }, `${failures.length} kinds`), make("ul", { class: "fields" }, ...failures))),
    make("div", {}, make("h3", {}, "Try it"), ...tryIt(method, path, operation, parameters)));
}

function pathWords(path) {
  return path.split(/(\{[^}]+\})/).map((part) => (part.startsWith("{") ? make("b", {}, part) : part));
}

function card(method, path, operation) {
  const details = make("details", { class: "operation", id: operation.operationId },
    make("summary", {},
      make("span", { class: `method ${method}` }, method.toUpperCase()),
      make("span", { class: "path" }, ...pathWords(path)),
      make("span", { class: "summary" }, operation.summary || "")));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(body(method, path, operation));
  });
  return details;
}

function render() {
  $("title").textContent = `${api.info.title} API`;
  $("version").textContent = api.info.version;
  $("lead").textContent = api.info.description || "";
  const rows = Object.entries(api.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ method, path, operation: item[method] })));
  const groups = new Map();
  for (const row of rows) {
    const name = (row.operation.tags || ["other"])[0];
    groups.set(name, [...(groups.get(name) || []), row]);
  }
  for (const [name, members] of [...groups].sort(([a], [b]) => a.localeCompare(b))) {
    const links = members.map(({ method, operation }) => make("a", { href: `#${operation.operationId}` },
      make("span", { class: `method ${method}` }, method.toUpperCase()), operation.operationId.split(".").pop().replaceAll("_", " ")));
    $("menu").append(make("section", {}, make("h2", {}, name), ...links));
    $("main").append(make("section", {}, make("h2", {}, name),
      ...members.map(({ method, path, operation }) => card(method, path, operation))));
  }
  search();
  reveal();
}

function search() {
  const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const section of $("main").querySelectorAll("section")) {
    let any = false;
    for (const operation of section.querySelectorAll(".operation")) {
      const text = `${operation.id} ${operation.querySelector("summary").textContent}`.toLowerCase();
      operation.hidden = !words.every((word) => text.includes(word));
      any = any || !operation.hidden;
    }
    section.hidden = !any;
  }
  for (const link of $("menu").querySelectorAll("a")) {
    link.hidden = document.getElementById(link.getAttribute("href").slice(1)).hidden;
  }
  for (const section of $("menu").children) section.hidden = !section.querySelector("a:not([hidden])");
}

function reveal() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.matches(".operation")) {
    target.open = true;
    target.scrollIntoView();
  }
}

$("search").addEventListener("input", search);
addEventListener("hashchange", reveal);
addEventListener("keydown", (event) => {
  if (event.key === "/" && !/INPUT|TEXTAREA/.test(document.activeElement.tagName)) {
    event.preventDefault();
    $("search").focus();
  }
});
fetch("/api/openapi.json")
  .then((answer) => answer.json())
  .then((description) => { api = description; render(); })
  .catch((error) => { $("lead").textContent = `The description cannot be read: ${error}`; });
