use std::sync::LazyLock;

use async_trait::async_trait;
use baddie_core::catalog::Variant;
use baddie_core::clock::{Date, Timestamp};
use baddie_core::entity::Word;
use baddie_core::error::Result;
use baddie_core::ids::{EntityId, ItemId, LevelId, LocationId, ProductId, VariantId};
use baddie_core::inventory::{
    CostLayer, DayUnits, HoldOwner, InventoryStore, LevelChange, Location, Reservation, Sellable, Stock,
    StockLevel,
};

use super::SqlTransaction;
use super::record::{Record, columns_text};
use crate::seam::{Change, Columns, Connection, Param, Sql};

/// Variants with their titles and stock: one row for each place, or one without.
static SELLABLE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {}, p.title, {}, {} FROM variants v
        JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id
        LEFT JOIN stock_levels s ON s.shop_id = v.shop_id AND s.variant_id = v.id
        LEFT JOIN locations o ON o.shop_id = s.shop_id AND o.id = s.location_id
        WHERE v.shop_id = $1",
        columns_text(Variant::COLUMNS, "v."),
        columns_text(StockLevel::COLUMNS, "s."),
        columns_text(Location::COLUMNS, "o."),
    )
});

/// `UPDATE stock_levels … RETURNING` the whole level.
static CHANGE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "UPDATE stock_levels
        SET on_hand = on_hand + $4, reserved = reserved + $5, incoming = incoming + $6
        WHERE shop_id = $1 AND variant_id = $2 AND location_id = $3
            AND on_hand + $4 >= 0 AND reserved + $5 >= 0 AND incoming + $6 >= 0
            AND reserved + $5 <= on_hand + $4 + backorder_limit
        RETURNING {}",
        columns_text(StockLevel::COLUMNS, "")
    )
});

/// The same of many. All are locked in order before the first is changed, so that two who take the same levels wait for
/// one another in turn.
static CHANGE_MANY: LazyLock<String> = LazyLock::new(|| {
    format!(
        "WITH asked AS (
            SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[])
                AS asked (shop_id, variant_id, location_id, on_hand, reserved, incoming)
        ), locked AS (
            SELECT s.id FROM stock_levels s JOIN asked a USING (shop_id, variant_id, location_id)
            ORDER BY s.variant_id, s.location_id FOR UPDATE OF s
        )
        UPDATE stock_levels s
        SET on_hand = s.on_hand + a.on_hand, reserved = s.reserved + a.reserved, incoming = s.incoming + a.incoming
        FROM asked a
        WHERE (SELECT count(*) FROM locked) > 0
            AND s.shop_id = a.shop_id AND s.variant_id = a.variant_id AND s.location_id = a.location_id
            AND s.on_hand + a.on_hand >= 0 AND s.reserved + a.reserved >= 0 AND s.incoming + a.incoming >= 0
            AND s.reserved + a.reserved <= s.on_hand + a.on_hand + s.backorder_limit
        RETURNING {}",
        columns_text(StockLevel::COLUMNS, "s.")
    )
});

static SET_BACKORDER: LazyLock<String> = LazyLock::new(|| {
    format!(
        "UPDATE stock_levels SET backorder_limit = $4
        WHERE shop_id = $1 AND variant_id = $2 AND location_id = $3 AND reserved <= on_hand + $4
        RETURNING {}",
        columns_text(StockLevel::COLUMNS, "")
    )
});

/// How many parameters one change of a level has.
const LEVEL_CHANGE: usize = 6;

const OPEN_LEVEL: &str = "
    INSERT INTO stock_levels
        (shop_id, id, variant_id, location_id, on_hand, reserved, incoming, backorder_limit)
    VALUES ($1, $2, $3, $4, 0, 0, 0, 0)
    ON CONFLICT (shop_id, variant_id, location_id) DO NOTHING";

const SHIPPED: &str = "
    SELECT variant_id, business_date, sum(-d_on_hand)::bigint FROM stock_moves
    WHERE shop_id = $1 AND reason = 'shipment' AND business_date BETWEEN $2 AND $3
    GROUP BY variant_id, business_date ORDER BY variant_id, business_date";

const SHIPPED_OF_ONE: &str = "
    SELECT variant_id, business_date, sum(-d_on_hand)::bigint FROM stock_moves
    WHERE shop_id = $1 AND reason = 'shipment' AND business_date BETWEEN $2 AND $3 AND variant_id = $4
    GROUP BY variant_id, business_date ORDER BY variant_id, business_date";

const MOVED: &str = "
    SELECT variant_id, business_date, sum(d_on_hand)::bigint FROM stock_moves
    WHERE shop_id = $1 AND variant_id = ANY($2::uuid[]) AND business_date <= $3
    GROUP BY variant_id, business_date ORDER BY variant_id, business_date";

const LOW: &str = "
    SELECT v.id FROM variants v
    JOIN stock_levels s ON s.shop_id = v.shop_id AND s.variant_id = v.id
    JOIN locations o ON o.shop_id = s.shop_id AND o.id = s.location_id AND o.sellable
    JOIN products p ON p.shop_id = v.shop_id AND p.id = v.product_id AND p.status = 'active'
    WHERE v.shop_id = $1 AND v.kind = 'stocked'
    GROUP BY v.id, v.safety_stock
    HAVING sum(s.on_hand - s.reserved + s.backorder_limit) <= v.safety_stock
    ORDER BY sum(s.on_hand - s.reserved + s.backorder_limit), v.id LIMIT $2";

fn day_units(row: &impl Columns) -> Result<DayUnits> {
    Ok(DayUnits { variant_id: VariantId::from_u128(row.id(0)?), day: row.day(1)?, units: row.int(2)? })
}

impl<C: Connection> SqlTransaction<C> {
    async fn sellable_where(&mut self, tail: &'static str, which: Param<'_>) -> Result<Vec<Sellable>> {
        let params = self.params([which]);
        let (title, level) = (Variant::COLUMNS.len(), Variant::COLUMNS.len() + 1);
        let place = level + StockLevel::COLUMNS.len();
        let sql = Sql { head: &SELLABLE, tail };
        let mut goods: Vec<Sellable> = Vec::new();
        let rows = self.connection.query(sql, &params, |row| {
            let stock = if row.is_null(level)? {
                None
            } else {
                Some(Stock { level: StockLevel::read(row, level)?, place: Location::read(row, place)? })
            };
            let id = row.id(0)?;
            if goods.last().is_none_or(|good| good.variant.id.as_u128() != id) {
                let title = row.text(title)?.to_owned();
                goods.push(Sellable { variant: Variant::read(row, 0)?, title, stock: Vec::new() });
            }
            if let Some(good) = goods.last_mut() {
                good.stock.extend(stock);
            }
            Ok(())
        });
        rows.await?;
        Ok(goods)
    }
}

#[async_trait]
impl<C: Connection> InventoryStore for SqlTransaction<C> {
    async fn locations(&mut self) -> Result<Vec<Location>> {
        self.rows("ORDER BY priority, name", []).await
    }

    async fn sellable(&mut self, variants: &[VariantId]) -> Result<Vec<Sellable>> {
        if variants.is_empty() {
            return Ok(Vec::new());
        }
        self.sellable_where("AND v.id = ANY($2::uuid[]) ORDER BY v.id, s.id", Param::ids(variants)).await
    }

    async fn sellable_by_sku(&mut self, skus: &[&str]) -> Result<Vec<Sellable>> {
        self.sellable_where("AND v.sku = ANY($2::text[]) ORDER BY v.id, s.id", Param::Words(skus.to_vec()))
            .await
    }

    async fn sellable_of(&mut self, products: &[ProductId]) -> Result<Vec<Sellable>> {
        if products.is_empty() {
            return Ok(Vec::new());
        }
        self.sellable_where("AND v.product_id = ANY($2::uuid[]) ORDER BY v.id, s.id", Param::ids(products))
            .await
    }

    async fn open_level(&mut self, id: LevelId, variant: &Variant, location: LocationId) -> Result<()> {
        self.change(OPEN_LEVEL, [Param::id(id), Param::id(variant.id), Param::id(location)]).await.map(|_| ())
    }

    async fn change_all(&mut self, changes: &[LevelChange]) -> Result<Vec<StockLevel>> {
        let params = changes.iter().flat_map(|change| {
            self.params([
                Param::id(change.variant_id),
                Param::id(change.location_id),
                change.on_hand.into(),
                change.reserved.into(),
                change.incoming.into(),
            ])
        });
        let params: Vec<_> = params.collect();
        let sql = Change { one: &CHANGE, many: &CHANGE_MANY };
        self.connection.change_each(sql, LEVEL_CHANGE, &params, |row| StockLevel::read(row, 0)).await
    }

    async fn set_backorder(
        &mut self,
        variant: VariantId,
        location: LocationId,
        limit: i64,
    ) -> Result<Option<StockLevel>> {
        let params = self.params([Param::id(variant), Param::id(location), limit.into()]);
        let sql: &'static str = &SET_BACKORDER;
        Ok(self.connection.query(sql, &params, |row| StockLevel::read(row, 0)).await?.pop())
    }

    async fn held(&mut self, owner: HoldOwner, owner_ids: &[String]) -> Result<Vec<Reservation>> {
        let ids = owner_ids.iter().map(String::as_str).collect();
        let tail = "AND state = 'held' AND owner = $2 AND owner_id = ANY($3::text[]) ORDER BY id";
        self.rows(tail, [owner.as_str().into(), Param::Words(ids)]).await
    }

    async fn run_out(&mut self, now: Timestamp, limit: usize) -> Result<Vec<Reservation>> {
        let tail = "AND state = 'held' AND expires_at IS NOT NULL AND expires_at <= $2 ORDER BY expires_at, id LIMIT $3";
        self.rows(tail, [now.into(), count(limit)]).await
    }

    async fn layers_left(&mut self, variant: VariantId, item: Option<ItemId>) -> Result<Vec<CostLayer>> {
        let tail = "AND variant_id = $2 AND qty_left > 0 AND ($3::uuid IS NULL OR item_id = $3) ORDER BY id";
        self.rows(tail, [Param::id(variant), item.map_or(Param::Null, Param::id)]).await
    }

    async fn oldest_layers(&mut self, limit: usize) -> Result<Vec<CostLayer>> {
        self.rows("AND qty_left > 0 ORDER BY received_at, id LIMIT $2", [count(limit)]).await
    }

    async fn shipped_by_day(
        &mut self,
        variant: Option<VariantId>,
        from: Date,
        to: Date,
    ) -> Result<Vec<DayUnits>> {
        if let Some(variant) = variant {
            let params = self.params([from.into(), to.into(), Param::id(variant)]);
            return self.connection.query(SHIPPED_OF_ONE, &params, |row| day_units(row)).await;
        }
        let params = self.params([from.into(), to.into()]);
        self.connection.query(SHIPPED, &params, |row| day_units(row)).await
    }

    async fn moved_by_day(&mut self, variants: &[VariantId], to: Date) -> Result<Vec<DayUnits>> {
        let params = self.params([Param::ids(variants), to.into()]);
        self.connection.query(MOVED, &params, |row| day_units(row)).await
    }

    async fn low(&mut self, limit: usize) -> Result<Vec<VariantId>> {
        let params = self.params([count(limit)]);
        self.connection.query(LOW, &params, |row| row.id(0).map(VariantId::from_u128)).await
    }
}

/// A number of rows as a parameter.
pub(super) fn count<'a>(limit: usize) -> Param<'a> {
    Param::Int(i64::try_from(limit).unwrap_or(i64::MAX))
}
