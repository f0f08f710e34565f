//! Tables as maps that remember how to undo what an open transaction did.

use std::collections::{BTreeMap, HashMap};

use baddie_core::accounts::{ApiKey, Member, Shop};
use baddie_core::catalog::{BundleComponent, Item, Media, Product, Variant};
use baddie_core::connections::{Connection, DataKey, Hint};
use baddie_core::entity::{Entity, Word};
use baddie_core::error::{Error, Kind, Result};
use baddie_core::hosting::Site;
use baddie_core::ids::EntityId;
use baddie_core::insights::{AdviceRun, Forecast, RefillPolicy, RefillProposal};
use baddie_core::inventory::{CostLayer, Location, Reservation, ReservationState, StockLevel, StockMove};
use baddie_core::journal::{AuditEntry, IdempotencyRecord, ImportRun};
use baddie_core::ledger::{Entry, Posting};
use baddie_core::listings::{Channel, FeeSchedule, Listing, ListingState, ListingText, Notice, SyncRun};
use baddie_core::orders::{
    CheckoutSession, Coupon, Customer, CustomerPii, Order, OrderAdjustment, OrderLine, Promotion, Redemption,
};
use baddie_core::outbox::{Event, Job, JobState};
use baddie_core::payments::{Payment, PaymentTxn, Payout};
use baddie_core::pricing::{PriceChange, PriceProposal, PricingRule};
use baddie_core::purchasing::{
    Acquisition, AcquisitionLine, PurchaseLine, PurchaseOrder, Receipt, Supplier, SupplierOffer,
};
use baddie_core::shipping::{Fulfilment, ReturnCase};
use baddie_core::webhooks::{Delivery, Endpoint};

/// A map with a way back.
#[derive(Debug)]
pub(super) struct Log<K, V> {
    rows: BTreeMap<K, V>,
    before: Vec<(K, Option<V>)>,
}

impl<K, V> Default for Log<K, V> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), before: Vec::new() }
    }
}

impl<K: Ord + Clone, V: Clone> Log<K, V> {
    pub(super) fn rows(&self) -> &BTreeMap<K, V> {
        &self.rows
    }

    pub(super) fn set(&mut self, key: K, value: Option<V>) -> Option<V> {
        let before = match value {
            Some(value) => self.rows.insert(key.clone(), value),
            None => self.rows.remove(&key),
        };
        self.before.push((key, before.clone()));
        before
    }

    fn undo(&mut self) {
        while let Some((key, before)) = self.before.pop() {
            match before {
                Some(value) => self.rows.insert(key, value),
                None => self.rows.remove(&key),
            };
        }
    }

    fn keep(&mut self) {
        self.before.clear();
    }
}

/// Things of one kind, by shop and id, with the names that only one of them may have.
#[derive(Debug)]
pub(super) struct Table<E: Entity> {
    rows: Log<(u128, E::Id), E>,
    names: HashMap<(u128, String), E::Id>,
}

impl<E: Entity> Default for Table<E> {
    fn default() -> Self {
        Self { rows: Log::default(), names: HashMap::new() }
    }
}

/// What a unique index says when a row is one too many.
pub(super) fn duplicate(name: &str) -> Error {
    Error::new(Kind::Conflict, "storage.duplicate", format!("there is already one with {name}"))
}

impl<E: Held> Table<E> {
    pub(super) fn get(&self, shop: u128, id: E::Id) -> Option<E> {
        self.rows.rows().get(&(shop, id)).cloned()
    }

    pub(super) fn of_shop(&self, shop: u128) -> impl DoubleEndedIterator<Item = &E> {
        let all = (shop, E::Id::from_u128(0))..=(shop, E::Id::from_u128(u128::MAX));
        self.rows.rows().range(all).map(|(_, row)| row)
    }

    pub(super) fn everywhere(&self) -> impl Iterator<Item = (u128, &E)> {
        self.rows.rows().iter().map(|((shop, _), row)| (*shop, row))
    }

    pub(super) fn put(&mut self, shop: u128, row: &E) -> Result<()> {
        for name in row.names() {
            if self.names.get(&(shop, name.clone())).is_some_and(|other| *other != row.id()) {
                return Err(duplicate(&name));
            }
        }
        let before = self.rows.set((shop, row.id()), Some(row.clone()));
        self.rename(shop, before.as_ref(), Some(row));
        Ok(())
    }

    pub(super) fn remove(&mut self, shop: u128, id: E::Id) -> bool {
        let before = self.rows.set((shop, id), None);
        self.rename(shop, before.as_ref(), None);
        before.is_some()
    }

    fn rename(&mut self, shop: u128, before: Option<&E>, after: Option<&E>) {
        for name in before.into_iter().flat_map(Held::names) {
            self.names.remove(&(shop, name));
        }
        if let Some(row) = after {
            for name in row.names() {
                self.names.insert((shop, name), row.id());
            }
        }
    }

    fn undo(&mut self) {
        if self.rows.before.is_empty() {
            return;
        }
        self.rows.undo();
        self.names.clear();
        for ((shop, _), row) in &self.rows.rows {
            for name in row.names() {
                self.names.insert((*shop, name), row.id());
            }
        }
    }

    fn keep(&mut self) {
        self.rows.keep();
    }
}

/// An entity with a table.
pub(super) trait Held: Entity {
    fn table(state: &State) -> &Table<Self>;
    fn table_mut(state: &mut State) -> &mut Table<Self>;
    /// The names that only one of its kind may have in a shop: what the unique indexes are in SQL.
    fn names(&self) -> Vec<String>;
    /// Whether it would be added to a whole that is closed: what the sealing trigger is in SQL.
    fn comes_late(&self, state: &State, shop: u128) -> bool;
}

macro_rules! tables {
    ($($field:ident: $entity:ident $(before $whole:ident in $wholes:ident)? $(named |$row:ident| $names:expr)?;)*) => {
        /// Everything that is kept.
        #[derive(Debug, Default)]
        pub(super) struct State {
            $($field: Table<$entity>,)*
            pub(super) counters: Log<(u128, &'static str), i64>,
            pub(super) answers: Log<(u128, String, String), IdempotencyRecord>,
        }

        impl State {
            pub(super) fn undo(&mut self) {
                $(self.$field.undo();)*
                self.counters.undo();
                self.answers.undo();
            }

            pub(super) fn keep(&mut self) {
                $(self.$field.keep();)*
                self.counters.keep();
                self.answers.keep();
            }
        }

        $(impl Held for $entity {
            fn table(state: &State) -> &Table<Self> {
                &state.$field
            }
            fn table_mut(state: &mut State) -> &mut Table<Self> {
                &mut state.$field
            }
            fn names(&self) -> Vec<String> {
                $(
                    let $row = self;
                    return Vec::from_iter($names);
                )?
                #[allow(unreachable_code, reason = "most kinds have no names of their own")]
                Vec::new()
            }
            fn comes_late(&self, state: &State, shop: u128) -> bool {
                $(
                    if state.$wholes.get(shop, self.$whole).is_some() {
                        return true;
                    }
                )?
                let _ = (state, shop);
                false
            }
        })*
    };
}

tables! {
    shops: Shop;
    members: Member named |row| [row.email.clone()];
    api_keys: ApiKey named |row| [row.hash.clone()];
    entries: Entry named |row| {
        let source = format!("source {}/{}/{}", row.source_type, row.source_id, row.kind);
        [Some(source), row.reverses.map(|entry| format!("reverses {entry}"))].into_iter().flatten()
    };
    postings: Posting before entry_id in entries;
    products: Product;
    variants: Variant named |row| [row.sku.clone()];
    bundle_components: BundleComponent named |row| [format!("{} in {}", row.variant_id, row.bundle_id)];
    media: Media;
    items: Item named |row| [row.variant_id.to_string()];
    locations: Location named |row| [row.name.clone()];
    stock_levels: StockLevel named |row| [format!("{} at {}", row.variant_id, row.location_id)];
    stock_moves: StockMove;
    reservations: Reservation named |row| {
        let held = row.item_id.filter(|_| row.state == ReservationState::Held);
        held.map(|item| item.to_string())
    };
    cost_layers: CostLayer;
    suppliers: Supplier;
    supplier_offers: SupplierOffer named |row| [format!("{} of {}", row.variant_id, row.supplier_id)];
    purchase_orders: PurchaseOrder named |row| [row.number.to_string()];
    purchase_lines: PurchaseLine;
    receipts: Receipt;
    acquisitions: Acquisition named |row| [row.number.to_string()];
    acquisition_lines: AcquisitionLine named |row| [row.item_id.to_string()];
    pricing_rules: PricingRule;
    price_changes: PriceChange;
    price_proposals: PriceProposal;
    channels: Channel named |row| [row.name.clone()];
    fee_schedules: FeeSchedule;
    listings: Listing named |row| {
        let open = (row.state != ListingState::Ended).then(|| format!("open {} on {}", row.variant_id, row.channel_id));
        let external = row.external_id.as_ref().map(|name| format!("{name} at {}", row.channel_id));
        [open, external].into_iter().flatten()
    };
    notices: Notice named |row| [format!("{} from {}", row.external_id, row.channel_id)];
    sync_runs: SyncRun;
    texts: ListingText;
    customers: Customer;
    customer_pii: CustomerPii;
    orders: Order named |row| {
        let external = row.channel_id.zip(row.external_id.as_ref()).map(|(channel, name)| format!("{name} at {channel}"));
        [Some(row.number.to_string()), external].into_iter().flatten()
    };
    order_lines: OrderLine named |row| {
        row.item_id.filter(|_| row.cancelled == 0 && row.returned == 0).map(|item| item.to_string())
    };
    order_adjustments: OrderAdjustment;
    promotions: Promotion;
    coupons: Coupon named |row| [row.code.clone()];
    redemptions: Redemption named |row| [format!("{} for {}", row.coupon_id, row.order_id)];
    checkouts: CheckoutSession;
    payments: Payment;
    payment_txns: PaymentTxn;
    payouts: Payout named |row| [format!("{} from {}", row.external_id, row.channel_id)];
    fulfilments: Fulfilment;
    returns: ReturnCase named |row| [row.number.to_string()];
    forecasts: Forecast;
    advice_runs: AdviceRun;
    refill_policies: RefillPolicy named |row| [format!("{:?}", row.variant_id)];
    refill_proposals: RefillProposal;
    connections: Connection named |row| {
        row.account.as_ref().map(|account| format!("{account} at {}", row.service))
    };
    hints: Hint named |row| [format!("{} from {}", row.external_id, row.connection_id)];
    endpoints: Endpoint;
    sites: Site;
    deliveries: Delivery named |row| [format!("{} to {}", row.event_id, row.endpoint_id)];
    data_keys: DataKey;
    events: Event;
    jobs: Job named |row| {
        (row.state == JobState::Queued).then(|| format!("{} {}", row.kind.as_str(), row.subject))
    };
    audit_entries: AuditEntry;
    import_runs: ImportRun named |row| [format!("{} {}", row.kind.as_str(), row.file_hash)];
}
