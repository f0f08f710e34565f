//! What every site must keep.

use std::time::Duration;

use async_trait::async_trait;

use super::{PATIENCE, PAUSE};
use crate::hosting::{Exhibit, HostError, Published, Showcase, SitePublisher};
use crate::money::{Currency, Money};

/// A site together with what stands in for its host.
#[async_trait]
pub trait SiteRig: Send + Sync {
    /// The adapter.
    fn port(&self) -> &dyn SitePublisher;
    /// Where things are shown.
    fn at(&self) -> Showcase;
    /// What visitors see there of the shop's things, by key.
    async fn seen(&self) -> Vec<Exhibit>;
    /// Has somebody else put a thing of their own there, beside the shop's.
    async fn intrude(&self, slug: &str);
    /// The parts of addresses of all things of others, in order.
    async fn others(&self) -> Vec<String>;
    /// Lets time pass.
    async fn wait(&self, time: Duration);
}

/// Stamps the suite on a rig: `site_conformance!([tokio::test] module, || rig())`, and with a list of cases at the end
/// only those.
#[macro_export]
macro_rules! site_conformance {
    ($attribute:tt $module:ident, $make:expr) => {
        $crate::site_conformance!($attribute $module, $make, [
            what_is_new_appears
            what_changed_is_changed
            what_is_gone_is_taken_away
            things_of_others_are_left_alone
            a_second_time_changes_nothing
            keys_are_told_in_order
            a_site_that_was_never_used_shows_nothing
            many_things_are_shown
            odd_words_are_kept
            what_costs_nothing_and_is_sold_out_is_shown
            slugs_may_pass_from_one_to_another
        ]);
    };
    ($attribute:tt $module:ident, $make:expr, [$($case:ident)+]) => {
        $crate::stamp_cases!($attribute $module, $crate::testing::ports::site, $make, [$($case)+]);
    };
}

/// A thing to show, different for each number.
pub fn exhibit(number: u32) -> Exhibit {
    Exhibit {
        key: format!("mug_{number:03}"),
        slug: format!("enamel-mug-{number}"),
        title: format!("Enamel mug, number {number}"),
        description: "White, blue rim, one small chip.".into(),
        price: Money::new(1250 + i64::from(number), Currency::GBP),
        qty: i64::from(number % 7 + 1),
        url: Some(format!("https://shop.example.com/mugs/{number}")),
    }
}

fn some(numbers: impl IntoIterator<Item = u32>) -> Vec<Exhibit> {
    numbers.into_iter().map(exhibit).collect()
}

/// Repeats a call until there is an answer, and says whether it was the first one.
async fn persist<T>(
    rig: &dyn SiteRig,
    mut call: impl AsyncFnMut() -> Result<T, HostError>,
) -> (Result<T, HostError>, bool) {
    for tried in 0..PATIENCE {
        match call().await {
            Err(HostError::RateLimited { wait }) => rig.wait(wait).await,
            Err(HostError::Unavailable { .. } | HostError::Unknown { .. }) => rig.wait(PAUSE).await,
            answer => return (answer, tried == 0),
        }
    }
    panic!("the site gave no answer in {PATIENCE} calls");
}

/// Shows these things, and sees to it that just they are seen. Of what was new, changed and gone the last call alone is told,
/// so the counts hold where it was the first.
async fn show(rig: &dyn SiteRig, exhibits: &[Exhibit], counts: (u64, u64, u64)) -> Published {
    let at = rig.at();
    let (published, first) = persist(rig, async || rig.port().publish(&at, exhibits).await).await;
    let published = published.expect("fit things are shown");
    if first {
        assert_eq!((published.added, published.changed, published.removed), counts);
    }
    let mut wanted = exhibits.to_vec();
    wanted.sort_by(|a, b| a.key.cmp(&b.key));
    assert_eq!(rig.seen().await, wanted);
    let keys: Vec<_> = wanted.into_iter().map(|exhibit| exhibit.key).collect();
    assert_eq!(shown(rig).await, keys);
    published
}

async fn shown(rig: &dyn SiteRig) -> Vec<String> {
    let at = rig.at();
    let (keys, _) = persist(rig, async || rig.port().shown(&at).await).await;
    keys.expect("a site tells what it shows")
}

/// What is new is seen, and where.
pub async fn what_is_new_appears(rig: &dyn SiteRig) {
    let published = show(rig, &some(1..=3), (3, 0, 0)).await;
    assert!(!published.hostnames.is_empty(), "it is seen nowhere");
    show(rig, &some(1..=5), (2, 0, 0)).await;
}

/// Each part of a thing can change.
pub async fn what_changed_is_changed(rig: &dyn SiteRig) {
    show(rig, &some(1..=8), (8, 0, 0)).await;
    let mut changed = some(1..=8);
    "Mug".clone_into(&mut changed[0].title);
    "Chipped.".clone_into(&mut changed[1].description);
    changed[2].price = Money::new(999, Currency::GBP);
    changed[3].qty = 9;
    changed[4].url = Some("https://shop.example.com/elsewhere".into());
    changed[5].url = None;
    "a-mug".clone_into(&mut changed[6].slug);
    show(rig, &changed, (0, 7, 0)).await;
}

/// What the shop no longer shows is seen no longer, all of it too.
pub async fn what_is_gone_is_taken_away(rig: &dyn SiteRig) {
    show(rig, &some(1..=6), (6, 0, 0)).await;
    show(rig, &some([2, 4, 7]), (1, 0, 4)).await;
    show(rig, &[], (0, 0, 3)).await;
    show(rig, &some([2]), (1, 0, 0)).await;
}

/// Whatever the shop does, what others put there stays.
pub async fn things_of_others_are_left_alone(rig: &dyn SiteRig) {
    show(rig, &some(1..=2), (2, 0, 0)).await;
    rig.intrude("a-poem").await;
    rig.intrude("zebra").await;
    show(rig, &some(2..=4), (2, 0, 1)).await;
    show(rig, &[], (0, 0, 3)).await;
    assert_eq!(rig.others().await, ["a-poem", "zebra"]);
}

/// Shown a second time, nothing is new, changed or gone, and each thing is there once.
pub async fn a_second_time_changes_nothing(rig: &dyn SiteRig) {
    show(rig, &some(1..=20), (20, 0, 0)).await;
    for _ in 0..3 {
        show(rig, &some(1..=20), (0, 0, 0)).await;
    }
}

/// Keys are told in order, in whichever order things were given.
pub async fn keys_are_told_in_order(rig: &dyn SiteRig) {
    show(rig, &some([7, 3, 9, 1]), (4, 0, 0)).await;
    assert_eq!(shown(rig).await, ["mug_001", "mug_003", "mug_007", "mug_009"]);
}

/// Where nothing was ever shown, nothing is; and to show nothing is no feat.
pub async fn a_site_that_was_never_used_shows_nothing(rig: &dyn SiteRig) {
    assert_eq!(shown(rig).await, Vec::<String>::new());
    show(rig, &[], (0, 0, 0)).await;
}

/// More things than any service takes at once.
pub async fn many_things_are_shown(rig: &dyn SiteRig) {
    show(rig, &some(1..=250), (250, 0, 0)).await;
    let mut changed = some(2..=251);
    for exhibit in &mut changed {
        exhibit.qty += 1;
    }
    show(rig, &changed, (1, 249, 1)).await;
    show(rig, &some(200..=201), (0, 2, 248)).await;
}

/// Words are kept as they are, whatever they look like.
pub async fn odd_words_are_kept(rig: &dyn SiteRig) {
    let words = [
        "\"Quoted\" & 'quoted'",
        "<b>not bold</b> &amp; <script>alert(1)</script>",
        "Ünïcödé 茶 🫖 \u{1F469}\u{200D}\u{1F373}",
        "{{braces}} ${dollars} %percent% \\backslash\\",
        "null",
        "-1",
        "[{\"$chunk\":1}]",
    ];
    let exhibits: Vec<_> = words
        .iter()
        .zip(1..)
        .map(|(&words, number)| Exhibit {
            title: words.to_owned(),
            description: format!("{words}, and {words}"),
            ..exhibit(number)
        })
        .collect();
    show(rig, &exhibits, (7, 0, 0)).await;
    show(rig, &exhibits, (0, 0, 0)).await;
}

/// Nothing and none are amounts like others; so is nothing to say.
pub async fn what_costs_nothing_and_is_sold_out_is_shown(rig: &dyn SiteRig) {
    let gift = Exhibit {
        price: Money::new(0, Currency::GBP),
        qty: 0,
        description: String::new(),
        url: None,
        ..exhibit(1)
    };
    let dear = Exhibit { price: Money::new(123_456_789, Currency::JPY), qty: 1_000_000, ..exhibit(2) };
    show(rig, &[gift.clone(), dear.clone()], (2, 0, 0)).await;
    show(rig, &[gift, dear], (0, 0, 0)).await;
}

/// What is gone leaves its part of an address to whoever comes.
pub async fn slugs_may_pass_from_one_to_another(rig: &dyn SiteRig) {
    show(rig, &some([1, 2]), (2, 0, 0)).await;
    let heir = Exhibit { slug: exhibit(1).slug, ..exhibit(3) };
    show(rig, &[exhibit(2), heir], (1, 0, 1)).await;
}
