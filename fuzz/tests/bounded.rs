//! P18: no input makes anything crash. As many inputs as a change deserves; `BADDIE_TIER` asks for more.

use baddie_fuzz::{targets, throw};

#[test]
fn p18_no_input_is_too_much() {
    let runs = match std::env::var("BADDIE_TIER").as_deref() {
        Ok("n") => 1_000_000,
        Ok("r") => 20_000_000,
        Ok("c") => 100_000,
        _ => 4_000,
    };
    let seed = std::env::var("BADDIE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let (mut inputs, mut count, mut findings) = (0, 0, Vec::new());
    for mut target in targets() {
        let (thrown, finding) = throw(&mut target, runs, seed);
        (inputs, count) = (inputs + thrown, count + 1);
        findings.extend(finding.map(|finding| finding.to_string()));
    }
    assert!(count >= 21, "{count} targets");
    assert!(findings.is_empty(), "seed {seed}\n{}", findings.join("\n"));
    println!("P18 {count} targets, {inputs} inputs, seed {seed}: no finding");
}
