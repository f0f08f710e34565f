//! Channels, and what is offered on them.

mod channels;
mod drafts;
mod look;
mod notices;
mod offers;
mod takeover;

pub use self::channels::*;
pub use self::drafts::*;
pub use self::look::*;
pub use self::notices::*;
pub use self::offers::*;
pub use self::takeover::*;

use super::command::calls;

calls! {
    /// Channels.
    Channels by channels:
    /// Connects a channel.
    write connect: ConnectChannel;
    /// Changes how it is worked with.
    write update: UpdateChannel;
    /// Says what it charges.
    write set_fees: SetFees;
    /// Asks it what happened.
    write sync: SyncChannel;
    /// Takes over what it has on offer.
    write take_over: TakeOverChannel;
    /// Takes note of something it told.
    write receive: ReceiveNotice;
    /// How far a run is.
    read run: GetSyncRun;
    /// Every channel.
    read list: ListChannels;
    /// How long channels go on offering what was sold elsewhere.
    read oversell_windows: GetOversellWindows;
}

calls! {
    /// What is offered.
    Listings by listings:
    /// Offers a variant on a channel.
    write create: CreateListing;
    /// Sends a draft out.
    write publish: PublishListing;
    /// Changes what it says or costs.
    write revise: ReviseListing;
    /// Takes it off its channel.
    write end: EndListing;
    /// Offers it again.
    write relist: Relist;
    /// A text for it, written from what is known.
    read draft: DraftListing;
    /// A text for it, written by the hosted model.
    write write: WriteListing;
    /// A text that was asked for.
    read text: GetText;
    /// A page of texts.
    read texts: ListTexts;
    /// A listing.
    read get: GetListing;
    /// A page of listings.
    read list: ListListings;
}
