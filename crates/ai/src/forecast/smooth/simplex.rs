/// Finds a small value of `f` inside a box by the simplex method of Nelder & Mead (1965), without allocating.
///
/// Deterministic; stops after `most` evaluations or when the simplex has become flat.
pub(super) fn minimise<const N: usize, const M: usize>(
    start: [f64; N],
    step: [f64; N],
    bounds: [(f64, f64); N],
    most: usize,
    mut f: impl FnMut(&[f64; N]) -> f64,
) -> ([f64; N], f64) {
    const { assert!(M == N + 1, "a simplex has one corner more than there are dimensions") };
    let hold = |mut x: [f64; N]| {
        for (value, (low, high)) in x.iter_mut().zip(bounds) {
            *value = value.clamp(low, high);
        }
        x
    };
    let mut corners = [[0.0; N]; M];
    let mut heights = [0.0; M];
    for (k, corner) in corners.iter_mut().enumerate() {
        *corner = start;
        if k > 0 {
            let d = k - 1;
            let (low, high) = bounds[d];
            corner[d] += if corner[d] + step[d] > high { -step[d] } else { step[d] };
            corner[d] = corner[d].clamp(low, high);
        }
        *corner = hold(*corner);
        heights[k] = f(corner);
    }
    let mut spent = M;
    while spent < most {
        // Insertion sort: a handful of corners, nearly in order.
        for i in 1..M {
            let mut j = i;
            while j > 0 && heights[j] < heights[j - 1] {
                heights.swap(j, j - 1);
                corners.swap(j, j - 1);
                j -= 1;
            }
        }
        if heights[N] - heights[0] <= 1e-6 * (heights[0].abs() + 1e-12) {
            break;
        }
        let mut centre = [0.0; N];
        for corner in &corners[..N] {
            for (c, x) in centre.iter_mut().zip(corner) {
                *c += x / N as f64;
            }
        }
        let worst = corners[N];
        let along = |t: f64| {
            let mut x = [0.0; N];
            for d in 0..N {
                x[d] = centre[d] + t * (worst[d] - centre[d]);
            }
            hold(x)
        };
        let reflected = along(-1.0);
        let height = f(&reflected);
        spent += 1;
        if height < heights[0] {
            let further = along(-2.0);
            let lower = f(&further);
            spent += 1;
            if lower < height {
                (corners[N], heights[N]) = (further, lower);
            } else {
                (corners[N], heights[N]) = (reflected, height);
            }
        } else if height < heights[N - 1] {
            (corners[N], heights[N]) = (reflected, height);
        } else {
            let inner = along(if height < heights[N] { -0.5 } else { 0.5 });
            let lower = f(&inner);
            spent += 1;
            if lower < heights[N].min(height) {
                (corners[N], heights[N]) = (inner, lower);
            } else {
                let best = corners[0];
                for k in 1..M {
                    for d in 0..N {
                        corners[k][d] = best[d] + 0.5 * (corners[k][d] - best[d]);
                    }
                    heights[k] = f(&corners[k]);
                }
                spent += N;
            }
        }
    }
    let best = (0..M).fold(0, |best, k| if heights[k] < heights[best] { k } else { best });
    (corners[best], heights[best])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_a_valley() {
        let valley = |x: &[f64; 2]| (1.0 - x[0]).powi(2) + 100.0 * (x[1] - x[0] * x[0]).powi(2);
        let (x, height) = minimise::<2, 3>([0.2, 0.2], [0.3, 0.3], [(-2.0, 2.0); 2], 400, valley);
        assert!(height < 1e-4 && (x[0] - 1.0).abs() < 0.05, "{x:?} {height}");
        let (x, _) = minimise::<1, 2>([0.5], [0.2], [(0.0, 0.7)], 60, |x| -x[0]);
        assert_eq!(x[0], 0.7);
    }
}
