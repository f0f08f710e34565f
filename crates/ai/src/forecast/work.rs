use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How much of a long work is done, for whoever waits for it.
pub(super) struct Progress<'a> {
    tell: &'a (dyn Fn(f64) + Sync),
    parts: usize,
    done: AtomicUsize,
}

impl<'a> Progress<'a> {
    /// Of so many parts none is done yet; `tell` hears which share is.
    pub(super) fn new(parts: usize, tell: &'a (dyn Fn(f64) + Sync)) -> Self {
        Self { tell, parts: parts.max(1), done: AtomicUsize::new(0) }
    }

    /// So many more parts are done.
    pub(super) fn add(&self, parts: usize) {
        let done = self.done.fetch_add(parts, Ordering::Relaxed) + parts;
        (self.tell)((done as f64 / self.parts as f64).min(1.0));
    }
}

/// Shares out places among threads and puts the answers back into order. An answer must depend on its place alone:
/// how the places are cut into parts is not promised.
pub(super) fn share<T: Send>(
    count: usize,
    threads: usize,
    work: impl Fn(Range<usize>) -> Vec<T> + Sync,
) -> Vec<T> {
    let part = count.div_ceil(4 * threads.max(1)).clamp(1, 256);
    let ranges: Vec<Range<usize>> =
        (0..count).step_by(part).map(|from| from..(from + part).min(count)).collect();
    if threads <= 1 || ranges.len() <= 1 {
        return ranges.into_iter().flat_map(work).collect();
    }
    let (work, ranges) = (&work, &ranges);
    let next = AtomicUsize::new(0);
    let next = &next;
    let mut done: Vec<(usize, Vec<T>)> = std::thread::scope(|scope| {
        let hands: Vec<_> = (0..threads.min(ranges.len()))
            .map(|_| {
                scope.spawn(move || {
                    let mut own = Vec::new();
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some(range) = ranges.get(at) else { return own };
                        own.push((at, work(range.clone())));
                    }
                })
            })
            .collect();
        hands.into_iter().flat_map(|hand| hand.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().flat_map(|(_, own)| own).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_hears_the_end_and_never_more() {
        let heard = std::sync::Mutex::new(Vec::new());
        let tell = |share| heard.lock().unwrap().push(share);
        let progress = Progress::new(4, &tell);
        for parts in [1, 2, 1, 1] {
            progress.add(parts);
        }
        assert_eq!(*heard.lock().unwrap(), [0.25, 0.75, 1.0, 1.0]);
    }

    #[test]
    fn the_order_is_kept_whoever_works() {
        for threads in [1, 2, 3] {
            let squares = share(1000, threads, |range| range.map(|k| k * k).collect());
            assert!(squares.iter().enumerate().all(|(k, square)| *square == k * k));
        }
        assert!(share(0, 2, Vec::from_iter).is_empty());
    }
}
