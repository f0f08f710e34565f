"use strict";

const $ = (id) => document.getElementById(id);
const NAME = "baddie-token";

// A link may bring the token behind its #: that part never leaves the browser.
const brought = new URLSearchParams(location.hash.slice(1)).get("token");
if (brought) {
  sessionStorage.setItem(NAME, brought);
  history.replaceState(null, "", "/");
}

class Refused extends Error {}

async function ask(path, order) {
  const headers = { Authorization: "Bearer " + sessionStorage.getItem(NAME) };
  if (order) Object.assign(headers, { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() });
  const sent = order && { method: "POST", body: JSON.stringify(order) };
  const answer = await fetch("/api/v1/" + path, { headers, ...sent });
  const body = await answer.json();
  if (answer.status === 401) throw new Refused(body.detail);
  if (!answer.ok) throw new Error(body.detail || answer.statusText);
  return body;
}

function money({ minor, currency }) {
  const format = new Intl.NumberFormat(undefined, { style: "currency", currency });
  return format.format(minor / 10 ** format.resolvedOptions().maximumFractionDigits);
}

// Everything shown is put in as text, never as markup: titles come from anywhere.
function make(tag, text, name) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  if (name) node.className = name;
  return node;
}

function card(label, value, note) {
  const node = make("div", undefined, "card");
  const figure = make("strong", money(value), value.minor < 0 ? "down" : "");
  node.append(make("span", label), figure, make("small", note || ""));
  return node;
}

function table(heads, rows, none) {
  if (rows.length === 0) return make("p", none, "none");
  const node = make("table");
  const row = (cells, tag) => {
    const line = make("tr");
    cells.forEach((cell, index) => {
      const box = make(tag, cell instanceof Node ? undefined : cell, heads[index].startsWith("#") ? "n" : "");
      if (cell instanceof Node) box.append(cell);
      line.append(box);
    });
    return line;
  };
  node.append(row(heads.map((head) => head.replace("#", "")), "th"), ...rows.map((cells) => row(cells, "td")));
  return node;
}

function plot(days) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const [wide, high, left, foot] = [900, 220, 60, 20];
  svg.setAttribute("viewBox", `0 0 ${wide} ${high}`);
  svg.setAttribute("role", "img");
  const values = days.flatMap((day) => [day.revenue.minor, day.profit.minor]);
  const [top, low] = [Math.max(1, ...values), Math.min(0, ...values)];
  const x = (index) => left + (index * (wide - left)) / days.length;
  const y = (value) => ((top - value) * (high - foot)) / (top - low);
  const add = (tag, attributes, text) => {
    const node = document.createElementNS(space, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    if (text !== undefined) node.textContent = text;
    svg.append(node);
    return node;
  };
  for (const value of [0, top / 2, top]) {
    add("line", { x1: left, x2: wide, y1: y(value), y2: y(value), class: "axis" });
    const amount = { minor: Math.round(value), currency: days[0].revenue.currency };
    add("text", { x: left - 6, y: y(value) + 10, "text-anchor": "end" }, money(amount).replace(/[.,]\d\d$/, ""));
  }
  const step = (wide - left) / days.length;
  days.forEach((day, index) => {
    const bar = add("rect", { x: x(index), y: y(day.revenue.minor), width: step * 0.8, height: y(0) - y(day.revenue.minor), class: "bar" });
    const title = document.createElementNS(space, "title");
    title.textContent = `${day.day}: revenue ${money(day.revenue)}, profit ${money(day.profit)}`;
    bar.append(title);
    if (index % 14 === 0) add("text", { x: x(index), y: high - 4 }, day.day);
  });
  const points = days.map((day, index) => `${x(index) + step * 0.4},${y(day.profit.minor)}`);
  add("polyline", { points: points.join(" "), class: "line" });
  svg.setAttribute("aria-label", "Bars: revenue of each day. Line: profit of each day.");
  return svg;
}

// A proposal and the two ways to decide on it: `what` it is among, and what saying yes is called.
function decision(proposal, what, yes) {
  const node = make("span");
  for (const [word, label] of [["approve", yes], ["reject", "No"]]) {
    const button = make("button", label);
    button.type = "button";
    button.addEventListener("click", async () => {
      try {
        await ask(`ai/${what}/${proposal.id}/decide`, { decision: word });
        await enter();
      } catch (error) {
        node.replaceChildren(error.message);
      }
    });
    node.append(button, " ");
  }
  return node;
}

// What the models would charge for what is live, when asked.
function pricing() {
  const node = make("p");
  const button = make("button", "Ask for prices that earn most");
  button.type = "button";
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const said = await ask("ai/optimize-pricing", { strategy: "maximize_profit" });
      node.append(` ${said.proposals.length} proposed, ${said.kept.length} stay.`);
      await prices();
    } catch (error) {
      node.replaceChildren(error.message);
    }
  });
  node.append(button);
  return node;
}

// What listings are called, asked once for each.
const titles = new Map();

async function title(listing) {
  if (!titles.has(listing)) titles.set(listing, (await ask(`listings/${listing}`)).title);
  return titles.get(listing);
}

async function prices() {
  const proposals = await ask("ai/price-proposals?state=proposed&limit=20");
  const names = await Promise.all(proposals.items.map((row) => title(row.listing_id)));
  const rows = table(["Listing", "#Now", "#Then", "Why", "Decide"], proposals.items.map((row, index) => [
    names[index], money(row.current), money(row.proposed), row.explanation, decision(row, "price-proposals", "Charge it"),
  ]), "No price is proposed.");
  const box = $("prices");
  box.replaceChildren(box.firstElementChild ?? pricing(), rows);
}

function percent(probability) {
  return `${Math.round(probability / 10000)}%`;
}

// What the models say: what to buy, and what will not last.
async function advise() {
  const [refills, stock] = await Promise.all([
    ask("ai/refill-proposals?state=proposed&limit=20"), ask("ai/predictions/inventory?limit=200"),
  ]);
  const sku = new Map(stock.items.map((row) => [row.variant_id, row.sku]));
  const none = "Nothing is advised. The models look at the shop once a day.";
  fill("refills", table(["SKU", "#Buy", "#Each", "Why", "Decide"], refills.items.map((row) => [
    sku.get(row.variant_id) ?? row.variant_id, row.qty, money(row.unit_cost), row.explanation, decision(row, "refill-proposals", "Buy"),
  ]), none));
  const soonest = stock.items.filter((row) => row.days_left !== null).sort((a, b) => a.days_left - b.days_left);
  fill("lasting", table(["SKU", "Demand", "#Left", "#Coming", "#Days left", "#Runs out in 7 days", "#in 28 days"],
    soonest.slice(0, 12).map((row) => [
      row.sku, row.class, row.available, row.incoming, row.days_left,
      percent(row.runs_out[0].probability), percent(row.runs_out[row.runs_out.length - 1].probability),
    ]), "No forecast yet."));
  await prices();
}

function fill(id, node) {
  $(id).replaceChildren(node);
}

async function show() {
  const overview = await ask("reports/overview");
  const from = new Date(Date.parse(overview.day) - 89 * 86400000).toISOString().slice(0, 10);
  const [shop, days] = await Promise.all([ask("shop"), ask(`reports/daily?from=${from}&to=${overview.day}`)]);
  $("shop").textContent = shop.name;
  $("day").textContent = overview.day;
  const { today, last_30_days: month } = overview;
  $("cards").replaceChildren(
    card("Profit today", today.profit, `of ${money(today.revenue)} revenue`),
    card("Profit, 30 days", month.profit, `of ${money(month.revenue)} revenue`),
    card("Fees and postage, 30 days", { ...month.fees, minor: month.fees.minor + month.postage.minor }),
    card("Stock at cost", overview.inventory_value),
  );
  fill("plot", days.length > 0 ? plot(days) : make("p", "Nothing was sold yet.", "none"));
  fill("attention", table(["What", "#How many"], overview.attention.map((row) => [row.what, row.count]), "Nothing. Well done."));
  fill("running", table(["SKU", "Title", "#Left", "#Coming"],
    overview.running_out.map((row) => [row.sku, row.title, row.available, row.incoming]), "Nothing is running out."));
  fill("stale", table(["SKU", "#Pieces", "#Cost", "#Days"],
    overview.stale.map((row) => [row.sku, row.qty, money(row.cost), row.days]), "Nothing lies here."));
  fill("channels", table(["Channel", "Listings", "Last asked"], overview.channels.map((channel) => [
    channel.name,
    channel.listings.map((row) => `${row.count} ${row.state.replace("_", " ")}`).join(", ") || "none",
    channel.synced_at ? new Date(channel.synced_at).toLocaleTimeString() : "never",
  ]), "No channel is connected yet."));
  await advise();
}

let timer;

async function enter() {
  clearTimeout(timer);
  const known = sessionStorage.getItem(NAME) !== null;
  let refused = "";
  if (known) {
    try {
      await show();
      timer = setTimeout(enter, 5000);
    } catch (error) {
      if (error instanceof Refused) {
        sessionStorage.removeItem(NAME);
        refused = error.message;
      } else {
        $("day").textContent = error.message;
        timer = setTimeout(enter, 5000);
      }
    }
  }
  const inside = sessionStorage.getItem(NAME) !== null;
  $("enter").hidden = inside;
  $("page").hidden = $("leave").hidden = !inside;
  $("refused").textContent = refused;
}

$("enter").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(NAME, $("token").value.trim());
  $("token").value = "";
  enter();
});
$("leave").addEventListener("click", () => {
  sessionStorage.removeItem(NAME);
  enter();
});
enter();
