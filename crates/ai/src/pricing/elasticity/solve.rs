/// Solves `a x = b` for a symmetric positive matrix by Cholesky's method, in place; `a` is `n` by `n`, row by row.
/// Gives the solution and the diagonal of the inverse.
pub(super) fn solve(mut a: Vec<f64>, b: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let n = b.len();
    for j in 0..n {
        for k in 0..j {
            let f = a[j * n + k];
            for i in j..n {
                a[i * n + j] -= f * a[i * n + k];
            }
        }
        let pivot = a[j * n + j].max(1e-12).sqrt();
        for i in j..n {
            a[i * n + j] /= pivot;
        }
    }
    let substitute = |b: &[f64]| {
        let mut x = b.to_vec();
        for i in 0..n {
            for k in 0..i {
                x[i] -= a[i * n + k] * x[k];
            }
            x[i] /= a[i * n + i];
        }
        for i in (0..n).rev() {
            for k in i + 1..n {
                x[i] -= a[k * n + i] * x[k];
            }
            x[i] /= a[i * n + i];
        }
        x
    };
    let inverse = (0..n)
        .map(|j| {
            let mut unit = vec![0.0; n];
            unit[j] = 1.0;
            substitute(&unit)[j]
        })
        .collect();
    (substitute(b), inverse)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_small_system_is_solved() {
        let (x, inverse) = super::solve(vec![4.0, 2.0, 2.0, 3.0], &[10.0, 8.0]);
        assert!((x[0] - 1.75).abs() < 1e-12 && (x[1] - 1.5).abs() < 1e-12);
        assert!((inverse[0] - 3.0 / 8.0).abs() < 1e-12);
    }
}
