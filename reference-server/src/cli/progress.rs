//! A bar for long work: drawn on standard error when a terminal is there, silent otherwise.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar over `total` steps of what `what` says; `None` when nobody knows how many there are.
pub fn bar(what: &'static str, total: Option<u64>) -> ProgressBar {
    let target = if std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(total, target).with_message(what);
    let template = match total {
        Some(_) => "{msg} [{bar:30}] {human_pos}/{human_len} · {per_sec} · {eta} left",
        None => "{spinner} {msg} {human_pos} · {per_sec}",
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("━╸ "));
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
