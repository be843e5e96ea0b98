//! How well one sample can be told from another.

use std::time::Duration;

/// The chance that one of `ones` takes longer than one of `others` (Mann and Whitney's U): 0.5 says nothing, 0 and 1 say
/// all.
pub fn auc(ones: &[Duration], others: &[Duration]) -> f64 {
    let mut all: Vec<(Duration, bool)> = ones.iter().map(|time| (*time, true)).collect();
    all.extend(others.iter().map(|time| (*time, false)));
    all.sort_unstable();
    let mut rank_sum = 0.0;
    let mut first = 0;
    while first < all.len() {
        let behind = first + all[first..].partition_point(|(time, _)| *time == all[first].0);
        // Equal times share their ranks, which begin with 1.
        let rank = f64::from(u32::try_from(first + 1 + behind).unwrap()) / 2.0;
        let of_ones = all[first..behind].iter().filter(|(_, is_one)| *is_one).count();
        rank_sum += rank * count(of_ones);
        first = behind;
    }
    let (ones, others) = (count(ones.len()), count(others.len()));
    (rank_sum - ones * (ones + 1.0) / 2.0) / (ones * others)
}

pub fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap())
}

#[test]
fn the_auc_is_right_for_samples_that_can_be_counted_by_hand() {
    let times = |list: &[u64]| list.iter().map(|time| Duration::from_micros(*time)).collect::<Vec<_>>();
    let of = |ones: &[u64], others: &[u64]| auc(&times(ones), &times(others));
    assert!((of(&[3, 4], &[1, 2]) - 1.0).abs() < 1e-9);
    assert!((of(&[1, 2], &[3, 4])).abs() < 1e-9);
    assert!((of(&[1, 4], &[2, 3]) - 0.5).abs() < 1e-9);
    assert!((of(&[2, 2], &[2, 2]) - 0.5).abs() < 1e-9);
    assert!((of(&[2, 3], &[1, 2]) - 0.875).abs() < 1e-9);
}
