//! Boosted trees over histograms, shared by forecasts and prices.

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

struct Leaf {
    node: usize,
    rows: Vec<u32>,
    histogram: Vec<[f64; 2]>,
    total: [f64; 2],
    /// Gain, column, bin.
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
        let mut gradients = vec![[0.0_f64; 2]; count];
        let mut trees = Vec::with_capacity(growth.trees);
        for _ in 0..growth.trees {
            let rows: Vec<u32> =
                (0..count as u32).filter(|_| growth.rows >= 1.0 || random.uniform() < growth.rows).collect();
            let used: Vec<usize> =
                (0..columns).filter(|_| growth.columns >= 1.0 || random.uniform() < growth.columns).collect();
            if rows.is_empty() || used.is_empty() {
                continue;
            }
            for &row in &rows {
                let (g, h) = slope(row as usize, scores[row as usize]);
                gradients[row as usize] = [g, h];
            }
            let tree = tree(bins, columns, &gradients, rows, &used, growth);
            for (row, score) in scores.iter_mut().enumerate() {
                *score += leaf_of(&tree, &bins[row * columns..(row + 1) * columns]);
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

fn histogram(bins: &[u8], columns: usize, gradients: &[[f64; 2]], rows: &[u32]) -> Vec<[f64; 2]> {
    let mut out = vec![[0.0; 2]; columns * BINS];
    for &row in rows {
        let [g, h] = gradients[row as usize];
        let row = &bins[row as usize * columns..(row as usize + 1) * columns];
        for (cells, &bin) in out.chunks_exact_mut(BINS).zip(row) {
            let cell = &mut cells[bin as usize & (BINS - 1)];
            cell[0] += g;
            cell[1] += h;
        }
    }
    out
}

fn best_cut(leaf: &Leaf, used: &[usize], growth: &Growth) -> (f64, usize, u8) {
    let worth = |g: f64, h: f64| g * g / (h + growth.ridge);
    let [g, h] = leaf.total;
    let whole = worth(g, h);
    let mut best = (1e-9, 0, 0);
    for &column in used {
        let cells = &leaf.histogram[column * BINS..(column + 1) * BINS];
        let (mut gl, mut hl) = (0.0, 0.0);
        for (bin, cell) in cells[..BINS - 1].iter().enumerate() {
            if cell[1] == 0.0 {
                continue;
            }
            gl += cell[0];
            hl += cell[1];
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

fn tree(
    bins: &[u8],
    columns: usize,
    gradients: &[[f64; 2]],
    rows: Vec<u32>,
    used: &[usize],
    growth: &Growth,
) -> Vec<Node> {
    let value = |total: [f64; 2]| -growth.rate * total[0] / (total[1] + growth.ridge);
    let sum = |rows: &[u32]| {
        rows.iter().fold([0.0; 2], |sum, &row| {
            let [g, h] = gradients[row as usize];
            [sum[0] + g, sum[1] + h]
        })
    };
    let total = sum(&rows);
    let mut nodes = vec![Node { column: 0, bin: 0, child: 0, value: value(total) }];
    let first = histogram(bins, columns, gradients, &rows);
    let mut root = Leaf { node: 0, rows, histogram: first, total, best: (0.0, 0, 0) };
    root.best = best_cut(&root, used, growth);
    let mut leaves = vec![root];
    while leaves.len() < growth.leaves {
        let chosen =
            (0..leaves.len()).fold(0, |b, k| if leaves[k].best.0 > leaves[b].best.0 { k } else { b });
        let (gain, column, bin) = leaves[chosen].best;
        if gain <= 1e-9 {
            break;
        }
        let parent = leaves.swap_remove(chosen);
        let (left, right): (Vec<u32>, Vec<u32>) =
            parent.rows.iter().partition(|&&row| bins[row as usize * columns + column] <= bin);
        // The smaller side is counted, the other is what remains.
        let small_is_left = left.len() <= right.len();
        let small = if small_is_left { &left } else { &right };
        let counted = histogram(bins, columns, gradients, small);
        let mut rest = parent.histogram;
        for (cell, minus) in rest.iter_mut().zip(&counted) {
            cell[0] -= minus[0];
            cell[1] -= minus[1];
        }
        let small_total = sum(small);
        let rest_total = [parent.total[0] - small_total[0], parent.total[1] - small_total[1]];
        let child = nodes.len();
        nodes[parent.node].column = column as u32;
        nodes[parent.node].bin = bin;
        nodes[parent.node].child = child as u32;
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
                leaf.best = best_cut(&leaf, used, growth);
            }
            leaves.push(leaf);
        }
    }
    nodes
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
