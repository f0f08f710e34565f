//! `baddie texts`: titles, descriptions and tags, written from what is known of a thing.

use std::fmt::Write as _;
use std::time::Duration;

use baddie::catalog::{Attributes, ListProducts, ProductFilter};
use baddie::ids::VariantId;
use baddie::listings::{GetText, ListTexts, ListingText, TextState, WriteListing};
use baddie::page::PageRequest;
use baddie::{Engine, Shop};
use clap::Subcommand;

use super::progress::bar;
use super::shop::WhichShop;
use super::{Failure, Global};

/// How long to sleep when there is nothing to do meanwhile.
const PAUSE: Duration = Duration::from_millis(200);

/// What `baddie texts` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    act: Act,
    #[command(flatten)]
    shop: WhichShop,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Write for a thing, within a channel's limits. A hosted model does, where there is one; what it says is checked.
    Write {
        /// The SKU.
        sku: String,
        /// Whose limits to keep: `ebay`, `etsy`, `amazon`, `shopify`, `webflow`; those of a shop of one's own when absent.
        #[arg(long, value_name = "CHANNEL")]
        rules: Option<String>,
        /// A fact beyond those of the catalogue, such as `colour=green`; again for each.
        #[arg(long = "fact", value_name = "NAME=VALUE", value_parser = fact)]
        facts: Vec<(String, String)>,
    },
    /// Show what was written, the newest first.
    List,
}

fn fact(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("give a name and a value, such as colour=green".to_owned()),
    }
}

pub(super) async fn run(global: &Global, args: Args) -> Result<(), Failure> {
    let engine = global.engine().await?;
    let shop = args.shop.of(&engine).await?;
    match args.act {
        Act::Write { sku, rules, facts } => {
            let variant_id = variant_of(&shop, &sku).await?;
            let attributes: Attributes = facts.into_iter().collect();
            let asked = shop.listings().write(WriteListing { variant_id, rules, attributes }).await?;
            let text = written(&engine, &shop, asked).await?;
            global.show(&text, words(&text))
        }
        Act::List => {
            let page = PageRequest::first(50);
            let texts = shop.listings().texts(ListTexts { variant_id: None, page }).await?.items;
            let all = match &texts[..] {
                [] => "nothing was written yet: `baddie texts write` has something written".to_owned(),
                all => all.iter().map(line).collect::<Vec<_>>().join("\n"),
            };
            global.show(&texts, all)
        }
    }
}

async fn variant_of(shop: &Shop, sku: &str) -> Result<VariantId, Failure> {
    let filter = ProductFilter { search: Some(sku.to_owned()), ..ProductFilter::default() };
    let page = PageRequest::first(200);
    let products = shop.catalog().products(ListProducts { filter, page }).await?.items;
    let mut variants = products.into_iter().flat_map(|product| product.variants);
    let found = variants.find(|view| view.variant.sku == sku).map(|view| view.variant.id);
    found
        .ok_or_else(|| Failure::because(format!("there is no SKU {sku:?}: the catalogue knows none like it")))
}

/// Does the work until the text is there, or waits for whoever else is at it. It always comes: where no hosted model writes,
/// the engine's own writer does.
async fn written(engine: &Engine, shop: &Shop, mut text: ListingText) -> Result<ListingText, Failure> {
    let bar = bar("being written", None);
    while text.state == TextState::Asked {
        if engine.tick().await?.taken == 0 {
            tokio::time::sleep(PAUSE).await;
        }
        text = shop.listings().text(GetText { text_id: text.id }).await?;
    }
    bar.finish_and_clear();
    Ok(text)
}

/// A text on one line: for what it was written, by whom, and its title.
fn line(text: &ListingText) -> String {
    let ListingText { id, rules, draft, .. } = text;
    match draft {
        Some(draft) => format!("{id}  {rules}, by {}: {}", draft.model, draft.text.title),
        None => format!("{id}  {rules}: being written"),
    }
}

/// A text as it would be read, and what is to be said of it.
fn words(text: &ListingText) -> String {
    let Some(draft) = &text.draft else { return line(text) };
    let mut words = format!("{}\n\n{}\n", draft.text.title, draft.text.description);
    if !draft.text.tags.is_empty() {
        let _ = writeln!(words, "\n{}", draft.text.tags.join(", "));
    }
    let _ =
        write!(words, "\nwritten by {} for {}, quality {} of 100", draft.model, text.rules, draft.quality);
    if text.tokens > 0 {
        let _ = write!(words, ", {} tokens", text.tokens);
    }
    if let Some(problem) = &text.problem {
        let _ = write!(words, "\nnot by the hosted model: {problem}");
    }
    for fault in &draft.faults {
        let _ = write!(words, "\nwrong with the {}: {}", fault.field, fault.what);
    }
    for advice in &draft.advice {
        let _ = write!(words, "\nbetter: {advice}");
    }
    words
}
