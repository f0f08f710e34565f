//! Boosted trees over histograms, shared by forecasts and prices.

use std::ops::Range;

use crate::numeric::Random;

/// Most bins a feature is cut into.
const BINS: usize = 64;

/// Rows of features, cut into bins whose edges were learned from the first rows given.
#[derive(Debug, Clone)]
pub(crate) struct Bins {
    edges: Vec<Vec<f32>>,
}

impl Bins {
    /// Learns the edges: every feature is cut where its values, sorted, pass from one share to the next.
    pub(crate) fn learn(rows: &[f32], columns: usize) -> Self {
        let count = rows.len() / columns;
        let every = count.div_ceil(20_000).max(1);
        let edges = (0..columns)
            .map(|c| {
                let mut values: Vec<f32> = (0..count)
                    .step_by(every)
                    .map(|r| rows[r * columns + c])
                    .filter(|v| v.is_finite())
                    .collect();
                values.sort_by(f32::total_cmp);
                let mut edges: Vec<f32> = Vec::new();
                for k in 1..BINS - 1 {
                    let Some(&edge) = values.get(k * values.len() / (BINS - 1)) else { break };
                    if edges.last().is_none_or(|&last| edge > last) && edge > values[0] {
                        edges.push(edge);
                    }
                }
                edges
            })
            .collect();
        Self { edges }
    }

    /// Cuts rows into bins; what is missing has bin 0.
    pub(crate) fn cut(&self, rows: &[f32]) -> Vec<u8> {
        let columns = self.edges.len();
        let mut out = Vec::with_capacity(rows.len());
        for row in rows.chunks_exact(columns) {
            for (value, edges) in row.iter().zip(&self.edges) {
                let bin = if value.is_finite() { 1 + edges.partition_point(|e| e <= value) } else { 0 };
                out.push(bin as u8);
            }
        }
        out
    }
}

/// How trees are grown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Growth {
    /// How many trees.
    pub(crate) trees: usize,
    /// How much of each tree's advice is taken.
    pub(crate) rate: f64,
    /// Leaves of a tree.
    pub(crate) leaves: usize,
    /// The least weight of a leaf.
    pub(crate) least: f64,
    /// Shrinks the values of leaves towards zero.
    pub(crate) ridge: f64,
    /// The share of rows a tree sees.
    pub(crate) rows: f64,
    /// The share of features a tree sees.
    pub(crate) columns: f64,
    /// Chooses rows and features.
    pub(crate) seed: u64,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    column: u32,
    bin: u8,
    /// The left child; the right one is next to it. Zero: a leaf.
    child: u32,
    value: f64,
}

/// Boosted regression trees over histograms (Friedman, 2001; Ke et al., 2017), grown leaf by leaf with second-order
/// steps.
#[derive(Debug, Clone)]
pub(crate) struct Boost {
    trees: Vec<Vec<Node>>,
    columns: usize,
}

/// How many trees look at the same rows before others are drawn.
const TREES_OF_A_DRAW: usize = 3;

/// What a tree sees: the rows and features drawn for it.
struct Sight<'a> {
    /// The bins of all rows, feature by feature.
    bins: &'a [u8],
    /// How many features a row has.
    width: usize,
    /// The features drawn, by their place in a row.
    columns: Vec<usize>,
    /// First and second derivative of the loss at each row.
    slopes: Vec<[f32; 2]>,
    /// The rows drawn, those of a leaf side by side.
    order: Vec<u32>,
    /// Where rows wait while a leaf is divided.
    waiting: Vec<u32>,
}

type Histogram = Vec<[f32; 2]>;

struct Leaf {
    node: usize,
    rows: Range<usize>,
    histogram: Histogram,
    total: [f64; 2],
    /// Gain, feature, bin.
    best: (f64, usize, u8),
}

impl Boost {
    /// Grows trees. `slope(row, score)` gives the first and second derivative of the loss at a row's present score;
    /// `scores` begins with the rows' starting scores and ends with the final ones.
    pub(crate) fn grow(
        bins: &[u8],
        columns: usize,
        scores: &mut [f64],
        growth: &Growth,
        mut slope: impl FnMut(usize, f64) -> (f64, f64),
    ) -> Self {
        let count = scores.len();
        let mut random = Random::new(growth.seed);
        let mut trees = Vec::with_capacity(growth.trees);
        let slopes = vec![[0.0; 2]; count];
        let (order, waiting) = (Vec::new(), Vec::new());
        let mut sight = Sight { bins, width: columns, columns: Vec::new(), slopes, order, waiting };
        let (mut drawn, mut others): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
        for round in 0..growth.trees {
            if round % TREES_OF_A_DRAW == 0 {
                drawn.clear();
                others.clear();
                for row in 0..count as u32 {
                    let seen = growth.rows >= 1.0 || random.uniform() < growth.rows;
                    if seen { drawn.push(row) } else { others.push(row) }
                }
            }
            let seen = |_: &usize| growth.columns >= 1.0 || random.uniform() < growth.columns;
            sight.columns.clear();
            sight.columns.extend((0..columns).filter(seen));
            if drawn.is_empty() || sight.columns.is_empty() {
                continue;
            }
            for &row in &drawn {
                let row = row as usize;
                let (g, h) = slope(row, scores[row]);
                sight.slopes[row] = [g as f32, h as f32];
            }
            sight.order.clone_from(&drawn);
            let (tree, leaves) = tree(&mut sight, growth);
            for (value, rows) in leaves {
                for &row in &sight.order[rows] {
                    scores[row as usize] += value;
                }
            }
            for &row in &others {
                let row = row as usize;
                scores[row] += leaf_of(&tree, &bins[row * columns..(row + 1) * columns]);
            }
            trees.push(tree);
        }
        Self { trees, columns }
    }

    /// What the trees add to the starting score of a row.
    pub(crate) fn score(&self, row: &[u8]) -> f64 {
        debug_assert_eq!(row.len(), self.columns);
        self.trees.iter().map(|tree| leaf_of(tree, row)).sum()
    }
}

fn leaf_of(tree: &[Node], row: &[u8]) -> f64 {
    let mut at = 0;
    loop {
        let node = &tree[at];
        if node.child == 0 {
            return node.value;
        }
        at = node.child as usize + usize::from(row[node.column as usize] > node.bin);
    }
}

impl Sight<'_> {
    /// Counts all features, also those not drawn: to pass them by would cost more.
    fn histogram(&self, rows: Range<usize>) -> Histogram {
        let width = self.width;
        let mut out = vec![[0.0; 2]; width * BINS];
        for &row in &self.order[rows] {
            let row = row as usize;
            let [g, h] = self.slopes[row];
            for (cells, &bin) in out.chunks_exact_mut(BINS).zip(&self.bins[row * width..(row + 1) * width]) {
                let cell = &mut cells[bin as usize & (BINS - 1)];
                cell[0] += g;
                cell[1] += h;
            }
        }
        out
    }

    fn total(&self, rows: Range<usize>) -> [f64; 2] {
        self.order[rows].iter().fold([0.0; 2], |sum, &row| {
            let [g, h] = self.slopes[row as usize];
            [sum[0] + f64::from(g), sum[1] + f64::from(h)]
        })
    }

    /// Brings the rows of a leaf that go left before those that go right, both in their order; gives how many go left.
    fn divide(&mut self, rows: Range<usize>, column: usize, bin: u8) -> usize {
        self.waiting.clear();
        let mut left = rows.start;
        for at in rows.clone() {
            let row = self.order[at];
            if self.bins[row as usize * self.width + column] <= bin {
                self.order[left] = row;
                left += 1;
            } else {
                self.waiting.push(row);
            }
        }
        self.order[left..rows.end].copy_from_slice(&self.waiting);
        left - rows.start
    }
}

fn best_cut(leaf: &Leaf, columns: &[usize], growth: &Growth) -> (f64, usize, u8) {
    let worth = |g: f64, h: f64| g * g / (h + growth.ridge);
    let [g, h] = leaf.total;
    let whole = worth(g, h);
    let mut best = (1e-9, 0, 0);
    for &column in columns {
        let cells = &leaf.histogram[column * BINS..(column + 1) * BINS];
        let (mut gl, mut hl) = (0.0, 0.0);
        for (bin, cell) in cells[..BINS - 1].iter().enumerate() {
            if cell[1] == 0.0 {
                continue;
            }
            gl += f64::from(cell[0]);
            hl += f64::from(cell[1]);
            if hl < growth.least {
                continue;
            }
            if h - hl < growth.least {
                break;
            }
            let gain = worth(gl, hl) + worth(g - gl, h - hl) - whole;
            if gain > best.0 {
                best = (gain, column, bin as u8);
            }
        }
    }
    best
}

/// Grows a tree; gives with it the leaves' values and the rows in them.
fn tree(sight: &mut Sight<'_>, growth: &Growth) -> (Vec<Node>, Vec<(f64, Range<usize>)>) {
    let value = |total: [f64; 2]| -growth.rate * total[0] / (total[1] + growth.ridge);
    let all = 0..sight.order.len();
    let total = sight.total(all.clone());
    let mut nodes = vec![Node { column: 0, bin: 0, child: 0, value: value(total) }];
    let histogram = sight.histogram(all.clone());
    let mut root = Leaf { node: 0, rows: all, histogram, total, best: (0.0, 0, 0) };
    root.best = best_cut(&root, &sight.columns, growth);
    let mut leaves = vec![root];
    while leaves.len() < growth.leaves {
        let chosen =
            (0..leaves.len()).fold(0, |b, k| if leaves[k].best.0 > leaves[b].best.0 { k } else { b });
        let (gain, column, bin) = leaves[chosen].best;
        if gain <= 1e-9 {
            break;
        }
        let parent = leaves.swap_remove(chosen);
        let middle = parent.rows.start + sight.divide(parent.rows.clone(), column, bin);
        let (left, right) = (parent.rows.start..middle, middle..parent.rows.end);
        // The smaller side is counted, the other is what remains.
        let small_is_left = left.len() <= right.len();
        let small = if small_is_left { left.clone() } else { right.clone() };
        let counted = sight.histogram(small.clone());
        let mut rest = parent.histogram;
        for (cell, minus) in rest.iter_mut().zip(&counted) {
            cell[0] -= minus[0];
            cell[1] -= minus[1];
        }
        let small_total = sight.total(small);
        let rest_total = [parent.total[0] - small_total[0], parent.total[1] - small_total[1]];
        let node = &mut nodes[parent.node];
        (node.column, node.bin) = (column as u32, bin);
        nodes[parent.node].child = nodes.len() as u32;
        let sides = if small_is_left {
            [(left, counted, small_total), (right, rest, rest_total)]
        } else {
            [(left, rest, rest_total), (right, counted, small_total)]
        };
        for (rows, histogram, total) in sides {
            let node = nodes.len();
            nodes.push(Node { column: 0, bin: 0, child: 0, value: value(total) });
            let mut leaf = Leaf { node, rows, histogram, total, best: (0.0, 0, 0) };
            if leaf.total[1] >= 2.0 * growth.least {
                leaf.best = best_cut(&leaf, &sight.columns, growth);
            }
            leaves.push(leaf);
        }
    }
    let ends = leaves.into_iter().map(|leaf| (nodes[leaf.node].value, leaf.rows)).collect();
    (nodes, ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_in_two_features_is_learned() {
        let mut random = Random::new(3);
        let rows: Vec<f32> = (0..4000).map(|_| random.uniform() as f32).collect();
        let truth = |r: &[f32]| f64::from(r[0] > 0.3) + 2.0 * f64::from(r[1] > 0.7);
        let y: Vec<f64> = rows.chunks(2).map(truth).collect();
        let learned = Bins::learn(&rows, 2);
        let bins = learned.cut(&rows);
        let growth = Growth {
            trees: 60,
            rate: 0.2,
            leaves: 8,
            least: 5.0,
            ridge: 1.0,
            rows: 0.8,
            columns: 1.0,
            seed: 1,
        };
        let mut scores = vec![0.0; y.len()];
        let boost = Boost::grow(&bins, 2, &mut scores, &growth, |row, score| (score - y[row], 1.0));
        let error = scores.iter().zip(&y).map(|(s, y)| (s - y).abs()).sum::<f64>() / y.len() as f64;
        assert!(error < 0.05, "{error}");
        assert!((boost.score(&bins[..2]) - scores[0]).abs() < 1e-9);
        assert_eq!(learned.cut(&[f32::NAN, 2.0])[0], 0);
    }
}
