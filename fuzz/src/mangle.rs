//! Input that is nearly right: seeds with pieces changed, doubled, dropped, swapped and joined. The same seed gives the
//! same inputs, so a finding can be had again by its number.

/// A seeded stream of numbers (`SplitMix64`).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The stream of this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `sides`; 0 when there are none.
    pub fn below(&mut self, sides: usize) -> usize {
        let sides = u64::try_from(sides.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.throw() % sides).unwrap_or(0)
    }
}

/// What parsers stumble over, whatever they parse.
const PIECES: &[&[u8]] = &[
    b"", b"0", b"-1", b"-", b"+", b".", b"1e999", b"1E-5", b"9223372036854775807", b"9223372036854775808",
    b"-9223372036854775808", b"18446744073709551616", b"99999999999999999999999999", b"0.1", b"NaN", b"null", b"true",
    b"{}", b"[]", b"[[[[[[[[", b"\"\"", b"\"", b"\\", b"\\u0000", b"\\ud800", b"\\udc00\\ud800", b"{", b"}", b",", b":", b";",
    b"\r\n", b"\n", b"\r", b"\t", b" ", b"\0", b"%00", b"%", b"%zz", b"%c3%28", b"\xff", b"\xc3\x28", b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80", b"\xef\xbb\xbf", "ü".as_bytes(), "İ".as_bytes(), "𝟙".as_bytes(), "e\u{301}".as_bytes(),
    "\u{202e}".as_bytes(), b"=1+1", b"@x", b"'", b"' OR 1=1 --", b"*", b"\"a\" NEAR", b"-00", b"0000-00-00",
    b"9999-12-31T23:59:59.999999Z", b"-262144-01-01", b"2024-02-30", b"T24:00:00", b"Europe/London", b"../../etc/passwd", b"GBP",
    b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
];

/// An input made of these seeds, longer than none of them by much.
pub fn input(seeds: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seeds[dice.below(seeds.len())].clone();
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len() + 1);
        let to = (at + dice.below(12)).min(bytes.len());
        match dice.below(9) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 if at < bytes.len() => bytes[at] = u8::try_from(dice.below(256)).unwrap_or(0),
            2 => drop(bytes.splice(at..to, PIECES[dice.below(PIECES.len())].iter().copied())),
            3 => drop(bytes.splice(at..at, PIECES[dice.below(PIECES.len())].iter().copied())),
            4 => drop(bytes.drain(at..to)),
            5 => bytes.truncate(at),
            6 => {
                let again = bytes[at..to].to_vec();
                for _ in 0..=dice.below(4) {
                    bytes.splice(at..at, again.iter().copied());
                }
            }
            7 => {
                let other = &seeds[dice.below(seeds.len())];
                let from = dice.below(other.len() + 1);
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
            _ => number(&mut bytes, dice),
        }
        bytes.truncate(1 << 16);
    }
    bytes
}

/// Changes a number somewhere in the text to one at an edge.
fn number(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let digits: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at].is_ascii_digit()).collect();
    let Some(&at) = digits.get(dice.below(digits.len())) else { return };
    let to = (at..bytes.len()).find(|at| !bytes[*at].is_ascii_digit()).unwrap_or(bytes.len());
    let edges = [
        "0",
        "1",
        "-1",
        "255",
        "2147483648",
        "9223372036854775807",
        "9223372036854775808",
        "1e3",
        "00",
        "1.5",
    ];
    bytes.splice(at..to, edges[dice.below(edges.len())].bytes());
}
