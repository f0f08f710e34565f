use serde::{Deserialize, Serialize};

/// Chance that repeats: everyone in the world throws dice of their own, so that a busy marketplace does not change the
/// luck of a quiet one. Throws are kept with the world, so a restart goes on where it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Dice(u64);

impl Dice {
    /// The dice of somebody in the world of this seed.
    pub(super) fn of(seed: u64, name: &str) -> Self {
        // FNV-1a: enough to keep names apart.
        let named = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(named ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// A number from 0 to one less than `sides`; 0 where there are no sides.
    pub(super) fn throw(&mut self, sides: u64) -> u64 {
        // SplitMix64: a counter, stirred.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        mixed.checked_rem(sides).unwrap_or(0)
    }

    /// One of these, or none; nothing is thrown where there is no choice.
    pub(super) fn choose<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        let index = if among.is_empty() { 0 } else { self.throw(among.len() as u64) };
        among.get(usize::try_from(index).ok()?)
    }
}
