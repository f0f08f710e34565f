"""Scores what the bench wrote and prints it beside the best of the other tools, metric by metric."""

import json
import os
import subprocess
import sys

out, sets = sys.argv[1], sys.argv[2:]
data, bench = os.environ["BADDIE_DATA"], os.environ["BADDIE_BENCH"]
base = json.load(open(f"{bench}/baselines.json"))

# set -> metric -> (comparison, figure)
TARGETS = {
    "m3_monthly": {"MASE": ("<=", 0.815), "MSPL": ("<=", 0.640), "cov90": ("in", (0.87, 0.93))},
    "m3_quarterly": {"MASE": ("<=", 1.10), "MSPL": ("<=", 0.690)},
    "carparts": {"MSPL": ("<=", 0.305), "RMSSE": ("<=", 0.695)},
    "m5_daily": {"MSPL": ("<=", 0.300), "RMSSE": ("<=", 0.735)},
    "m5_weekly": {"MSPL": ("<=", 0.375), "RMSSE": ("<=", 0.910)},
    "or_daily": {"MSPL": ("<=", 0.420), "RMSSE": ("<=", 0.950)},
    "or_weekly": {"MSPL": ("<=", 0.455), "RMSSE": ("<=", 1.00)},
    "oj": {"rmse_log": ("<=", 0.550), "wmape": ("<=", 0.465), "neg_pct": (">=", 100.0), "el_sd": ("<=", 1.0)},
    "cheese": {"rmse_log": ("<=", 0.305)},
    "titles": {"accuracy": (">=", 0.980)},
}


def score(task, name, file):
    done = subprocess.run(
        [sys.executable, f"{bench}/score.py", task, "--data", data, "--set", name, file],
        capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"score.py {task} {name}: {done.stderr}")
    return json.loads(done.stdout)


def line(name, metric, ours, best, who, target):
    verdict = ""
    if target:
        how, goal = target
        met = (ours <= goal if how == "<=" else ours >= goal if how == ">=" else goal[0] <= ours <= goal[1])
        goal = f"{goal[0]}..{goal[1]}" if how == "in" else f"{how} {goal:.3f}"
        verdict = f"{goal:>12}  {'met' if met else 'MISSED'}"
    print(f"{name:<13} {metric:<11} {ours:>8.4f} {best:>8.4f}  {who:<38}{verdict}")


print(f"{'set':<13} {'metric':<11} {'ours':>8} {'best':>8}  {'by':<38}{'target':>12}")
for name in sets:
    if name in base["forecast"]:
        ours = score("forecast", name, f"{out}/{name}.forecast.csv")
        rows = base["forecast"][name]
        for metric in ("MASE", "RMSSE", "MSPL", "WQL", "cov50", "cov90"):
            having = {k: v[metric] for k, v in rows.items() if metric in v}
            aim = {"cov50": 0.5, "cov90": 0.9}.get(metric)
            who = min(having, key=lambda k: abs(having[k] - aim) if aim else having[k])
            line(name, metric, ours[metric], having[who], who, TARGETS[name].get(metric))
        rows = base["ltd"].get(name)
        if rows:
            ltd = score("ltd", name, f"{out}/{name}.ltd.csv")
            out_of_stock = score("stockout", name, f"{out}/{name}.stockout.csv")
            who = min(rows, key=lambda k: rows[k]["ltd"]["SPLL"])
            best = rows[who]["ltd"]["SPLL"]
            line(name, "ltd SPLL", ltd["SPLL"], best, who, ("<=", 0.9 * best))
            who = min(rows, key=lambda k: abs(rows[k]["ltd"]["hit_q95"] - 0.95))
            band = (0.90, 1.0) if name.startswith("or_") else (0.93, 0.97)
            line(name, "hit_q95", ltd["hit_q95"], rows[who]["ltd"]["hit_q95"], who, ("in", band))
            for metric in ("brier", "logloss"):
                who = min(rows, key=lambda k: rows[k]["stockout"][metric])
                best = rows[who]["stockout"][metric]
                line(name, metric, out_of_stock[metric], best, who, ("<=", 0.9 * best))
    elif os.path.exists(f"{out}/{name}.json"):
        ours = json.load(open(f"{out}/{name}.json"))
        rows = base["titles"] if name == "titles" else base["pricing"][name]
        for metric, target in TARGETS[name].items():
            having = {k: v[metric] for k, v in rows.items() if metric in v}
            lower = target[0] == "<="
            who = (min if lower else max)(having, key=having.get)
            line(name, metric, ours[metric], having[who], who, target)
