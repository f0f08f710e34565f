"""Every operation as a method. Made by generate.py from the table of operations: do not edit."""

from __future__ import annotations

import datetime as dt
from typing import Any, AsyncIterator, Awaitable, Callable, Dict, Iterator, Mapping, Optional, Sequence

from .money import Money
from .types import (
    AccountBalance, Acquisition, AdviceRun, AgingRow, ApiKey, ArrivedLine, AuditEntry, CancelLine, Certificate,
    Channel, ChannelNotice, ChannelStatus, CheckoutLine, CheckoutSession, Comparable, Competition, Condition,
    Connection, Coupon, CreatedKey, CustomerView, DailyResult, Decision, Delivery, DeliveryState, DemandSeries,
    DeployPlan, DeployTarget, Deployment, Domain, DomainOffer, Endpoint, EndpointSecret, EntryView, Event, FeeRule,
    FeeSchedule, FileOrder, FileProduct, FileSale, FileStock, Find, Forecast, Fulfilment, FulfilmentState,
    FulfilmentStep, HaulView, Health, ImportKind, ImportRun, ImportedOrder, InventoryPrediction, Item, ItemStatus,
    ItemView, Job, JobState, LandedCost, Listing, ListingDraft, ListingState, ListingText, Location, LocationKind,
    LogLine, ManualPosting, MarketView, Media, Member, MemberStatus, MoveReason, NewComponent, NewCoupon,
    NewPurchaseLine, NewVariant, NoticeTaken, OrderState, OrderView, OversellWindow, Overview, PageOfAcquisition,
    PageOfAdviceRun, PageOfApiKey, PageOfAuditEntry, PageOfDelivery, PageOfEntryView, PageOfEvent, PageOfFileOrder,
    PageOfFileProduct, PageOfFileSale, PageOfFileStock, PageOfForecast, PageOfFulfilment, PageOfInventoryPrediction,
    PageOfItem, PageOfJob, PageOfListing, PageOfListingText, PageOfMember, PageOfOrderView, PageOfPayment,
    PageOfPayout, PageOfPriceProposal, PageOfPricingRule, PageOfProductView, PageOfPurchaseOrder,
    PageOfRefillProposal, PageOfReturnCase, PageOfStockMove, PageOfSupplier, ParcelLine, Payment, PaymentStep,
    PaymentView, Payout, PayoutLine, Person, PlaceLine, Prepared, PriceBreak, PriceChange, PriceProposal,
    PricesOptimized, PricingRule, ProductStatus, ProductView, Profit, PromotionKind, PromotionView, ProposalState,
    PurchaseOrder, PurchaseOrderState, PurchaseOrderStep, PurchaseOrderView, Quoted, RefillPolicy, RefillProposal,
    RefreshAsked, Replayed, Reservation, ReturnCase, ReturnLine, ReturnState, ReturnStep, Role, RolledBack, Rounding,
    RulesApplied, SellThroughRow, Sent, Shop, Showcase, Site, StockAlert, StockLevel, StockMove, Strategy, Supplier,
    SupplierKind, SupplierOffer, SyncRun, TaxYear, Variant, Verdict, ZoneRecord, ZoneSnapshot,
)

Call = Callable[[str, Dict[str, Any], Any, Optional[str]], Any]
AsyncCall = Callable[[str, Dict[str, Any], Any, Optional[str]], Awaitable[Any]]

class ShopOperations:
    """The operations `shop.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def get(self) -> Shop:
        """Look at the shop's settings."""
        found: Shop = self._call("shop.get", {}, Shop, None)
        return found

    def update(
        self,
        *,
        expected_version: Optional[int] = None,
        name: Optional[str] = None,
        rounding: Optional[Rounding] = None,
        time_zone: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Shop:
        """Change the shop's settings.

        :param expected_version: The version that was seen; the edit is refused if it has changed.
        :param name: What it is called.
        :param rounding: How a tax is rounded that falls between two units of the currency.
        :param time_zone: Decides to which business day an instant belongs; days already booked stay.
        """
        said: Dict[str, Any] = {
            "expected_version": expected_version, "name": name, "rounding": rounding, "time_zone":
            time_zone
        }
        found: Shop = self._call("shop.update", said, Shop, idempotency_key)
        return found


class MembersOperations:
    """The operations `members.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def add(self, *, email: str, role: Role, idempotency_key: Optional[str] = None) -> Member:
        """Take somebody on.

        :param email: Where the person is reached.
        :param role: What the person may do.
        """
        found: Member = self._call("members.add", {"email": email, "role": role}, Member, idempotency_key)
        return found

    def update(
        self,
        *,
        member_id: str,
        expected_version: Optional[int] = None,
        role: Optional[Role] = None,
        status: Optional[MemberStatus] = None,
        idempotency_key: Optional[str] = None,
    ) -> Member:
        """Change what a member may do, or shut the member out.

        :param member_id: The member.
        :param expected_version: The version that was seen.
        :param role: What the person may do.
        :param status: Whether the person may come in.
        """
        said: Dict[str, Any] = {
            "member_id": member_id, "expected_version": expected_version, "role": role, "status": status
        }
        found: Member = self._call("members.update", said, Member, idempotency_key)
        return found

    def list(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfMember:
        """Look through the members.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        found: PageOfMember = self._call("members.list", {"cursor": cursor, "limit": limit}, PageOfMember, None)
        return found

    def each(self, *, limit: Optional[int] = None) -> Iterator[Member]:
        """Look through the members. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.list(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class KeysOperations:
    """The operations `keys.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def create(
        self,
        *,
        name: str,
        role: Role,
        expires_at: Optional[dt.datetime] = None,
        idempotency_key: Optional[str] = None,
    ) -> CreatedKey:
        """Make a key for a program.

        :param name: What it is for.
        :param role: What it may do; never more than its maker.
        :param expires_at: When it stops working.
        """
        said: Dict[str, Any] = {
            "name": name, "role": role, "expires_at": expires_at
        }
        found: CreatedKey = self._call("keys.create", said, CreatedKey, idempotency_key)
        return found

    def revoke(self, *, key_id: str, idempotency_key: Optional[str] = None) -> ApiKey:
        """Withdraw a key.

        :param key_id: The key.
        """
        found: ApiKey = self._call("keys.revoke", {"key_id": key_id}, ApiKey, idempotency_key)
        return found

    def list(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfApiKey:
        """Look through the keys.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        found: PageOfApiKey = self._call("keys.list", {"cursor": cursor, "limit": limit}, PageOfApiKey, None)
        return found

    def each(self, *, limit: Optional[int] = None) -> Iterator[ApiKey]:
        """Look through the keys. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.list(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class ProductsOperations:
    """The operations `products.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def create(
        self,
        *,
        title: str,
        variants: Sequence[NewVariant],
        attributes: Optional[Mapping[str, str]] = None,
        brand: Optional[str] = None,
        category: Optional[str] = None,
        description: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> ProductView:
        """Describe a product and its variants.

        :param title: What it is called.
        :param variants: Its variants: at least one.
        :param attributes: Facts about it.
        :param brand: Who made it.
        :param category: Where it stands in a taxonomy.
        :param description: What there is to say about it.
        """
        said: Dict[str, Any] = {
            "title": title, "variants": variants, "attributes": attributes, "brand": brand, "category":
            category, "description": description
        }
        found: ProductView = self._call("products.create", said, ProductView, idempotency_key)
        return found

    def update(
        self,
        *,
        product_id: str,
        attributes: Optional[Mapping[str, str]] = None,
        brand: Optional[str] = None,
        category: Optional[str] = None,
        description: Optional[str] = None,
        expected_version: Optional[int] = None,
        status: Optional[ProductStatus] = None,
        title: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> ProductView:
        """Change a product's description.

        :param product_id: The product.
        :param attributes: Facts about it.
        :param brand: Who made it.
        :param category: Where it stands in a taxonomy.
        :param description: What there is to say about it.
        :param expected_version: The version that was seen.
        :param status: Whether it is for sale.
        :param title: What it is called.
        """
        said: Dict[str, Any] = {
            "product_id": product_id, "attributes": attributes, "brand": brand, "category": category,
            "description": description, "expected_version": expected_version, "status": status, "title":
            title
        }
        found: ProductView = self._call("products.update", said, ProductView, idempotency_key)
        return found

    def get(self, *, product_id: str) -> ProductView:
        """Look at a product.

        :param product_id: The product.
        """
        found: ProductView = self._call("products.get", {"product_id": product_id}, ProductView, None)
        return found

    def list(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        search: Optional[str] = None,
        status: Optional[ProductStatus] = None,
    ) -> PageOfProductView:
        """Look through the products, newest first, or search them.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param search: Only those whose title, brand, category, description or SKU hold words beginning like all of
            these.
        :param status: Only those in this state.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit, "search": search, "status": status
        }
        found: PageOfProductView = self._call("products.list", said, PageOfProductView, None)
        return found

    def each(
        self,
        *,
        limit: Optional[int] = None,
        search: Optional[str] = None,
        status: Optional[ProductStatus] = None,
    ) -> Iterator[ProductView]:
        """Look through the products, newest first, or search them. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.list(cursor=cursor, limit=limit, search=search, status=status)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class VariantsOperations:
    """The operations `variants.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def add(
        self,
        *,
        product_id: str,
        backorder_limit: Optional[int] = None,
        components: Optional[Sequence[NewComponent]] = None,
        dims_mm: Optional[Sequence[int]] = None,
        gtin: Optional[str] = None,
        options: Optional[Mapping[str, str]] = None,
        price: Optional[Money] = None,
        safety_stock: Optional[int] = None,
        scale: Optional[int] = None,
        sku: Optional[str] = None,
        tax_code: Optional[str] = None,
        weight_g: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> Variant:
        """Add a variant to a product; with components it is a bundle.

        :param product_id: The product.
        :param backorder_limit: How many may be promised beyond what is here.
        :param components: What it holds, if it is a bundle.
        :param dims_mm: Length, width and height in millimetres.
        :param gtin: Its global trade item number.
        :param options: What sets it apart from its sisters.
        :param price: What it costs where no listing says otherwise.
        :param safety_stock: How many are kept from the channels.
        :param scale: Decimals of its unit of measure.
        :param sku: The shop's own name for it.
        :param tax_code: What the tax office calls it.
        :param weight_g: Its weight in grams.
        """
        said: Dict[str, Any] = {
            "product_id": product_id, "backorder_limit": backorder_limit, "components": components,
            "dims_mm": dims_mm, "gtin": gtin, "options": options, "price": price, "safety_stock":
            safety_stock, "scale": scale, "sku": sku, "tax_code": tax_code, "weight_g": weight_g
        }
        found: Variant = self._call("variants.add", said, Variant, idempotency_key)
        return found

    def update(
        self,
        *,
        variant_id: str,
        backorder_limit: Optional[int] = None,
        expected_version: Optional[int] = None,
        gtin: Optional[str] = None,
        price: Optional[Money] = None,
        safety_stock: Optional[int] = None,
        weight_g: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> Variant:
        """Change a variant.

        :param variant_id: The variant.
        :param backorder_limit: How many may be promised beyond what is here.
        :param expected_version: The version that was seen.
        :param gtin: Its global trade item number.
        :param price: Its price where no listing says otherwise.
        :param safety_stock: How many are kept from the channels.
        :param weight_g: Its weight in grams.
        """
        said: Dict[str, Any] = {
            "variant_id": variant_id, "backorder_limit": backorder_limit, "expected_version":
            expected_version, "gtin": gtin, "price": price, "safety_stock": safety_stock, "weight_g":
            weight_g
        }
        found: Variant = self._call("variants.update", said, Variant, idempotency_key)
        return found


class ItemsOperations:
    """The operations `items.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def create(
        self,
        *,
        condition: Condition,
        sku: str,
        title: str,
        unit_cost: Money,
        attributes: Optional[Mapping[str, str]] = None,
        bin: Optional[str] = None,
        brand: Optional[str] = None,
        category: Optional[str] = None,
        condition_notes: Optional[str] = None,
        description: Optional[str] = None,
        grade: Optional[str] = None,
        location_id: Optional[str] = None,
        price: Optional[Money] = None,
        serial: Optional[str] = None,
        weight_g: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> ItemView:
        """Take in a one-of-a-kind thing: its product, its only variant, and the thing itself with its cost.

        :param condition: Its condition.
        :param sku: The shop's own name for it.
        :param title: What it is; the variants stay empty.
        :param unit_cost: What it cost.
        :param attributes: Facts about it.
        :param bin: The shelf or box.
        :param brand: Who made it.
        :param category: Where it stands in a taxonomy.
        :param condition_notes: What a buyer should know about the condition.
        :param description: What there is to say about it.
        :param grade: A grade in the words of its trade.
        :param location_id: Where it lies; the first place that sells when absent.
        :param price: What it is to cost where no listing says otherwise.
        :param serial: Its serial number.
        :param weight_g: Its weight in grams.
        """
        said: Dict[str, Any] = {
            "condition": condition, "sku": sku, "title": title, "unit_cost": unit_cost, "attributes":
            attributes, "bin": bin, "brand": brand, "category": category, "condition_notes":
            condition_notes, "description": description, "grade": grade, "location_id": location_id,
            "price": price, "serial": serial, "weight_g": weight_g
        }
        found: ItemView = self._call("items.create", said, ItemView, idempotency_key)
        return found

    def update(
        self,
        *,
        item_id: str,
        bin: Optional[str] = None,
        condition: Optional[Condition] = None,
        condition_notes: Optional[str] = None,
        expected_version: Optional[int] = None,
        grade: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Item:
        """Change what is said of a one-of-a-kind thing.

        :param item_id: The thing.
        :param bin: The shelf or box.
        :param condition: Its condition.
        :param condition_notes: What a buyer should know about the condition.
        :param expected_version: The version that was seen.
        :param grade: A grade in the words of its trade.
        """
        said: Dict[str, Any] = {
            "item_id": item_id, "bin": bin, "condition": condition, "condition_notes": condition_notes,
            "expected_version": expected_version, "grade": grade
        }
        found: Item = self._call("items.update", said, Item, idempotency_key)
        return found

    def get(self, *, item_id: str) -> ItemView:
        """Look at a one-of-a-kind thing.

        :param item_id: The thing.
        """
        found: ItemView = self._call("items.get", {"item_id": item_id}, ItemView, None)
        return found

    def list(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        status: Optional[ItemStatus] = None,
    ) -> PageOfItem:
        """Look through the one-of-a-kind things, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param status: Only those in this state.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit, "status": status
        }
        found: PageOfItem = self._call("items.list", said, PageOfItem, None)
        return found

    def each(self, *, limit: Optional[int] = None, status: Optional[ItemStatus] = None) -> Iterator[Item]:
        """Look through the one-of-a-kind things, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.list(cursor=cursor, limit=limit, status=status)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class MediaOperations:
    """The operations `media.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def attach(
        self,
        *,
        alt: str,
        content_hash: str,
        product_id: str,
        sort: Optional[int] = None,
        url: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Media:
        """Attach a picture or film to a product.

        :param alt: What it shows, in words.
        :param content_hash: SHA-256 of the bytes, in hex.
        :param product_id: The product.
        :param sort: Its place among the product's media, lowest first.
        :param url: Where the bytes can be had. Channels that show pictures fetch them there.
        """
        said: Dict[str, Any] = {
            "alt": alt, "content_hash": content_hash, "product_id": product_id, "sort": sort, "url": url
        }
        found: Media = self._call("media.attach", said, Media, idempotency_key)
        return found

    def detach(self, *, media_id: str, idempotency_key: Optional[str] = None) -> Media:
        """Detach a picture or film from its product.

        :param media_id: The medium.
        """
        found: Media = self._call("media.detach", {"media_id": media_id}, Media, idempotency_key)
        return found

    def list(self, *, product_id: str) -> list[Media]:
        """Look through a product's pictures and films.

        :param product_id: The product.
        """
        found: list[Media] = self._call("media.list", {"product_id": product_id}, list[Media], None)
        return found


class LocationsOperations:
    """The operations `locations.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def create(
        self,
        *,
        kind: LocationKind,
        name: str,
        sellable: bool,
        priority: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> Location:
        """Make a place where stock lies.

        :param kind: What sort of place it is.
        :param name: What it is called.
        :param sellable: Whether what lies there may be sold; quarantine and transit never sell.
        :param priority: From where to take first: lowest first.
        """
        said: Dict[str, Any] = {
            "kind": kind, "name": name, "sellable": sellable, "priority": priority
        }
        found: Location = self._call("locations.create", said, Location, idempotency_key)
        return found

    def list(self) -> list[Location]:
        """Look through the places."""
        found: list[Location] = self._call("locations.list", {}, list[Location], None)
        return found


class InventoryOperations:
    """The operations `inventory.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def adjust(
        self,
        *,
        change: int,
        reason: MoveReason,
        variant_id: str,
        cost: Optional[Money] = None,
        location_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> StockLevel:
        """Correct what lies somewhere: something was found, lost, broken, or was there from the start.

        :param change: How many more there are; below zero, how many fewer.
        :param reason: Why.
        :param variant_id: What.
        :param cost: What the added units cost together; needed for more stock, and for nothing else.
        :param location_id: Where; the first place that sells when absent.
        """
        said: Dict[str, Any] = {
            "change": change, "reason": reason, "variant_id": variant_id, "cost": cost, "location_id":
            location_id
        }
        found: StockLevel = self._call("inventory.adjust", said, StockLevel, idempotency_key)
        return found

    def transfer(
        self,
        *,
        from_: str,
        qty: int,
        to: str,
        variant_id: str,
        idempotency_key: Optional[str] = None,
    ) -> list[StockLevel]:
        """Move stock to another place.

        :param from_: From where.
        :param qty: How many.
        :param to: Where to.
        :param variant_id: What.
        """
        said: Dict[str, Any] = {
            "from_": from_, "qty": qty, "to": to, "variant_id": variant_id
        }
        found: list[StockLevel] = self._call("inventory.transfer", said, list[StockLevel], idempotency_key)
        return found

    def hold(
        self,
        *,
        note: str,
        qty: int,
        variant_id: str,
        expires_at: Optional[dt.datetime] = None,
        idempotency_key: Optional[str] = None,
    ) -> list[Reservation]:
        """Hold stock for somebody, without an order.

        :param note: For whom or why.
        :param qty: How many.
        :param variant_id: What.
        :param expires_at: Until when; for good when absent.
        """
        said: Dict[str, Any] = {
            "note": note, "qty": qty, "variant_id": variant_id, "expires_at": expires_at
        }
        found: list[Reservation] = self._call("inventory.hold", said, list[Reservation], idempotency_key)
        return found

    def release(self, *, reservation_id: str, idempotency_key: Optional[str] = None) -> Reservation:
        """Let go of a hold that was made by hand.

        :param reservation_id: The hold.
        """
        said: Dict[str, Any] = {
            "reservation_id": reservation_id
        }
        found: Reservation = self._call("inventory.release", said, Reservation, idempotency_key)
        return found

    def levels(self, *, variant_id: str) -> list[StockLevel]:
        """Look at what lies of a variant, by place.

        :param variant_id: The variant.
        """
        found: list[StockLevel] = self._call("inventory.levels", {"variant_id": variant_id}, list[StockLevel], None)
        return found

    def moves(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfStockMove:
        """Look through every stock move, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfStockMove = self._call("inventory.moves", said, PageOfStockMove, None)
        return found

    def each_moves(self, *, limit: Optional[int] = None) -> Iterator[StockMove]:
        """Look through every stock move, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.moves(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return

    def alerts(self, *, limit: Optional[int] = None) -> list[StockAlert]:
        """Look at what is running out: stocked variants down to their safety stock.

        :param limit: How many at most: 1 to 200, 50 when absent.
        """
        found: list[StockAlert] = self._call("inventory.alerts", {"limit": limit}, list[StockAlert], None)
        return found


class SuppliersOperations:
    """The operations `suppliers.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def create(
        self,
        *,
        kind: SupplierKind,
        name: str,
        lead_days_mean: Optional[int] = None,
        lead_days_sd: Optional[int] = None,
        terms: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Supplier:
        """Note down a supplier.

        :param kind: What sort it is.
        :param name: What it is called.
        :param lead_days_mean: Days from order to arrival, on average.
        :param lead_days_sd: By how many days that varies.
        :param terms: Terms of payment, in words.
        """
        said: Dict[str, Any] = {
            "kind": kind, "name": name, "lead_days_mean": lead_days_mean, "lead_days_sd": lead_days_sd,
            "terms": terms
        }
        found: Supplier = self._call("suppliers.create", said, Supplier, idempotency_key)
        return found

    def list(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfSupplier:
        """Look through the suppliers.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        found: PageOfSupplier = self._call("suppliers.list", {"cursor": cursor, "limit": limit}, PageOfSupplier, None)
        return found

    def each(self, *, limit: Optional[int] = None) -> Iterator[Supplier]:
        """Look through the suppliers. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.list(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class OffersOperations:
    """The operations `offers.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def set(
        self,
        *,
        supplier_id: str,
        unit_cost: Money,
        variant_id: str,
        moq: Optional[int] = None,
        pack: Optional[int] = None,
        price_breaks: Optional[Sequence[PriceBreak]] = None,
        supplier_sku: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> SupplierOffer:
        """Note down what a supplier asks for a variant; a new offer takes the old one's place.

        :param supplier_id: Whose offer.
        :param unit_cost: The price of a unit.
        :param variant_id: For what.
        :param moq: The fewest units that can be ordered; 1 when absent.
        :param pack: Units come in multiples of this; 1 when absent.
        :param price_breaks: Lower prices from quantities on, smallest quantity first.
        :param supplier_sku: The supplier's name for it.
        """
        said: Dict[str, Any] = {
            "supplier_id": supplier_id, "unit_cost": unit_cost, "variant_id": variant_id, "moq": moq,
            "pack": pack, "price_breaks": price_breaks, "supplier_sku": supplier_sku
        }
        found: SupplierOffer = self._call("offers.set", said, SupplierOffer, idempotency_key)
        return found

    def list(self, *, variant_id: str) -> list[SupplierOffer]:
        """Look at everything that is offered for a variant, cheapest first.

        :param variant_id: The variant.
        """
        found: list[SupplierOffer] = self._call("offers.list", {"variant_id": variant_id}, list[SupplierOffer], None)
        return found


class PurchaseOrdersOperations:
    """The operations `purchase_orders.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def create(
        self,
        *,
        lines: Sequence[NewPurchaseLine],
        supplier_id: str,
        expected_on: Optional[dt.date] = None,
        location_id: Optional[str] = None,
        notes: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> PurchaseOrderView:
        """Write a purchase order.

        :param lines: What is ordered.
        :param supplier_id: To whom.
        :param expected_on: When the goods should be here.
        :param location_id: Where the goods are to arrive; the first place that sells when absent.
        :param notes: A word to oneself.
        """
        said: Dict[str, Any] = {
            "lines": lines, "supplier_id": supplier_id, "expected_on": expected_on, "location_id":
            location_id, "notes": notes
        }
        found: PurchaseOrderView = self._call("purchase_orders.create", said, PurchaseOrderView, idempotency_key)
        return found

    def advance(
        self,
        *,
        purchase_order_id: str,
        step: PurchaseOrderStep,
        expected_version: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> PurchaseOrderView:
        """Move a purchase order on: submit, acknowledge, cancel or close it.

        :param purchase_order_id: The order.
        :param step: What happened.
        :param expected_version: The version that was seen.
        """
        said: Dict[str, Any] = {
            "purchase_order_id": purchase_order_id, "step": step, "expected_version": expected_version
        }
        found: PurchaseOrderView = self._call("purchase_orders.advance", said, PurchaseOrderView, idempotency_key)
        return found

    def receive(
        self,
        *,
        lines: Sequence[ArrivedLine],
        purchase_order_id: str,
        landed_costs: Optional[Sequence[LandedCost]] = None,
        tolerance: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> PurchaseOrderView:
        """Take goods of a purchase order in, with the further costs of getting them here.

        :param lines: What arrived.
        :param purchase_order_id: The order.
        :param landed_costs: Freight, duty and the like, shared among the lines.
        :param tolerance: How much of an order may come too many.
        """
        said: Dict[str, Any] = {
            "lines": lines, "purchase_order_id": purchase_order_id, "landed_costs": landed_costs,
            "tolerance": tolerance
        }
        found: PurchaseOrderView = self._call("purchase_orders.receive", said, PurchaseOrderView, idempotency_key)
        return found

    def get(self, *, purchase_order_id: str) -> PurchaseOrderView:
        """Look at a purchase order.

        :param purchase_order_id: The order.
        """
        said: Dict[str, Any] = {
            "purchase_order_id": purchase_order_id
        }
        found: PurchaseOrderView = self._call("purchase_orders.get", said, PurchaseOrderView, None)
        return found

    def list(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        state: Optional[PurchaseOrderState] = None,
    ) -> PageOfPurchaseOrder:
        """Look through the purchase orders, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param state: Only those in this state.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit, "state": state
        }
        found: PageOfPurchaseOrder = self._call("purchase_orders.list", said, PageOfPurchaseOrder, None)
        return found

    def each(
        self,
        *,
        limit: Optional[int] = None,
        state: Optional[PurchaseOrderState] = None,
    ) -> Iterator[PurchaseOrder]:
        """Look through the purchase orders, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.list(cursor=cursor, limit=limit, state=state)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AcquisitionsOperations:
    """The operations `acquisitions.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def record(
        self,
        *,
        finds: Sequence[Find],
        source: str,
        total_paid: Money,
        date: Optional[dt.date] = None,
        mileage_m: Optional[int] = None,
        receipt_media: Optional[str] = None,
        supplier_id: Optional[str] = None,
        tax: Optional[Money] = None,
        idempotency_key: Optional[str] = None,
    ) -> HaulView:
        """Record a haul: things bought together for one sum, which is shared among them to the penny.

        :param finds: What was found.
        :param source: Where it was bought.
        :param total_paid: What was paid for everything, tax included.
        :param date: The day; today when absent.
        :param mileage_m: Metres driven for it.
        :param receipt_media: The content hash of a picture of the receipt.
        :param supplier_id: From whom, if known.
        :param tax: The tax in it.
        """
        said: Dict[str, Any] = {
            "finds": finds, "source": source, "total_paid": total_paid, "date": date, "mileage_m":
            mileage_m, "receipt_media": receipt_media, "supplier_id": supplier_id, "tax": tax
        }
        found: HaulView = self._call("acquisitions.record", said, HaulView, idempotency_key)
        return found

    def list(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfAcquisition:
        """Look through the hauls, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfAcquisition = self._call("acquisitions.list", said, PageOfAcquisition, None)
        return found

    def each(self, *, limit: Optional[int] = None) -> Iterator[Acquisition]:
        """Look through the hauls, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.list(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class PricingRulesOperations:
    """The operations `pricing_rules.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def set(
        self,
        *,
        active: bool,
        after_days: int,
        every_days: int,
        most: int,
        name: str,
        step: int,
        channel_id: Optional[str] = None,
        ending: Optional[int] = None,
        expected_version: Optional[int] = None,
        loss_budget: Optional[Money] = None,
        pricing_rule_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> PricingRule:
        """Make a markdown rule, or change one.

        :param active: Whether it is applied.
        :param after_days: Days a listing is live before the first step.
        :param every_days: Days between steps.
        :param most: How much of the first price all steps together may take off.
        :param name: What it is called.
        :param step: How much of the first price each step takes off.
        :param channel_id: The channel it applies to; all when absent.
        :param ending: The last digits prices end in.
        :param expected_version: The version that was seen.
        :param loss_budget: How far below its break-even a price may go.
        :param pricing_rule_id: The rule to change; a new one when absent.
        """
        said: Dict[str, Any] = {
            "active": active, "after_days": after_days, "every_days": every_days, "most": most, "name":
            name, "step": step, "channel_id": channel_id, "ending": ending, "expected_version":
            expected_version, "loss_budget": loss_budget, "pricing_rule_id": pricing_rule_id
        }
        found: PricingRule = self._call("pricing_rules.set", said, PricingRule, idempotency_key)
        return found

    def apply(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> RulesApplied:
        """Apply the rules to a page of live listings: what is old enough becomes cheaper, never below its floor.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: RulesApplied = self._call("pricing_rules.apply", said, RulesApplied, idempotency_key)
        return found

    def list(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfPricingRule:
        """Look through the rules.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfPricingRule = self._call("pricing_rules.list", said, PageOfPricingRule, None)
        return found

    def each(self, *, limit: Optional[int] = None) -> Iterator[PricingRule]:
        """Look through the rules. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.list(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class PriceChangesOperations:
    """The operations `price_changes.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def list(self, *, listing_id: str) -> list[PriceChange]:
        """Look at every price a listing has had, oldest first.

        :param listing_id: The listing.
        """
        said: Dict[str, Any] = {
            "listing_id": listing_id
        }
        found: list[PriceChange] = self._call("price_changes.list", said, list[PriceChange], None)
        return found


class PriceProposalsOperations:
    """The operations `price_proposals.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def create(
        self,
        *,
        explanation: str,
        listing_id: str,
        price: Money,
        strategy: Strategy,
        backtest: Any = None,
        ceiling: Optional[Money] = None,
        inputs_hash: Optional[str] = None,
        max_step: Optional[int] = None,
        model: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> PriceProposal:
        """Propose a price, with the reasons.

        :param explanation: Why, in words.
        :param listing_id: The listing.
        :param price: What it should cost; held within floor, ceiling and step.
        :param strategy: What it is after.
        :param backtest: How the model did on the past.
        :param ceiling: Never above this.
        :param inputs_hash: Hash of everything it was made from.
        :param max_step: The largest change at once; a half when absent.
        :param model: Who makes it: a model and its version; the caller when absent.
        """
        said: Dict[str, Any] = {
            "explanation": explanation, "listing_id": listing_id, "price": price, "strategy": strategy,
            "backtest": backtest, "ceiling": ceiling, "inputs_hash": inputs_hash, "max_step": max_step,
            "model": model
        }
        found: PriceProposal = self._call("price_proposals.create", said, PriceProposal, idempotency_key)
        return found

    def optimize(
        self,
        *,
        strategy: Strategy,
        channel_id: Optional[str] = None,
        competition: Optional[Sequence[Competition]] = None,
        cursor: Optional[str] = None,
        days: Optional[int] = None,
        ending: Optional[int] = None,
        label: Optional[Money] = None,
        listing_ids: Optional[Sequence[str]] = None,
        max_step: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> PricesOptimized:
        """Ask the model what to charge: a proposal for each listing whose price should change.

        :param strategy: What the prices are after.
        :param channel_id: Only live listings of this channel; without listings named.
        :param competition: What others ask.
        :param cursor: How to go on with the next page of live listings.
        :param days: For how many days the price is to be right; stock is to be gone by then, for `clear_stock`. 28
            when absent.
        :param ending: The last digits prices end in, in minor units: 99 makes 12.99.
        :param label: What a parcel costs to send, where the shop pays for it.
        :param listing_ids: The listings, at most 200. When absent, the live listings of the channel, or of all
            channels.
        :param max_step: The largest change at once; a half when absent.
        """
        said: Dict[str, Any] = {
            "strategy": strategy, "channel_id": channel_id, "competition": competition, "cursor": cursor,
            "days": days, "ending": ending, "label": label, "listing_ids": listing_ids, "max_step":
            max_step
        }
        found: PricesOptimized = self._call("price_proposals.optimize", said, PricesOptimized, idempotency_key)
        return found

    def decide(
        self,
        *,
        decision: Decision,
        price_proposal_id: str,
        idempotency_key: Optional[str] = None,
    ) -> PriceProposal:
        """Decide on a price proposal.

        :param decision: What is decided.
        :param price_proposal_id: The proposal.
        """
        said: Dict[str, Any] = {
            "decision": decision, "price_proposal_id": price_proposal_id
        }
        found: PriceProposal = self._call("price_proposals.decide", said, PriceProposal, idempotency_key)
        return found

    def list(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        state: Optional[ProposalState] = None,
    ) -> PageOfPriceProposal:
        """Look through the price proposals, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param state: Only those in this state.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit, "state": state
        }
        found: PageOfPriceProposal = self._call("price_proposals.list", said, PageOfPriceProposal, None)
        return found

    def each(self, *, limit: Optional[int] = None, state: Optional[ProposalState] = None) -> Iterator[PriceProposal]:
        """Look through the price proposals, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.list(cursor=cursor, limit=limit, state=state)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class PricingOperations:
    """The operations `pricing.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def quote(
        self,
        *,
        cost: Money,
        brand: Optional[str] = None,
        category: Optional[str] = None,
        channel_id: Optional[str] = None,
        comparables: Optional[Sequence[Comparable]] = None,
        condition: Optional[Condition] = None,
        label: Optional[Money] = None,
        price: Optional[Money] = None,
        shipping: Optional[Money] = None,
        tax: Optional[int] = None,
        title: Optional[str] = None,
        wanted: Optional[int] = None,
    ) -> Quoted:
        """Ask what a thing would bring on each channel, and the most to pay for it.

        :param cost: What it would cost.
        :param brand: Its brand.
        :param category: Its category.
        :param channel_id: Only on this channel.
        :param comparables: Things like it; when absent, those that the shop has sold, of its category where one is
            given.
        :param condition: Its condition.
        :param label: What the label would cost.
        :param price: What it would sell for, where that is known; otherwise it is told from things like it.
        :param shipping: What the buyer would pay for shipping.
        :param tax: Tax inside the price, as a rate on what remains: 20% is 200,000.
        :param title: What it is called: what shares its words counts for more.
        :param wanted: What every unit of money spent is to earn at least; 300,000, which is 30%, when absent.
        """
        said: Dict[str, Any] = {
            "cost": cost, "brand": brand, "category": category, "channel_id": channel_id, "comparables":
            comparables, "condition": condition, "label": label, "price": price, "shipping": shipping,
            "tax": tax, "title": title, "wanted": wanted
        }
        found: Quoted = self._call("pricing.quote", said, Quoted, None)
        return found


class ChannelsOperations:
    """The operations `channels.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def connect(
        self,
        *,
        kind: str,
        name: str,
        buffer_qty: Optional[int] = None,
        currency: Optional[str] = None,
        external_account: Optional[str] = None,
        fees: Optional[Sequence[FeeRule]] = None,
        secret_ref: Optional[str] = None,
        settings: Any = None,
        idempotency_key: Optional[str] = None,
    ) -> Channel:
        """Connect a channel.

        :param kind: Which adapter speaks to it.
        :param name: What the shop calls it.
        :param buffer_qty: Units of each variant kept back from it.
        :param currency: The currency of its prices; the shop's when absent.
        :param external_account: The shop's account there.
        :param fees: What it charges.
        :param secret_ref: Where its secret is kept; never the secret. For a channel at a service, such as `shopify`,
            the id of the connection; when absent, the only one there is.
        :param settings: What its adapter needs to know.
        """
        said: Dict[str, Any] = {
            "kind": kind, "name": name, "buffer_qty": buffer_qty, "currency": currency,
            "external_account": external_account, "fees": fees, "secret_ref": secret_ref, "settings":
            settings
        }
        found: Channel = self._call("channels.connect", said, Channel, idempotency_key)
        return found

    def update(
        self,
        *,
        channel_id: str,
        buffer_qty: Optional[int] = None,
        expected_version: Optional[int] = None,
        status: Optional[ChannelStatus] = None,
        idempotency_key: Optional[str] = None,
    ) -> Channel:
        """Change how a channel is worked with.

        :param channel_id: The channel.
        :param buffer_qty: Units of each variant kept back from it.
        :param expected_version: The version that was seen.
        :param status: Whether it is worked with.
        """
        said: Dict[str, Any] = {
            "channel_id": channel_id, "buffer_qty": buffer_qty, "expected_version": expected_version,
            "status": status
        }
        found: Channel = self._call("channels.update", said, Channel, idempotency_key)
        return found

    def set_fees(
        self,
        *,
        channel_id: str,
        rules: Sequence[FeeRule],
        effective_from: Optional[dt.date] = None,
        idempotency_key: Optional[str] = None,
    ) -> FeeSchedule:
        """Say what a channel charges from a day on.

        :param channel_id: The channel.
        :param rules: The fees.
        :param effective_from: The first day it applies; today when absent.
        """
        said: Dict[str, Any] = {
            "channel_id": channel_id, "rules": rules, "effective_from": effective_from
        }
        found: FeeSchedule = self._call("channels.set_fees", said, FeeSchedule, idempotency_key)
        return found

    def sync(self, *, channel_id: str, idempotency_key: Optional[str] = None) -> Channel:
        """Ask a channel what happened there, now instead of when its turn comes.

        :param channel_id: The channel.
        """
        found: Channel = self._call("channels.sync", {"channel_id": channel_id}, Channel, idempotency_key)
        return found

    def take_over(self, *, channel_id: str, idempotency_key: Optional[str] = None) -> SyncRun:
        """Take over what a channel has on offer: things whose SKU is new come into the catalogue, with the stock that the channel counts, and what buyers see there is a listing from then on, as it stands.

        :param channel_id: The channel.
        """
        found: SyncRun = self._call("channels.take_over", {"channel_id": channel_id}, SyncRun, idempotency_key)
        return found

    def run(self, *, sync_run_id: str) -> SyncRun:
        """Look at how far a run of synchronisation is.

        :param sync_run_id: The run.
        """
        found: SyncRun = self._call("channels.run", {"sync_run_id": sync_run_id}, SyncRun, None)
        return found

    def receive(
        self,
        *,
        channel_id: str,
        notice: ChannelNotice,
        idempotency_key: Optional[str] = None,
    ) -> NoticeTaken:
        """Take note of something a channel told.

        :param channel_id: The channel.
        :param notice: What it told.
        """
        said: Dict[str, Any] = {
            "channel_id": channel_id, "notice": notice
        }
        found: NoticeTaken = self._call("channels.receive", said, NoticeTaken, idempotency_key)
        return found

    def disarm(self, *, idempotency_key: Optional[str] = None) -> list[Channel]:
        """Silence a copy of a shop: its channels stop, and calls for money and labels that were still to be made are
        given up, for somebody to look whether they were made after the backup.
        """
        found: list[Channel] = self._call("channels.disarm", {}, list[Channel], idempotency_key)
        return found

    def arm(self, *, idempotency_key: Optional[str] = None) -> list[Channel]:
        """Let a restored copy of a shop speak again: its silenced channels become active."""
        found: list[Channel] = self._call("channels.arm", {}, list[Channel], idempotency_key)
        return found

    def oversell_windows(self) -> list[OversellWindow]:
        """Look at how long channels go on offering what was sold elsewhere, over the latest 10,000 such listings."""
        found: list[OversellWindow] = self._call("channels.oversell_windows", {}, list[OversellWindow], None)
        return found

    def list(self) -> list[Channel]:
        """Look through the channels."""
        found: list[Channel] = self._call("channels.list", {}, list[Channel], None)
        return found


class ListingsOperations:
    """The operations `listings.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def create(
        self,
        *,
        channel_id: str,
        variant_id: str,
        description: Optional[str] = None,
        draft: Optional[bool] = None,
        min_price: Optional[Money] = None,
        price: Optional[Money] = None,
        title: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Listing:
        """Offer a variant on a channel.

        :param channel_id: Where.
        :param variant_id: What.
        :param description: Its description there; the product's when absent.
        :param draft: Whether it is a draft, which no channel hears of before it is published.
        :param min_price: No program sets a price below this.
        :param price: What it costs there; the variant's price when absent.
        :param title: Its title there; the product's when absent.
        """
        said: Dict[str, Any] = {
            "channel_id": channel_id, "variant_id": variant_id, "description": description, "draft":
            draft, "min_price": min_price, "price": price, "title": title
        }
        found: Listing = self._call("listings.create", said, Listing, idempotency_key)
        return found

    def publish(self, *, listing_id: str, idempotency_key: Optional[str] = None) -> Listing:
        """Send a draft, or a listing its channel refused, out to its channel.

        :param listing_id: The listing.
        """
        found: Listing = self._call("listings.publish", {"listing_id": listing_id}, Listing, idempotency_key)
        return found

    def revise(
        self,
        *,
        listing_id: str,
        description: Optional[str] = None,
        expected_version: Optional[int] = None,
        min_price: Optional[Money] = None,
        price: Optional[Money] = None,
        reason: Optional[str] = None,
        title: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Listing:
        """Change what a listing says or costs.

        :param listing_id: The listing.
        :param description: Its description.
        :param expected_version: The version that was seen.
        :param min_price: No program sets a price below this.
        :param price: Its price.
        :param reason: Why the price changes, in words.
        :param title: Its title.
        """
        said: Dict[str, Any] = {
            "listing_id": listing_id, "description": description, "expected_version": expected_version,
            "min_price": min_price, "price": price, "reason": reason, "title": title
        }
        found: Listing = self._call("listings.revise", said, Listing, idempotency_key)
        return found

    def end(self, *, listing_id: str, idempotency_key: Optional[str] = None) -> Listing:
        """Take a listing off its channel.

        :param listing_id: The listing.
        """
        found: Listing = self._call("listings.end", {"listing_id": listing_id}, Listing, idempotency_key)
        return found

    def relist(
        self,
        *,
        listing_id: str,
        price: Optional[Money] = None,
        idempotency_key: Optional[str] = None,
    ) -> Listing:
        """Offer again what a listing that ended offered.

        :param listing_id: The listing that ended.
        :param price: Its price; the old one when absent.
        """
        said: Dict[str, Any] = {
            "listing_id": listing_id, "price": price
        }
        found: Listing = self._call("listings.relist", said, Listing, idempotency_key)
        return found

    def draft(
        self,
        *,
        variant_id: str,
        attributes: Optional[Mapping[str, str]] = None,
        description: Optional[str] = None,
        rules: Optional[str] = None,
        tags: Optional[Sequence[str]] = None,
        title: Optional[str] = None,
    ) -> ListingDraft:
        """Ask for a listing's title, description and tags, written from what is known of a variant, within a channel's limits.

        :param variant_id: The variant.
        :param attributes: Facts beyond those of the catalogue.
        :param description: A description to examine; with a title only.
        :param rules: Whose limits to keep: `ebay`, `etsy`, `amazon`, `shopify`, `webflow`; those of a shop of one's
            own when absent.
        :param tags: Tags to examine; with a title only.
        :param title: A title to examine.
        """
        said: Dict[str, Any] = {
            "variant_id": variant_id, "attributes": attributes, "description": description, "rules":
            rules, "tags": tags, "title": title
        }
        found: ListingDraft = self._call("listings.draft", said, ListingDraft, None)
        return found

    def write(
        self,
        *,
        variant_id: str,
        attributes: Optional[Mapping[str, str]] = None,
        rules: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> ListingText:
        """Have a listing's title, description and tags written by the hosted model, the shop's own where it has connected one, from what is known of a variant and within a channel's limits.

        :param variant_id: The variant.
        :param attributes: Facts beyond those of the catalogue.
        :param rules: Whose limits to keep: `ebay`, `etsy`, `amazon`, `shopify`, `webflow`; those of a shop of one's
            own when absent.
        """
        said: Dict[str, Any] = {
            "variant_id": variant_id, "attributes": attributes, "rules": rules
        }
        found: ListingText = self._call("listings.write", said, ListingText, idempotency_key)
        return found

    def text(self, *, text_id: str) -> ListingText:
        """Look at a text that was asked for.

        :param text_id: The text.
        """
        found: ListingText = self._call("listings.text", {"text_id": text_id}, ListingText, None)
        return found

    def texts(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        variant_id: Optional[str] = None,
    ) -> PageOfListingText:
        """Look through the texts that were asked for, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param variant_id: Those of this variant only.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit, "variant_id": variant_id
        }
        found: PageOfListingText = self._call("listings.texts", said, PageOfListingText, None)
        return found

    def each_texts(self, *, limit: Optional[int] = None, variant_id: Optional[str] = None) -> Iterator[ListingText]:
        """Look through the texts that were asked for, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.texts(cursor=cursor, limit=limit, variant_id=variant_id)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return

    def get(self, *, listing_id: str) -> Listing:
        """Look at a listing.

        :param listing_id: The listing.
        """
        found: Listing = self._call("listings.get", {"listing_id": listing_id}, Listing, None)
        return found

    def list(
        self,
        *,
        channel_id: Optional[str] = None,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        state: Optional[ListingState] = None,
        variant_id: Optional[str] = None,
    ) -> PageOfListing:
        """Look through the listings, newest first.

        :param channel_id: Only those on this channel.
        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param state: Only those in this state.
        :param variant_id: Only those of this variant.
        """
        said: Dict[str, Any] = {
            "channel_id": channel_id, "cursor": cursor, "limit": limit, "state": state, "variant_id":
            variant_id
        }
        found: PageOfListing = self._call("listings.list", said, PageOfListing, None)
        return found

    def each(
        self,
        *,
        channel_id: Optional[str] = None,
        limit: Optional[int] = None,
        state: Optional[ListingState] = None,
        variant_id: Optional[str] = None,
    ) -> Iterator[Listing]:
        """Look through the listings, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.list(channel_id=channel_id, cursor=cursor, limit=limit, state=state, variant_id=variant_id)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class OrdersOperations:
    """The operations `orders.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def place(
        self,
        *,
        lines: Sequence[PlaceLine],
        coupon: Optional[str] = None,
        customer_id: Optional[str] = None,
        paid: Optional[bool] = None,
        shipping: Optional[Money] = None,
        split: Optional[bool] = None,
        idempotency_key: Optional[str] = None,
    ) -> OrderView:
        """Place an order.

        :param lines: What is bought.
        :param coupon: A coupon to use.
        :param customer_id: Who buys.
        :param paid: Whether the money is here already, in cash or in the bank.
        :param shipping: What the customer pays for shipping; nothing when absent.
        :param split: Whether a line may be taken from several places.
        """
        said: Dict[str, Any] = {
            "lines": lines, "coupon": coupon, "customer_id": customer_id, "paid": paid, "shipping":
            shipping, "split": split
        }
        found: OrderView = self._call("orders.place", said, OrderView, idempotency_key)
        return found

    def import_(self, *, channel_id: str, order: ImportedOrder, idempotency_key: Optional[str] = None) -> OrderView:
        """Take over an order that a channel has sold: a fact, not a request.

        :param channel_id: The channel that sold.
        :param order: The order, as the channel tells it.
        """
        said: Dict[str, Any] = {
            "channel_id": channel_id, "order": order
        }
        found: OrderView = self._call("orders.import", said, OrderView, idempotency_key)
        return found

    def cancel(
        self,
        *,
        order_id: str,
        lines: Optional[Sequence[CancelLine]] = None,
        reason: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> OrderView:
        """Call an order off, or some of its lines: everything that was not sent.

        :param order_id: The order.
        :param lines: Only these units; everything open when empty.
        :param reason: Why, in words.
        """
        said: Dict[str, Any] = {
            "order_id": order_id, "lines": lines, "reason": reason
        }
        found: OrderView = self._call("orders.cancel", said, OrderView, idempotency_key)
        return found

    def confirm(self, *, order_id: str, idempotency_key: Optional[str] = None) -> OrderView:
        """Confirm an order: promise stock to lines that have none, once it is there and the money is certain.

        :param order_id: The order.
        """
        found: OrderView = self._call("orders.confirm", {"order_id": order_id}, OrderView, idempotency_key)
        return found

    def get(self, *, order_id: str) -> OrderView:
        """Look at an order.

        :param order_id: The order.
        """
        found: OrderView = self._call("orders.get", {"order_id": order_id}, OrderView, None)
        return found

    def fulfil(
        self,
        *,
        order_id: str,
        carrier: Optional[str] = None,
        label_cost: Optional[Money] = None,
        lines: Optional[Sequence[ParcelLine]] = None,
        tracking: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Fulfilment:
        """Send an order, or some of its lines, in one step: planned, packed and handed over.

        :param order_id: The order.
        :param carrier: Who carries it.
        :param label_cost: What the label cost, paid from the till or bank.
        :param lines: What is sent; everything open when empty.
        :param tracking: Where to look for it.
        """
        said: Dict[str, Any] = {
            "order_id": order_id, "carrier": carrier, "label_cost": label_cost, "lines": lines,
            "tracking": tracking
        }
        found: Fulfilment = self._call("orders.fulfil", said, Fulfilment, idempotency_key)
        return found

    def list(
        self,
        *,
        channel_id: Optional[str] = None,
        cursor: Optional[str] = None,
        customer_id: Optional[str] = None,
        from_: Optional[dt.date] = None,
        limit: Optional[int] = None,
        state: Optional[OrderState] = None,
        to: Optional[dt.date] = None,
    ) -> PageOfOrderView:
        """Look through the orders, newest first.

        :param channel_id: Only those from this channel.
        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param customer_id: Only those of this customer.
        :param from_: Only those of this business day or later.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param state: Only those in this state.
        :param to: Only those of this business day or earlier.
        """
        said: Dict[str, Any] = {
            "channel_id": channel_id, "cursor": cursor, "customer_id": customer_id, "from_": from_,
            "limit": limit, "state": state, "to": to
        }
        found: PageOfOrderView = self._call("orders.list", said, PageOfOrderView, None)
        return found

    def each(
        self,
        *,
        channel_id: Optional[str] = None,
        customer_id: Optional[str] = None,
        from_: Optional[dt.date] = None,
        limit: Optional[int] = None,
        state: Optional[OrderState] = None,
        to: Optional[dt.date] = None,
    ) -> Iterator[OrderView]:
        """Look through the orders, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.list(
                channel_id=channel_id, cursor=cursor, customer_id=customer_id, from_=from_, limit=limit, state=state, to=to
            )
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class CustomersOperations:
    """The operations `customers.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def create(
        self,
        *,
        person: Person,
        external_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> CustomerView:
        """Note down a customer.

        :param person: Who that is.
        :param external_id: The channel's name for the customer, where one sold.
        """
        said: Dict[str, Any] = {
            "person": person, "external_id": external_id
        }
        found: CustomerView = self._call("customers.create", said, CustomerView, idempotency_key)
        return found

    def get(self, *, customer_id: str) -> CustomerView:
        """Look at a customer.

        :param customer_id: The customer.
        """
        found: CustomerView = self._call("customers.get", {"customer_id": customer_id}, CustomerView, None)
        return found

    def erase(self, *, customer_id: str, idempotency_key: Optional[str] = None) -> CustomerView:
        """Erase what identifies a customer.

        :param customer_id: The customer.
        """
        said: Dict[str, Any] = {
            "customer_id": customer_id
        }
        found: CustomerView = self._call("customers.erase", said, CustomerView, idempotency_key)
        return found


class PromotionsOperations:
    """The operations `promotions.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def create(
        self,
        *,
        coupons: Sequence[NewCoupon],
        kind: PromotionKind,
        name: str,
        amount: Optional[Money] = None,
        ends_at: Optional[dt.datetime] = None,
        rate: Optional[int] = None,
        starts_at: Optional[dt.datetime] = None,
        idempotency_key: Optional[str] = None,
    ) -> PromotionView:
        """Make a promotion, with the coupons that grant it.

        :param coupons: Coupon codes and how often each may be used.
        :param kind: How it lowers the price.
        :param name: What it is called.
        :param amount: The amount, for `amount`; with `percent`, the most it may take off.
        :param ends_at: Until when.
        :param rate: The share, for `percent`.
        :param starts_at: From when.
        """
        said: Dict[str, Any] = {
            "coupons": coupons, "kind": kind, "name": name, "amount": amount, "ends_at": ends_at, "rate":
            rate, "starts_at": starts_at
        }
        found: PromotionView = self._call("promotions.create", said, PromotionView, idempotency_key)
        return found

    def get(self, *, promotion_id: str) -> PromotionView:
        """Look at a promotion.

        :param promotion_id: The promotion.
        """
        found: PromotionView = self._call("promotions.get", {"promotion_id": promotion_id}, PromotionView, None)
        return found


class CheckoutsOperations:
    """The operations `checkouts.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def begin(
        self,
        *,
        lines: Sequence[CheckoutLine],
        coupon: Optional[str] = None,
        customer_id: Optional[str] = None,
        shipping: Optional[Money] = None,
        idempotency_key: Optional[str] = None,
    ) -> CheckoutSession:
        """Begin a checkout: stock is held for a quarter of an hour.

        :param lines: What is wanted.
        :param coupon: A coupon to use.
        :param customer_id: Who wants it.
        :param shipping: What shipping costs; nothing when absent.
        """
        said: Dict[str, Any] = {
            "lines": lines, "coupon": coupon, "customer_id": customer_id, "shipping": shipping
        }
        found: CheckoutSession = self._call("checkouts.begin", said, CheckoutSession, idempotency_key)
        return found

    def complete(
        self,
        *,
        checkout_id: str,
        paid: Optional[bool] = None,
        idempotency_key: Optional[str] = None,
    ) -> OrderView:
        """Complete a checkout: it becomes an order at the prices of now.

        :param checkout_id: The checkout.
        :param paid: Whether the money is here already.
        """
        said: Dict[str, Any] = {
            "checkout_id": checkout_id, "paid": paid
        }
        found: OrderView = self._call("checkouts.complete", said, OrderView, idempotency_key)
        return found

    def cancel(self, *, checkout_id: str, idempotency_key: Optional[str] = None) -> CheckoutSession:
        """Call a checkout off.

        :param checkout_id: The checkout.
        """
        said: Dict[str, Any] = {
            "checkout_id": checkout_id
        }
        found: CheckoutSession = self._call("checkouts.cancel", said, CheckoutSession, idempotency_key)
        return found

    def get(self, *, checkout_id: str) -> CheckoutSession:
        """Look at a checkout.

        :param checkout_id: The checkout.
        """
        found: CheckoutSession = self._call("checkouts.get", {"checkout_id": checkout_id}, CheckoutSession, None)
        return found


class PaymentsOperations:
    """The operations `payments.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def record(
        self,
        *,
        order_id: str,
        amount: Optional[Money] = None,
        note: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> PaymentView:
        """Record money that came in by hand: cash, a bank transfer.

        :param order_id: The order.
        :param amount: How much; all that is open when absent.
        :param note: A word on it.
        """
        said: Dict[str, Any] = {
            "order_id": order_id, "amount": amount, "note": note
        }
        found: PaymentView = self._call("payments.record", said, PaymentView, idempotency_key)
        return found

    def authorise(
        self,
        *,
        order_id: str,
        provider: str,
        amount: Optional[Money] = None,
        method: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> PaymentView:
        """Ask a provider to set money for an order aside.

        :param order_id: The order.
        :param provider: Who is asked: a provider of this engine, or a connection, by its id or, where there is one of
            it, by its service.
        :param amount: How much; all that is open when absent.
        :param method: What the customer pays with, as the provider calls it; never a card number.
        """
        said: Dict[str, Any] = {
            "order_id": order_id, "provider": provider, "amount": amount, "method": method
        }
        found: PaymentView = self._call("payments.authorise", said, PaymentView, idempotency_key)
        return found

    def open_page(
        self,
        *,
        order_id: str,
        provider: str,
        return_url: str,
        amount: Optional[Money] = None,
        idempotency_key: Optional[str] = None,
    ) -> PaymentView:
        """Have a customer pay for an order on a page of a provider's: what they pay with never comes here.

        :param order_id: The order.
        :param provider: Whose page it is: a provider of this engine, or a connection, by its id or, where there is
            one of it, by its service.
        :param return_url: Where the customer is sent back to, however it ends.
        :param amount: How much; all that is open when absent.
        """
        said: Dict[str, Any] = {
            "order_id": order_id, "provider": provider, "return_url": return_url, "amount": amount
        }
        found: PaymentView = self._call("payments.open_page", said, PaymentView, idempotency_key)
        return found

    def move(
        self,
        *,
        payment_id: str,
        step: PaymentStep,
        amount: Optional[Money] = None,
        reason: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> PaymentView:
        """Capture, void or refund a payment, or note down what the customer's bank did with it.

        :param payment_id: The payment.
        :param step: What is done.
        :param amount: How much; all there is when absent.
        :param reason: Why, in words.
        """
        said: Dict[str, Any] = {
            "payment_id": payment_id, "step": step, "amount": amount, "reason": reason
        }
        found: PaymentView = self._call("payments.move", said, PaymentView, idempotency_key)
        return found

    def get(self, *, payment_id: str) -> PaymentView:
        """Look at a payment.

        :param payment_id: The payment.
        """
        found: PaymentView = self._call("payments.get", {"payment_id": payment_id}, PaymentView, None)
        return found

    def list(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfPayment:
        """Look through the payments, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        found: PageOfPayment = self._call("payments.list", {"cursor": cursor, "limit": limit}, PageOfPayment, None)
        return found

    def each(self, *, limit: Optional[int] = None) -> Iterator[Payment]:
        """Look through the payments, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.list(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class PayoutsOperations:
    """The operations `payouts.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def record(
        self,
        *,
        amount: Money,
        channel_id: str,
        external_id: str,
        lines: Sequence[PayoutLine],
        at: Optional[dt.datetime] = None,
        idempotency_key: Optional[str] = None,
    ) -> Payout:
        """Record what a channel paid out, with what it is made of.

        :param amount: How much arrived.
        :param channel_id: Who paid.
        :param external_id: The channel's name for it; the same payout is recorded once.
        :param lines: What it is made of: sales above zero, fees and refunds below.
        :param at: When it arrived; now when absent.
        """
        said: Dict[str, Any] = {
            "amount": amount, "channel_id": channel_id, "external_id": external_id, "lines": lines, "at":
            at
        }
        found: Payout = self._call("payouts.record", said, Payout, idempotency_key)
        return found

    def list(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfPayout:
        """Look through what channels paid out, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        found: PageOfPayout = self._call("payouts.list", {"cursor": cursor, "limit": limit}, PageOfPayout, None)
        return found

    def each(self, *, limit: Optional[int] = None) -> Iterator[Payout]:
        """Look through what channels paid out, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.list(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class FulfilmentsOperations:
    """The operations `fulfilments.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def plan(
        self,
        *,
        order_id: str,
        lines: Optional[Sequence[ParcelLine]] = None,
        idempotency_key: Optional[str] = None,
    ) -> Fulfilment:
        """Plan a parcel of an order: what goes into it, before it is packed.

        :param order_id: The order.
        :param lines: What goes into it; everything open when empty.
        """
        said: Dict[str, Any] = {
            "order_id": order_id, "lines": lines
        }
        found: Fulfilment = self._call("fulfilments.plan", said, Fulfilment, idempotency_key)
        return found

    def advance(
        self,
        *,
        fulfilment_id: str,
        step: FulfilmentStep,
        carrier: Optional[str] = None,
        expected_version: Optional[int] = None,
        tracking: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Fulfilment:
        """Move a parcel on.

        :param fulfilment_id: The parcel.
        :param step: What happened.
        :param carrier: Who carries it.
        :param expected_version: The version that was seen.
        :param tracking: Where to look for it.
        """
        said: Dict[str, Any] = {
            "fulfilment_id": fulfilment_id, "step": step, "carrier": carrier, "expected_version":
            expected_version, "tracking": tracking
        }
        found: Fulfilment = self._call("fulfilments.advance", said, Fulfilment, idempotency_key)
        return found

    def buy_label(self, *, carrier: str, fulfilment_id: str, idempotency_key: Optional[str] = None) -> Fulfilment:
        """Buy a label for a planned or packed parcel from a carrier.

        :param carrier: Who is to carry it.
        :param fulfilment_id: The parcel.
        """
        said: Dict[str, Any] = {
            "carrier": carrier, "fulfilment_id": fulfilment_id
        }
        found: Fulfilment = self._call("fulfilments.buy_label", said, Fulfilment, idempotency_key)
        return found

    def list(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        state: Optional[FulfilmentState] = None,
    ) -> PageOfFulfilment:
        """Look through the parcels, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param state: Only those in this state.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit, "state": state
        }
        found: PageOfFulfilment = self._call("fulfilments.list", said, PageOfFulfilment, None)
        return found

    def each(self, *, limit: Optional[int] = None, state: Optional[FulfilmentState] = None) -> Iterator[Fulfilment]:
        """Look through the parcels, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.list(cursor=cursor, limit=limit, state=state)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class ReturnsOperations:
    """The operations `returns.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def request(
        self,
        *,
        lines: Sequence[ReturnLine],
        order_id: str,
        idempotency_key: Optional[str] = None,
    ) -> ReturnCase:
        """Open a return: a customer wants to send something back.

        :param lines: What comes back.
        :param order_id: The order.
        """
        said: Dict[str, Any] = {
            "lines": lines, "order_id": order_id
        }
        found: ReturnCase = self._call("returns.request", said, ReturnCase, idempotency_key)
        return found

    def advance(
        self,
        *,
        return_id: str,
        step: ReturnStep,
        expected_version: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> ReturnCase:
        """Move a return on.

        :param return_id: The return.
        :param step: What happened.
        :param expected_version: The version that was seen.
        """
        said: Dict[str, Any] = {
            "return_id": return_id, "step": step, "expected_version": expected_version
        }
        found: ReturnCase = self._call("returns.advance", said, ReturnCase, idempotency_key)
        return found

    def inspect(
        self,
        *,
        return_id: str,
        verdicts: Sequence[Verdict],
        idempotency_key: Optional[str] = None,
    ) -> ReturnCase:
        """Inspect what came back: each unit is restocked, set apart, thrown away, sent on or left with the buyer.

        :param return_id: The return.
        :param verdicts: What was found; every unit of the return once.
        """
        said: Dict[str, Any] = {
            "return_id": return_id, "verdicts": verdicts
        }
        found: ReturnCase = self._call("returns.inspect", said, ReturnCase, idempotency_key)
        return found

    def list(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        state: Optional[ReturnState] = None,
    ) -> PageOfReturnCase:
        """Look through the returns, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param state: Only those in this state.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit, "state": state
        }
        found: PageOfReturnCase = self._call("returns.list", said, PageOfReturnCase, None)
        return found

    def each(self, *, limit: Optional[int] = None, state: Optional[ReturnState] = None) -> Iterator[ReturnCase]:
        """Look through the returns, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.list(cursor=cursor, limit=limit, state=state)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class IntegrationsOperations:
    """The operations `integrations.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def connect(
        self,
        *,
        credentials: Mapping[str, str],
        service: str,
        connection_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Connection:
        """Connect the shop to an account at a service.

        :param credentials: What opens the account, name by name.
        :param service: The service, such as `stripe`.
        :param connection_id: A connection that gets new credentials. They must open the same account; until they
            have, those it has stay in use.
        """
        said: Dict[str, Any] = {
            "credentials": credentials, "service": service, "connection_id": connection_id
        }
        found: Connection = self._call("integrations.connect", said, Connection, idempotency_key)
        return found

    def authorise(
        self,
        *,
        service: str,
        connection_id: Optional[str] = None,
        known: Optional[Mapping[str, str]] = None,
        return_url: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Sent:
        """Let the owner of an account let the shop in over there: send them to the address, and finish with what they come back with (`integrations.authorised`).

        :param service: The service, such as `shopify`.
        :param connection_id: A connection that gets new credentials; those it has stay in use until they open the
            same account.
        :param known: What it asks for before, name by name, such as the `shop` at Shopify.
        :param return_url: Where they come back to; the server's own page when absent.
        """
        said: Dict[str, Any] = {
            "service": service, "connection_id": connection_id, "known": known, "return_url": return_url
        }
        found: Sent = self._call("integrations.authorise", said, Sent, idempotency_key)
        return found

    def authorised(self, *, returned: str, idempotency_key: Optional[str] = None) -> Connection:
        """Finish what an owner was sent for, with the address that they came back to.

        :param returned: The address, whole or its query alone, as it was.
        """
        found: Connection = self._call("integrations.authorised", {"returned": returned}, Connection, idempotency_key)
        return found

    def status(self) -> Health:
        """Count the connections by how they are."""
        found: Health = self._call("integrations.status", {}, Health, None)
        return found

    def get(self, *, connection_id: str) -> Connection:
        """Look at a connection.

        :param connection_id: The connection.
        """
        found: Connection = self._call("integrations.get", {"connection_id": connection_id}, Connection, None)
        return found

    def test(self, *, connection_id: str, idempotency_key: Optional[str] = None) -> Connection:
        """Ask a service whether it still knows a connection, and what may be done with it.

        :param connection_id: The connection.
        """
        said: Dict[str, Any] = {
            "connection_id": connection_id
        }
        found: Connection = self._call("integrations.test", said, Connection, idempotency_key)
        return found

    def disconnect(self, *, connection_id: str, idempotency_key: Optional[str] = None) -> Connection:
        """Forget the credentials of a connection.

        :param connection_id: The connection.
        """
        said: Dict[str, Any] = {
            "connection_id": connection_id
        }
        found: Connection = self._call("integrations.disconnect", said, Connection, idempotency_key)
        return found

    def list(self, *, service: Optional[str] = None) -> list[Connection]:
        """Look through the connections, oldest first.

        :param service: Those to this service only.
        """
        found: list[Connection] = self._call("integrations.list", {"service": service}, list[Connection], None)
        return found


class WebhooksOperations:
    """The operations `webhooks.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def create(self, *, events: Sequence[str], url: str, idempotency_key: Optional[str] = None) -> EndpointSecret:
        """Have somebody told what happens in the shop.

        :param events: What is told: `order.placed`, `order.*` for all of a domain, or `*`.
        :param url: Where deliveries go, by https.
        """
        said: Dict[str, Any] = {
            "events": events, "url": url
        }
        found: EndpointSecret = self._call("webhooks.create", said, EndpointSecret, idempotency_key)
        return found

    def get(self, *, endpoint_id: str) -> Endpoint:
        """Look at an endpoint.

        :param endpoint_id: The endpoint.
        """
        found: Endpoint = self._call("webhooks.get", {"endpoint_id": endpoint_id}, Endpoint, None)
        return found

    def update(
        self,
        *,
        endpoint_id: str,
        active: Optional[bool] = None,
        events: Optional[Sequence[str]] = None,
        url: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Endpoint:
        """Change where an endpoint is, what it is told, or whether it is told anything.

        :param endpoint_id: The endpoint.
        :param active: Whether it is told. What waited while it was not is told when it is again.
        :param events: What is told from now on.
        :param url: Where deliveries go from now on.
        """
        said: Dict[str, Any] = {
            "endpoint_id": endpoint_id, "active": active, "events": events, "url": url
        }
        found: Endpoint = self._call("webhooks.update", said, Endpoint, idempotency_key)
        return found

    def rotate_secret(self, *, endpoint_id: str, idempotency_key: Optional[str] = None) -> EndpointSecret:
        """Give an endpoint a new secret, which is shown once.

        :param endpoint_id: The endpoint.
        """
        said: Dict[str, Any] = {
            "endpoint_id": endpoint_id
        }
        found: EndpointSecret = self._call("webhooks.rotate_secret", said, EndpointSecret, idempotency_key)
        return found

    def deliveries(
        self,
        *,
        endpoint_id: str,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        state: Optional[DeliveryState] = None,
    ) -> PageOfDelivery:
        """Look through what an endpoint was told, newest first.

        :param endpoint_id: The endpoint.
        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param state: Those in this state only.
        """
        said: Dict[str, Any] = {
            "endpoint_id": endpoint_id, "cursor": cursor, "limit": limit, "state": state
        }
        found: PageOfDelivery = self._call("webhooks.deliveries", said, PageOfDelivery, None)
        return found

    def each_deliveries(
        self,
        *,
        endpoint_id: str,
        limit: Optional[int] = None,
        state: Optional[DeliveryState] = None,
    ) -> Iterator[Delivery]:
        """Look through what an endpoint was told, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.deliveries(endpoint_id=endpoint_id, cursor=cursor, limit=limit, state=state)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return

    def replay(self, *, delivery_id: str, idempotency_key: Optional[str] = None) -> Delivery:
        """Tell an endpoint something again, under the same id.

        :param delivery_id: The delivery.
        """
        found: Delivery = self._call("webhooks.replay", {"delivery_id": delivery_id}, Delivery, idempotency_key)
        return found

    def replay_failed(
        self,
        *,
        endpoint_id: str,
        since: dt.datetime,
        idempotency_key: Optional[str] = None,
    ) -> Replayed:
        """Tell an endpoint again all that it was not told and that was given up since a moment; a thousand at a time.

        :param endpoint_id: The endpoint.
        :param since: What was to be told since then.
        """
        said: Dict[str, Any] = {
            "endpoint_id": endpoint_id, "since": since
        }
        found: Replayed = self._call("webhooks.replay_failed", said, Replayed, idempotency_key)
        return found

    def list(self) -> list[Endpoint]:
        """Look through the endpoints, oldest first."""
        found: list[Endpoint] = self._call("webhooks.list", {}, list[Endpoint], None)
        return found


class SitesOperations:
    """The operations `sites.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def keep(
        self,
        *,
        connection_id: str,
        showcase: Showcase,
        channel_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Site:
        """Have a site show what is sold, from now on.

        :param connection_id: The way to its service, such as a connection to `webflow`.
        :param showcase: Where on the site.
        :param channel_id: Whose listings it shows; those of all channels when absent.
        """
        said: Dict[str, Any] = {
            "connection_id": connection_id, "showcase": showcase, "channel_id": channel_id
        }
        found: Site = self._call("sites.keep", said, Site, idempotency_key)
        return found

    def get(self, *, site_id: str) -> Site:
        """Look at a site.

        :param site_id: The site.
        """
        found: Site = self._call("sites.get", {"site_id": site_id}, Site, None)
        return found

    def publish(self, *, site_id: str, idempotency_key: Optional[str] = None) -> Site:
        """Look at a site now whether it is in step, instead of within a quarter of an hour.

        :param site_id: The site.
        """
        found: Site = self._call("sites.publish", {"site_id": site_id}, Site, idempotency_key)
        return found

    def retire(self, *, site_id: str, idempotency_key: Optional[str] = None) -> Site:
        """Take all that is the shop's off a site, and leave it alone from then on.

        :param site_id: The site.
        """
        found: Site = self._call("sites.retire", {"site_id": site_id}, Site, idempotency_key)
        return found

    def list(self) -> list[Site]:
        """Look through the sites, oldest first."""
        found: list[Site] = self._call("sites.list", {}, list[Site], None)
        return found


class DomainsOperations:
    """The operations `domains.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def offers(self, *, names: Sequence[str], connection_id: Optional[str] = None) -> list[DomainOffer]:
        """Ask which domains may be had, and for what.

        :param names: Their names, 50 at most.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "names": names, "connection_id": connection_id
        }
        found: list[DomainOffer] = self._call("domains.offers", said, list[DomainOffer], None)
        return found

    def buy(
        self,
        *,
        name: str,
        price: Money,
        connection_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Domain:
        """Buy a domain.

        :param name: Its name.
        :param price: What is agreed to, as `domains.offers` said it.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "name": name, "price": price, "connection_id": connection_id
        }
        found: Domain = self._call("domains.buy", said, Domain, idempotency_key)
        return found

    def certificate(
        self,
        *,
        domain: str,
        connection_id: Optional[str] = None,
        port: Optional[int] = None,
    ) -> Certificate:
        """Look at the certificate with which a domain answers: whether it is good, who vouches for it and until when.

        :param domain: The domain.
        :param connection_id: The connection, where several are good for it.
        :param port: At which port.
        """
        said: Dict[str, Any] = {
            "domain": domain, "connection_id": connection_id, "port": port
        }
        found: Certificate = self._call("domains.certificate", said, Certificate, None)
        return found

    def list(self, *, connection_id: Optional[str] = None) -> list[Domain]:
        """Look through the domains of an account.

        :param connection_id: The connection, where several are good for it.
        """
        found: list[Domain] = self._call("domains.list", {"connection_id": connection_id}, list[Domain], None)
        return found


class ZonesOperations:
    """The operations `zones.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def records(self, *, domain: str, connection_id: Optional[str] = None) -> list[ZoneRecord]:
        """Look at what the zone of a domain says.

        :param domain: The domain.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "domain": domain, "connection_id": connection_id
        }
        found: list[ZoneRecord] = self._call("zones.records", said, list[ZoneRecord], None)
        return found

    def set(
        self,
        *,
        domain: str,
        records: Sequence[ZoneRecord],
        connection_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> list[ZoneRecord]:
        """Have a zone say this of these names and kinds.

        :param domain: The domain.
        :param records: What it shall say, 50 at most, none of one name and kind twice.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "domain": domain, "records": records, "connection_id": connection_id
        }
        found: list[ZoneRecord] = self._call("zones.set", said, list[ZoneRecord], idempotency_key)
        return found

    def clear(
        self,
        *,
        domain: str,
        kind: str,
        name: str,
        connection_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> list[ZoneRecord]:
        """Take what a zone says of a name and kind out of it.

        :param domain: The domain.
        :param kind: The kind, such as `TXT`.
        :param name: The name within the zone; `@` is the zone itself.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "domain": domain, "kind": kind, "name": name, "connection_id": connection_id
        }
        found: list[ZoneRecord] = self._call("zones.clear", said, list[ZoneRecord], idempotency_key)
        return found

    def snapshots(self, *, domain: str, connection_id: Optional[str] = None) -> list[ZoneSnapshot]:
        """Look at how a zone was before.

        :param domain: The domain.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "domain": domain, "connection_id": connection_id
        }
        found: list[ZoneSnapshot] = self._call("zones.snapshots", said, list[ZoneSnapshot], None)
        return found

    def restore(
        self,
        *,
        domain: str,
        snapshot: str,
        connection_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> list[ZoneRecord]:
        """Make a zone what it was.

        :param domain: The domain.
        :param snapshot: The snapshot, as `zones.snapshots` names it.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "domain": domain, "snapshot": snapshot, "connection_id": connection_id
        }
        found: list[ZoneRecord] = self._call("zones.restore", said, list[ZoneRecord], idempotency_key)
        return found


class DeploymentsOperations:
    """The operations `deployments.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def prepare(
        self,
        *,
        plan: DeployPlan,
        connection_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Prepared:
        """Have ready at a host what shall run there.

        :param plan: What shall run.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "plan": plan, "connection_id": connection_id
        }
        found: Prepared = self._call("deployments.prepare", said, Prepared, idempotency_key)
        return found

    def deploy(
        self,
        *,
        target: DeployTarget,
        commit: Optional[str] = None,
        connection_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Deployment:
        """Let what was made ready run.

        :param target: What runs, as `deployments.prepare` named it.
        :param commit: This commit of its repository; the newest when absent.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "target": target, "commit": commit, "connection_id": connection_id
        }
        found: Deployment = self._call("deployments.deploy", said, Deployment, idempotency_key)
        return found

    def get(self, *, deployment: str, connection_id: Optional[str] = None) -> Deployment:
        """Look at how a deployment stands.

        :param deployment: The host's name for it.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "deployment": deployment, "connection_id": connection_id
        }
        found: Deployment = self._call("deployments.get", said, Deployment, None)
        return found

    def logs(
        self,
        *,
        deployment: str,
        connection_id: Optional[str] = None,
        lines: Optional[int] = None,
    ) -> list[LogLine]:
        """Read the last lines that a deployment said.

        :param deployment: The host's name for it.
        :param connection_id: The connection, where several are good for it.
        :param lines: How many lines, 1 to 1,000; 100 when absent.
        """
        said: Dict[str, Any] = {
            "deployment": deployment, "connection_id": connection_id, "lines": lines
        }
        found: list[LogLine] = self._call("deployments.logs", said, list[LogLine], None)
        return found

    def roll_back(
        self,
        *,
        deployment: str,
        connection_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> RolledBack:
        """Let an earlier deployment run again.

        :param deployment: The host's name for the earlier one.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "deployment": deployment, "connection_id": connection_id
        }
        found: RolledBack = self._call("deployments.roll_back", said, RolledBack, idempotency_key)
        return found


class LedgerOperations:
    """The operations `ledger.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def entries(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfEntryView:
        """Look through the books, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfEntryView = self._call("ledger.entries", said, PageOfEntryView, None)
        return found

    def each_entries(self, *, limit: Optional[int] = None) -> Iterator[EntryView]:
        """Look through the books, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.entries(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return

    def balances(self, *, from_: Optional[dt.date] = None, to: Optional[dt.date] = None) -> list[AccountBalance]:
        """Look at what every account holds.

        :param from_: Only what was posted on this business day or later.
        :param to: Only what was posted on this business day or earlier.
        """
        said: Dict[str, Any] = {
            "from_": from_, "to": to
        }
        found: list[AccountBalance] = self._call("ledger.balances", said, list[AccountBalance], None)
        return found

    def post(
        self,
        *,
        memo: str,
        postings: Sequence[ManualPosting],
        idempotency_key: Optional[str] = None,
    ) -> EntryView:
        """Post an entry by hand: an expense, money put in or taken out, a correction of suspense.

        :param memo: What it is about, in words.
        :param postings: Its sides; debits and credits of each currency must be equal.
        """
        found: EntryView = self._call("ledger.post", {"memo": memo, "postings": postings}, EntryView, idempotency_key)
        return found

    def reverse(self, *, entry_id: str, idempotency_key: Optional[str] = None) -> EntryView:
        """Take an entry back that was made by hand, by its opposite.

        :param entry_id: The entry.
        """
        found: EntryView = self._call("ledger.reverse", {"entry_id": entry_id}, EntryView, idempotency_key)
        return found


class ReportsOperations:
    """The operations `reports.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def profit(self, *, from_: Optional[dt.date] = None, to: Optional[dt.date] = None) -> Profit:
        """Look at what was earned over some business days, from the books alone.

        :param from_: The first day; from the start when absent.
        :param to: The last day; until now when absent.
        """
        found: Profit = self._call("reports.profit", {"from_": from_, "to": to}, Profit, None)
        return found

    def daily(self, *, from_: dt.date, to: dt.date) -> list[DailyResult]:
        """Look at what was earned day by day, from the books alone.

        :param from_: The first day.
        :param to: The last day.
        """
        found: list[DailyResult] = self._call("reports.daily", {"from_": from_, "to": to}, list[DailyResult], None)
        return found

    def item_profit(self, *, item_id: Optional[str] = None, order_line_id: Optional[str] = None) -> Profit:
        """Look at what was earned with one physical thing or one order line: every posting tagged with it.

        :param item_id: The thing.
        :param order_line_id: The order line.
        """
        said: Dict[str, Any] = {
            "item_id": item_id, "order_line_id": order_line_id
        }
        found: Profit = self._call("reports.item_profit", said, Profit, None)
        return found

    def tax_year(self, *, from_: dt.date, to: dt.date) -> TaxYear:
        """Look at a tax year: what was earned, and what tax was collected and is owed.

        :param from_: The first day of the year.
        :param to: The last day of the year.
        """
        found: TaxYear = self._call("reports.tax_year", {"from_": from_, "to": to}, TaxYear, None)
        return found

    def aging(self, *, limit: Optional[int] = None) -> list[AgingRow]:
        """Look at stock that has lain longest.

        :param limit: How many rows at most: 1 to 200, 50 when absent.
        """
        found: list[AgingRow] = self._call("reports.aging", {"limit": limit}, list[AgingRow], None)
        return found

    def sell_through(self, *, from_: dt.date, to: dt.date, limit: Optional[int] = None) -> list[SellThroughRow]:
        """Look at how fast variants sold over some business days, fastest first.

        :param from_: The first day.
        :param to: The last day.
        :param limit: How many rows at most: 1 to 200, 50 when absent.
        """
        said: Dict[str, Any] = {
            "from_": from_, "to": to, "limit": limit
        }
        found: list[SellThroughRow] = self._call("reports.sell_through", said, list[SellThroughRow], None)
        return found

    def demand(self, *, from_: dt.date, to: dt.date, variant_id: str) -> DemandSeries:
        """Look at what a variant sold, day by day, with the days on which it could not be had marked.

        :param from_: The first day.
        :param to: The last day.
        :param variant_id: The variant.
        """
        said: Dict[str, Any] = {
            "from_": from_, "to": to, "variant_id": variant_id
        }
        found: DemandSeries = self._call("reports.demand", said, DemandSeries, None)
        return found

    def overview(self) -> Overview:
        """Look at the shop as it is now: today's result, what needs attention, what runs out, what lies, how channels
        do.
        """
        found: Overview = self._call("reports.overview", {}, Overview, None)
        return found


class RefillPoliciesOperations:
    """The operations `refill_policies.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def set(
        self,
        *,
        review_days: int,
        service_level: int,
        auto_approve: Optional[bool] = None,
        budget: Optional[Money] = None,
        variant_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> RefillPolicy:
        """Say how well a variant, or every variant without a policy of its own, is to be kept in stock.

        :param review_days: Days between looks.
        :param service_level: How often demand should find stock.
        :param auto_approve: Whether what the models propose within the budget is approved by itself.
        :param budget: The most to spend at once.
        :param variant_id: The variant; all others when absent.
        """
        said: Dict[str, Any] = {
            "review_days": review_days, "service_level": service_level, "auto_approve": auto_approve,
            "budget": budget, "variant_id": variant_id
        }
        found: RefillPolicy = self._call("refill_policies.set", said, RefillPolicy, idempotency_key)
        return found


class RefillProposalsOperations:
    """The operations `refill_proposals.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def create(
        self,
        *,
        explanation: str,
        qty: int,
        supplier_id: str,
        variant_id: str,
        backtest: Any = None,
        inputs_hash: Optional[str] = None,
        model: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> RefillProposal:
        """Propose to buy, with the reasons.

        :param explanation: Why, in words.
        :param qty: How many; raised to what the supplier sells.
        :param supplier_id: From whom; the supplier needs an offer for the variant.
        :param variant_id: What.
        :param backtest: How the model did on the past.
        :param inputs_hash: Hash of everything it was made from.
        :param model: Who makes it: a model and its version; the caller when absent.
        """
        said: Dict[str, Any] = {
            "explanation": explanation, "qty": qty, "supplier_id": supplier_id, "variant_id": variant_id,
            "backtest": backtest, "inputs_hash": inputs_hash, "model": model
        }
        found: RefillProposal = self._call("refill_proposals.create", said, RefillProposal, idempotency_key)
        return found

    def decide(
        self,
        *,
        decision: Decision,
        refill_proposal_id: str,
        idempotency_key: Optional[str] = None,
    ) -> RefillProposal:
        """Decide on a refill proposal.

        :param decision: What is decided.
        :param refill_proposal_id: The proposal.
        """
        said: Dict[str, Any] = {
            "decision": decision, "refill_proposal_id": refill_proposal_id
        }
        found: RefillProposal = self._call("refill_proposals.decide", said, RefillProposal, idempotency_key)
        return found

    def list(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        state: Optional[ProposalState] = None,
    ) -> PageOfRefillProposal:
        """Look through the refill proposals, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param state: Only those in this state.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit, "state": state
        }
        found: PageOfRefillProposal = self._call("refill_proposals.list", said, PageOfRefillProposal, None)
        return found

    def each(self, *, limit: Optional[int] = None, state: Optional[ProposalState] = None) -> Iterator[RefillProposal]:
        """Look through the refill proposals, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.list(cursor=cursor, limit=limit, state=state)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class ForecastsOperations:
    """The operations `forecasts.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def refresh(self, *, idempotency_key: Optional[str] = None) -> RefreshAsked:
        """Ask the models about the whole shop now, instead of after the end of the day."""
        found: RefreshAsked = self._call("forecasts.refresh", {}, RefreshAsked, idempotency_key)
        return found

    def runs(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfAdviceRun:
        """Look through what the models were asked and how well they did on the shop's own past, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfAdviceRun = self._call("forecasts.runs", said, PageOfAdviceRun, None)
        return found

    def each_runs(self, *, limit: Optional[int] = None) -> Iterator[AdviceRun]:
        """Look through what the models were asked and how well they did on the shop's own past, newest first. Goes
        through all pages.
        """
        cursor: Optional[str] = None
        while True:
            page = self.runs(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return

    def get(self, *, variant_id: str) -> Forecast:
        """Look at what a variant is expected to sell.

        :param variant_id: The variant.
        """
        found: Forecast = self._call("forecasts.get", {"variant_id": variant_id}, Forecast, None)
        return found

    def list(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfForecast:
        """Look through the forecasts, last made first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        found: PageOfForecast = self._call("forecasts.list", {"cursor": cursor, "limit": limit}, PageOfForecast, None)
        return found

    def each(self, *, limit: Optional[int] = None) -> Iterator[Forecast]:
        """Look through the forecasts, last made first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.list(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class PredictionsOperations:
    """The operations `predictions.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def inventory(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfInventoryPrediction:
        """Look through how long the stock will last, last forecast first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfInventoryPrediction = self._call("predictions.inventory", said, PageOfInventoryPrediction, None)
        return found

    def each_inventory(self, *, limit: Optional[int] = None) -> Iterator[InventoryPrediction]:
        """Look through how long the stock will last, last forecast first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.inventory(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class MarketOperations:
    """The operations `market.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def look(self, *, limit: Optional[int] = None) -> MarketView:
        """Look at where demand is heading in each category, and at what would be worth doing, the most valuable first.

        :param limit: How many opportunities at most: 1 to 200, 50 when absent.
        """
        found: MarketView = self._call("market.look", {"limit": limit}, MarketView, None)
        return found


class AuditOperations:
    """The operations `audit.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def list(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfAuditEntry:
        """Look through the audit log, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        found: PageOfAuditEntry = self._call("audit.list", {"cursor": cursor, "limit": limit}, PageOfAuditEntry, None)
        return found

    def each(self, *, limit: Optional[int] = None) -> Iterator[AuditEntry]:
        """Look through the audit log, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.list(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class EventsOperations:
    """The operations `events.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def list(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfEvent:
        """Look through what happened, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        found: PageOfEvent = self._call("events.list", {"cursor": cursor, "limit": limit}, PageOfEvent, None)
        return found

    def each(self, *, limit: Optional[int] = None) -> Iterator[Event]:
        """Look through what happened, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.list(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class JobsOperations:
    """The operations `jobs.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def retry(self, *, job_id: str, idempotency_key: Optional[str] = None) -> Job:
        """Try a job again that was given up.

        :param job_id: The job.
        """
        found: Job = self._call("jobs.retry", {"job_id": job_id}, Job, idempotency_key)
        return found

    def list(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        state: Optional[JobState] = None,
    ) -> PageOfJob:
        """Look through the jobs, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param state: Only those in this state.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit, "state": state
        }
        found: PageOfJob = self._call("jobs.list", said, PageOfJob, None)
        return found

    def each(self, *, limit: Optional[int] = None, state: Optional[JobState] = None) -> Iterator[Job]:
        """Look through the jobs, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.list(cursor=cursor, limit=limit, state=state)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class ImportsOperations:
    """The operations `imports.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def begin(self, *, file_hash: str, kind: ImportKind, idempotency_key: Optional[str] = None) -> ImportRun:
        """Begin to import a file, or go on with it: the same file of the same kind is imported once.

        :param file_hash: SHA-256 of the file, in hex.
        :param kind: What it brings.
        """
        said: Dict[str, Any] = {
            "file_hash": file_hash, "kind": kind
        }
        found: ImportRun = self._call("imports.begin", said, ImportRun, idempotency_key)
        return found

    def products(
        self,
        *,
        after: int,
        import_id: str,
        products: Sequence[FileProduct],
        rows: int,
        rejected: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> ImportRun:
        """Take in a group of products: new ones are made, known ones brought up to date.

        :param after: How many rows of the file were dealt with before.
        :param import_id: The import.
        :param products: What they say.
        :param rows: How many rows this group deals with.
        :param rejected: How many of those are rejected: they are not among what is given.
        """
        said: Dict[str, Any] = {
            "after": after, "import_id": import_id, "products": products, "rows": rows, "rejected":
            rejected
        }
        found: ImportRun = self._call("imports.products", said, ImportRun, idempotency_key)
        return found

    def stock(
        self,
        *,
        after: int,
        counts: Sequence[FileStock],
        import_id: str,
        rows: int,
        rejected: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> ImportRun:
        """Take in a group of counts: afterwards so many lie there.

        :param after: How many rows of the file were dealt with before.
        :param counts: What they say.
        :param import_id: The import.
        :param rows: How many rows this group deals with.
        :param rejected: How many of those are rejected: they are not among what is given.
        """
        said: Dict[str, Any] = {
            "after": after, "counts": counts, "import_id": import_id, "rows": rows, "rejected": rejected
        }
        found: ImportRun = self._call("imports.stock", said, ImportRun, idempotency_key)
        return found

    def sales(
        self,
        *,
        after: int,
        import_id: str,
        opened_on: dt.date,
        rows: int,
        sales: Sequence[FileSale],
        rejected: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> ImportRun:
        """Take in a group of past sales.

        :param after: How many rows of the file were dealt with before.
        :param import_id: The import.
        :param opened_on: The day on which all that was sold was there: the day before the file's first sale.
        :param rows: How many rows this group deals with.
        :param sales: What was sold.
        :param rejected: How many of those are rejected: they are not among what is given.
        """
        said: Dict[str, Any] = {
            "after": after, "import_id": import_id, "opened_on": opened_on, "rows": rows, "sales": sales,
            "rejected": rejected
        }
        found: ImportRun = self._call("imports.sales", said, ImportRun, idempotency_key)
        return found

    def orders(
        self,
        *,
        after: int,
        import_id: str,
        orders: Sequence[FileOrder],
        rows: int,
        rejected: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> ImportRun:
        """Take in a group of open orders.

        :param after: How many rows of the file were dealt with before.
        :param import_id: The import.
        :param orders: What they say.
        :param rows: How many rows this group deals with.
        :param rejected: How many of those are rejected: they are not among what is given.
        """
        said: Dict[str, Any] = {
            "after": after, "import_id": import_id, "orders": orders, "rows": rows, "rejected": rejected
        }
        found: ImportRun = self._call("imports.orders", said, ImportRun, idempotency_key)
        return found

    def finish(self, *, import_id: str, idempotency_key: Optional[str] = None) -> ImportRun:
        """End an import: every row was dealt with.

        :param import_id: The import.
        """
        found: ImportRun = self._call("imports.finish", {"import_id": import_id}, ImportRun, idempotency_key)
        return found


class ExportsOperations:
    """The operations `exports.…`."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def products(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfFileProduct:
        """Give out products as an import takes them: each variant, and each one-of-a-kind thing that is here.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfFileProduct = self._call("exports.products", said, PageOfFileProduct, None)
        return found

    def each_products(self, *, limit: Optional[int] = None) -> Iterator[FileProduct]:
        """Give out products as an import takes them: each variant, and each one-of-a-kind thing that is here. Goes
        through all pages.
        """
        cursor: Optional[str] = None
        while True:
            page = self.products(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return

    def stock(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfFileStock:
        """Give out what lies where, with its cost, as an import takes it.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfFileStock = self._call("exports.stock", said, PageOfFileStock, None)
        return found

    def each_stock(self, *, limit: Optional[int] = None) -> Iterator[FileStock]:
        """Give out what lies where, with its cost, as an import takes it. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.stock(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return

    def sales(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfFileSale:
        """Give out what was sold and sent, as an import of past sales takes it.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        found: PageOfFileSale = self._call("exports.sales", {"cursor": cursor, "limit": limit}, PageOfFileSale, None)
        return found

    def each_sales(self, *, limit: Optional[int] = None) -> Iterator[FileSale]:
        """Give out what was sold and sent, as an import of past sales takes it. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.sales(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return

    def orders(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfFileOrder:
        """Give out the orders that are still to be sent, as an import takes them.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfFileOrder = self._call("exports.orders", said, PageOfFileOrder, None)
        return found

    def each_orders(self, *, limit: Optional[int] = None) -> Iterator[FileOrder]:
        """Give out the orders that are still to be sent, as an import takes them. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = self.orders(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class Operations:
    """All operations, room by room."""

    def __init__(self, call: Call) -> None:
        self.shop = ShopOperations(call)
        self.members = MembersOperations(call)
        self.keys = KeysOperations(call)
        self.products = ProductsOperations(call)
        self.variants = VariantsOperations(call)
        self.items = ItemsOperations(call)
        self.media = MediaOperations(call)
        self.locations = LocationsOperations(call)
        self.inventory = InventoryOperations(call)
        self.suppliers = SuppliersOperations(call)
        self.offers = OffersOperations(call)
        self.purchase_orders = PurchaseOrdersOperations(call)
        self.acquisitions = AcquisitionsOperations(call)
        self.pricing_rules = PricingRulesOperations(call)
        self.price_changes = PriceChangesOperations(call)
        self.price_proposals = PriceProposalsOperations(call)
        self.pricing = PricingOperations(call)
        self.channels = ChannelsOperations(call)
        self.listings = ListingsOperations(call)
        self.orders = OrdersOperations(call)
        self.customers = CustomersOperations(call)
        self.promotions = PromotionsOperations(call)
        self.checkouts = CheckoutsOperations(call)
        self.payments = PaymentsOperations(call)
        self.payouts = PayoutsOperations(call)
        self.fulfilments = FulfilmentsOperations(call)
        self.returns = ReturnsOperations(call)
        self.integrations = IntegrationsOperations(call)
        self.webhooks = WebhooksOperations(call)
        self.sites = SitesOperations(call)
        self.domains = DomainsOperations(call)
        self.zones = ZonesOperations(call)
        self.deployments = DeploymentsOperations(call)
        self.ledger = LedgerOperations(call)
        self.reports = ReportsOperations(call)
        self.refill_policies = RefillPoliciesOperations(call)
        self.refill_proposals = RefillProposalsOperations(call)
        self.forecasts = ForecastsOperations(call)
        self.predictions = PredictionsOperations(call)
        self.market = MarketOperations(call)
        self.audit = AuditOperations(call)
        self.events = EventsOperations(call)
        self.jobs = JobsOperations(call)
        self.imports = ImportsOperations(call)
        self.exports = ExportsOperations(call)


class AsyncShopOperations:
    """The operations `shop.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def get(self) -> Shop:
        """Look at the shop's settings."""
        found: Shop = await self._call("shop.get", {}, Shop, None)
        return found

    async def update(
        self,
        *,
        expected_version: Optional[int] = None,
        name: Optional[str] = None,
        rounding: Optional[Rounding] = None,
        time_zone: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Shop:
        """Change the shop's settings.

        :param expected_version: The version that was seen; the edit is refused if it has changed.
        :param name: What it is called.
        :param rounding: How a tax is rounded that falls between two units of the currency.
        :param time_zone: Decides to which business day an instant belongs; days already booked stay.
        """
        said: Dict[str, Any] = {
            "expected_version": expected_version, "name": name, "rounding": rounding, "time_zone":
            time_zone
        }
        found: Shop = await self._call("shop.update", said, Shop, idempotency_key)
        return found


class AsyncMembersOperations:
    """The operations `members.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def add(self, *, email: str, role: Role, idempotency_key: Optional[str] = None) -> Member:
        """Take somebody on.

        :param email: Where the person is reached.
        :param role: What the person may do.
        """
        found: Member = await self._call("members.add", {"email": email, "role": role}, Member, idempotency_key)
        return found

    async def update(
        self,
        *,
        member_id: str,
        expected_version: Optional[int] = None,
        role: Optional[Role] = None,
        status: Optional[MemberStatus] = None,
        idempotency_key: Optional[str] = None,
    ) -> Member:
        """Change what a member may do, or shut the member out.

        :param member_id: The member.
        :param expected_version: The version that was seen.
        :param role: What the person may do.
        :param status: Whether the person may come in.
        """
        said: Dict[str, Any] = {
            "member_id": member_id, "expected_version": expected_version, "role": role, "status": status
        }
        found: Member = await self._call("members.update", said, Member, idempotency_key)
        return found

    async def list(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfMember:
        """Look through the members.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        found: PageOfMember = await self._call("members.list", {"cursor": cursor, "limit": limit}, PageOfMember, None)
        return found

    async def each(self, *, limit: Optional[int] = None) -> AsyncIterator[Member]:
        """Look through the members. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.list(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncKeysOperations:
    """The operations `keys.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def create(
        self,
        *,
        name: str,
        role: Role,
        expires_at: Optional[dt.datetime] = None,
        idempotency_key: Optional[str] = None,
    ) -> CreatedKey:
        """Make a key for a program.

        :param name: What it is for.
        :param role: What it may do; never more than its maker.
        :param expires_at: When it stops working.
        """
        said: Dict[str, Any] = {
            "name": name, "role": role, "expires_at": expires_at
        }
        found: CreatedKey = await self._call("keys.create", said, CreatedKey, idempotency_key)
        return found

    async def revoke(self, *, key_id: str, idempotency_key: Optional[str] = None) -> ApiKey:
        """Withdraw a key.

        :param key_id: The key.
        """
        found: ApiKey = await self._call("keys.revoke", {"key_id": key_id}, ApiKey, idempotency_key)
        return found

    async def list(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfApiKey:
        """Look through the keys.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        found: PageOfApiKey = await self._call("keys.list", {"cursor": cursor, "limit": limit}, PageOfApiKey, None)
        return found

    async def each(self, *, limit: Optional[int] = None) -> AsyncIterator[ApiKey]:
        """Look through the keys. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.list(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncProductsOperations:
    """The operations `products.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def create(
        self,
        *,
        title: str,
        variants: Sequence[NewVariant],
        attributes: Optional[Mapping[str, str]] = None,
        brand: Optional[str] = None,
        category: Optional[str] = None,
        description: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> ProductView:
        """Describe a product and its variants.

        :param title: What it is called.
        :param variants: Its variants: at least one.
        :param attributes: Facts about it.
        :param brand: Who made it.
        :param category: Where it stands in a taxonomy.
        :param description: What there is to say about it.
        """
        said: Dict[str, Any] = {
            "title": title, "variants": variants, "attributes": attributes, "brand": brand, "category":
            category, "description": description
        }
        found: ProductView = await self._call("products.create", said, ProductView, idempotency_key)
        return found

    async def update(
        self,
        *,
        product_id: str,
        attributes: Optional[Mapping[str, str]] = None,
        brand: Optional[str] = None,
        category: Optional[str] = None,
        description: Optional[str] = None,
        expected_version: Optional[int] = None,
        status: Optional[ProductStatus] = None,
        title: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> ProductView:
        """Change a product's description.

        :param product_id: The product.
        :param attributes: Facts about it.
        :param brand: Who made it.
        :param category: Where it stands in a taxonomy.
        :param description: What there is to say about it.
        :param expected_version: The version that was seen.
        :param status: Whether it is for sale.
        :param title: What it is called.
        """
        said: Dict[str, Any] = {
            "product_id": product_id, "attributes": attributes, "brand": brand, "category": category,
            "description": description, "expected_version": expected_version, "status": status, "title":
            title
        }
        found: ProductView = await self._call("products.update", said, ProductView, idempotency_key)
        return found

    async def get(self, *, product_id: str) -> ProductView:
        """Look at a product.

        :param product_id: The product.
        """
        found: ProductView = await self._call("products.get", {"product_id": product_id}, ProductView, None)
        return found

    async def list(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        search: Optional[str] = None,
        status: Optional[ProductStatus] = None,
    ) -> PageOfProductView:
        """Look through the products, newest first, or search them.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param search: Only those whose title, brand, category, description or SKU hold words beginning like all of
            these.
        :param status: Only those in this state.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit, "search": search, "status": status
        }
        found: PageOfProductView = await self._call("products.list", said, PageOfProductView, None)
        return found

    async def each(
        self,
        *,
        limit: Optional[int] = None,
        search: Optional[str] = None,
        status: Optional[ProductStatus] = None,
    ) -> AsyncIterator[ProductView]:
        """Look through the products, newest first, or search them. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.list(cursor=cursor, limit=limit, search=search, status=status)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncVariantsOperations:
    """The operations `variants.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def add(
        self,
        *,
        product_id: str,
        backorder_limit: Optional[int] = None,
        components: Optional[Sequence[NewComponent]] = None,
        dims_mm: Optional[Sequence[int]] = None,
        gtin: Optional[str] = None,
        options: Optional[Mapping[str, str]] = None,
        price: Optional[Money] = None,
        safety_stock: Optional[int] = None,
        scale: Optional[int] = None,
        sku: Optional[str] = None,
        tax_code: Optional[str] = None,
        weight_g: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> Variant:
        """Add a variant to a product; with components it is a bundle.

        :param product_id: The product.
        :param backorder_limit: How many may be promised beyond what is here.
        :param components: What it holds, if it is a bundle.
        :param dims_mm: Length, width and height in millimetres.
        :param gtin: Its global trade item number.
        :param options: What sets it apart from its sisters.
        :param price: What it costs where no listing says otherwise.
        :param safety_stock: How many are kept from the channels.
        :param scale: Decimals of its unit of measure.
        :param sku: The shop's own name for it.
        :param tax_code: What the tax office calls it.
        :param weight_g: Its weight in grams.
        """
        said: Dict[str, Any] = {
            "product_id": product_id, "backorder_limit": backorder_limit, "components": components,
            "dims_mm": dims_mm, "gtin": gtin, "options": options, "price": price, "safety_stock":
            safety_stock, "scale": scale, "sku": sku, "tax_code": tax_code, "weight_g": weight_g
        }
        found: Variant = await self._call("variants.add", said, Variant, idempotency_key)
        return found

    async def update(
        self,
        *,
        variant_id: str,
        backorder_limit: Optional[int] = None,
        expected_version: Optional[int] = None,
        gtin: Optional[str] = None,
        price: Optional[Money] = None,
        safety_stock: Optional[int] = None,
        weight_g: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> Variant:
        """Change a variant.

        :param variant_id: The variant.
        :param backorder_limit: How many may be promised beyond what is here.
        :param expected_version: The version that was seen.
        :param gtin: Its global trade item number.
        :param price: Its price where no listing says otherwise.
        :param safety_stock: How many are kept from the channels.
        :param weight_g: Its weight in grams.
        """
        said: Dict[str, Any] = {
            "variant_id": variant_id, "backorder_limit": backorder_limit, "expected_version":
            expected_version, "gtin": gtin, "price": price, "safety_stock": safety_stock, "weight_g":
            weight_g
        }
        found: Variant = await self._call("variants.update", said, Variant, idempotency_key)
        return found


class AsyncItemsOperations:
    """The operations `items.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def create(
        self,
        *,
        condition: Condition,
        sku: str,
        title: str,
        unit_cost: Money,
        attributes: Optional[Mapping[str, str]] = None,
        bin: Optional[str] = None,
        brand: Optional[str] = None,
        category: Optional[str] = None,
        condition_notes: Optional[str] = None,
        description: Optional[str] = None,
        grade: Optional[str] = None,
        location_id: Optional[str] = None,
        price: Optional[Money] = None,
        serial: Optional[str] = None,
        weight_g: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> ItemView:
        """Take in a one-of-a-kind thing: its product, its only variant, and the thing itself with its cost.

        :param condition: Its condition.
        :param sku: The shop's own name for it.
        :param title: What it is; the variants stay empty.
        :param unit_cost: What it cost.
        :param attributes: Facts about it.
        :param bin: The shelf or box.
        :param brand: Who made it.
        :param category: Where it stands in a taxonomy.
        :param condition_notes: What a buyer should know about the condition.
        :param description: What there is to say about it.
        :param grade: A grade in the words of its trade.
        :param location_id: Where it lies; the first place that sells when absent.
        :param price: What it is to cost where no listing says otherwise.
        :param serial: Its serial number.
        :param weight_g: Its weight in grams.
        """
        said: Dict[str, Any] = {
            "condition": condition, "sku": sku, "title": title, "unit_cost": unit_cost, "attributes":
            attributes, "bin": bin, "brand": brand, "category": category, "condition_notes":
            condition_notes, "description": description, "grade": grade, "location_id": location_id,
            "price": price, "serial": serial, "weight_g": weight_g
        }
        found: ItemView = await self._call("items.create", said, ItemView, idempotency_key)
        return found

    async def update(
        self,
        *,
        item_id: str,
        bin: Optional[str] = None,
        condition: Optional[Condition] = None,
        condition_notes: Optional[str] = None,
        expected_version: Optional[int] = None,
        grade: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Item:
        """Change what is said of a one-of-a-kind thing.

        :param item_id: The thing.
        :param bin: The shelf or box.
        :param condition: Its condition.
        :param condition_notes: What a buyer should know about the condition.
        :param expected_version: The version that was seen.
        :param grade: A grade in the words of its trade.
        """
        said: Dict[str, Any] = {
            "item_id": item_id, "bin": bin, "condition": condition, "condition_notes": condition_notes,
            "expected_version": expected_version, "grade": grade
        }
        found: Item = await self._call("items.update", said, Item, idempotency_key)
        return found

    async def get(self, *, item_id: str) -> ItemView:
        """Look at a one-of-a-kind thing.

        :param item_id: The thing.
        """
        found: ItemView = await self._call("items.get", {"item_id": item_id}, ItemView, None)
        return found

    async def list(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        status: Optional[ItemStatus] = None,
    ) -> PageOfItem:
        """Look through the one-of-a-kind things, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param status: Only those in this state.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit, "status": status
        }
        found: PageOfItem = await self._call("items.list", said, PageOfItem, None)
        return found

    async def each(self, *, limit: Optional[int] = None, status: Optional[ItemStatus] = None) -> AsyncIterator[Item]:
        """Look through the one-of-a-kind things, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.list(cursor=cursor, limit=limit, status=status)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncMediaOperations:
    """The operations `media.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def attach(
        self,
        *,
        alt: str,
        content_hash: str,
        product_id: str,
        sort: Optional[int] = None,
        url: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Media:
        """Attach a picture or film to a product.

        :param alt: What it shows, in words.
        :param content_hash: SHA-256 of the bytes, in hex.
        :param product_id: The product.
        :param sort: Its place among the product's media, lowest first.
        :param url: Where the bytes can be had. Channels that show pictures fetch them there.
        """
        said: Dict[str, Any] = {
            "alt": alt, "content_hash": content_hash, "product_id": product_id, "sort": sort, "url": url
        }
        found: Media = await self._call("media.attach", said, Media, idempotency_key)
        return found

    async def detach(self, *, media_id: str, idempotency_key: Optional[str] = None) -> Media:
        """Detach a picture or film from its product.

        :param media_id: The medium.
        """
        found: Media = await self._call("media.detach", {"media_id": media_id}, Media, idempotency_key)
        return found

    async def list(self, *, product_id: str) -> list[Media]:
        """Look through a product's pictures and films.

        :param product_id: The product.
        """
        found: list[Media] = await self._call("media.list", {"product_id": product_id}, list[Media], None)
        return found


class AsyncLocationsOperations:
    """The operations `locations.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def create(
        self,
        *,
        kind: LocationKind,
        name: str,
        sellable: bool,
        priority: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> Location:
        """Make a place where stock lies.

        :param kind: What sort of place it is.
        :param name: What it is called.
        :param sellable: Whether what lies there may be sold; quarantine and transit never sell.
        :param priority: From where to take first: lowest first.
        """
        said: Dict[str, Any] = {
            "kind": kind, "name": name, "sellable": sellable, "priority": priority
        }
        found: Location = await self._call("locations.create", said, Location, idempotency_key)
        return found

    async def list(self) -> list[Location]:
        """Look through the places."""
        found: list[Location] = await self._call("locations.list", {}, list[Location], None)
        return found


class AsyncInventoryOperations:
    """The operations `inventory.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def adjust(
        self,
        *,
        change: int,
        reason: MoveReason,
        variant_id: str,
        cost: Optional[Money] = None,
        location_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> StockLevel:
        """Correct what lies somewhere: something was found, lost, broken, or was there from the start.

        :param change: How many more there are; below zero, how many fewer.
        :param reason: Why.
        :param variant_id: What.
        :param cost: What the added units cost together; needed for more stock, and for nothing else.
        :param location_id: Where; the first place that sells when absent.
        """
        said: Dict[str, Any] = {
            "change": change, "reason": reason, "variant_id": variant_id, "cost": cost, "location_id":
            location_id
        }
        found: StockLevel = await self._call("inventory.adjust", said, StockLevel, idempotency_key)
        return found

    async def transfer(
        self,
        *,
        from_: str,
        qty: int,
        to: str,
        variant_id: str,
        idempotency_key: Optional[str] = None,
    ) -> list[StockLevel]:
        """Move stock to another place.

        :param from_: From where.
        :param qty: How many.
        :param to: Where to.
        :param variant_id: What.
        """
        said: Dict[str, Any] = {
            "from_": from_, "qty": qty, "to": to, "variant_id": variant_id
        }
        found: list[StockLevel] = await self._call("inventory.transfer", said, list[StockLevel], idempotency_key)
        return found

    async def hold(
        self,
        *,
        note: str,
        qty: int,
        variant_id: str,
        expires_at: Optional[dt.datetime] = None,
        idempotency_key: Optional[str] = None,
    ) -> list[Reservation]:
        """Hold stock for somebody, without an order.

        :param note: For whom or why.
        :param qty: How many.
        :param variant_id: What.
        :param expires_at: Until when; for good when absent.
        """
        said: Dict[str, Any] = {
            "note": note, "qty": qty, "variant_id": variant_id, "expires_at": expires_at
        }
        found: list[Reservation] = await self._call("inventory.hold", said, list[Reservation], idempotency_key)
        return found

    async def release(self, *, reservation_id: str, idempotency_key: Optional[str] = None) -> Reservation:
        """Let go of a hold that was made by hand.

        :param reservation_id: The hold.
        """
        said: Dict[str, Any] = {
            "reservation_id": reservation_id
        }
        found: Reservation = await self._call("inventory.release", said, Reservation, idempotency_key)
        return found

    async def levels(self, *, variant_id: str) -> list[StockLevel]:
        """Look at what lies of a variant, by place.

        :param variant_id: The variant.
        """
        said: Dict[str, Any] = {
            "variant_id": variant_id
        }
        found: list[StockLevel] = await self._call("inventory.levels", said, list[StockLevel], None)
        return found

    async def moves(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfStockMove:
        """Look through every stock move, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfStockMove = await self._call("inventory.moves", said, PageOfStockMove, None)
        return found

    async def each_moves(self, *, limit: Optional[int] = None) -> AsyncIterator[StockMove]:
        """Look through every stock move, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.moves(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return

    async def alerts(self, *, limit: Optional[int] = None) -> list[StockAlert]:
        """Look at what is running out: stocked variants down to their safety stock.

        :param limit: How many at most: 1 to 200, 50 when absent.
        """
        found: list[StockAlert] = await self._call("inventory.alerts", {"limit": limit}, list[StockAlert], None)
        return found


class AsyncSuppliersOperations:
    """The operations `suppliers.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def create(
        self,
        *,
        kind: SupplierKind,
        name: str,
        lead_days_mean: Optional[int] = None,
        lead_days_sd: Optional[int] = None,
        terms: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Supplier:
        """Note down a supplier.

        :param kind: What sort it is.
        :param name: What it is called.
        :param lead_days_mean: Days from order to arrival, on average.
        :param lead_days_sd: By how many days that varies.
        :param terms: Terms of payment, in words.
        """
        said: Dict[str, Any] = {
            "kind": kind, "name": name, "lead_days_mean": lead_days_mean, "lead_days_sd": lead_days_sd,
            "terms": terms
        }
        found: Supplier = await self._call("suppliers.create", said, Supplier, idempotency_key)
        return found

    async def list(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfSupplier:
        """Look through the suppliers.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfSupplier = await self._call("suppliers.list", said, PageOfSupplier, None)
        return found

    async def each(self, *, limit: Optional[int] = None) -> AsyncIterator[Supplier]:
        """Look through the suppliers. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.list(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncOffersOperations:
    """The operations `offers.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def set(
        self,
        *,
        supplier_id: str,
        unit_cost: Money,
        variant_id: str,
        moq: Optional[int] = None,
        pack: Optional[int] = None,
        price_breaks: Optional[Sequence[PriceBreak]] = None,
        supplier_sku: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> SupplierOffer:
        """Note down what a supplier asks for a variant; a new offer takes the old one's place.

        :param supplier_id: Whose offer.
        :param unit_cost: The price of a unit.
        :param variant_id: For what.
        :param moq: The fewest units that can be ordered; 1 when absent.
        :param pack: Units come in multiples of this; 1 when absent.
        :param price_breaks: Lower prices from quantities on, smallest quantity first.
        :param supplier_sku: The supplier's name for it.
        """
        said: Dict[str, Any] = {
            "supplier_id": supplier_id, "unit_cost": unit_cost, "variant_id": variant_id, "moq": moq,
            "pack": pack, "price_breaks": price_breaks, "supplier_sku": supplier_sku
        }
        found: SupplierOffer = await self._call("offers.set", said, SupplierOffer, idempotency_key)
        return found

    async def list(self, *, variant_id: str) -> list[SupplierOffer]:
        """Look at everything that is offered for a variant, cheapest first.

        :param variant_id: The variant.
        """
        said: Dict[str, Any] = {
            "variant_id": variant_id
        }
        found: list[SupplierOffer] = await self._call("offers.list", said, list[SupplierOffer], None)
        return found


class AsyncPurchaseOrdersOperations:
    """The operations `purchase_orders.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def create(
        self,
        *,
        lines: Sequence[NewPurchaseLine],
        supplier_id: str,
        expected_on: Optional[dt.date] = None,
        location_id: Optional[str] = None,
        notes: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> PurchaseOrderView:
        """Write a purchase order.

        :param lines: What is ordered.
        :param supplier_id: To whom.
        :param expected_on: When the goods should be here.
        :param location_id: Where the goods are to arrive; the first place that sells when absent.
        :param notes: A word to oneself.
        """
        said: Dict[str, Any] = {
            "lines": lines, "supplier_id": supplier_id, "expected_on": expected_on, "location_id":
            location_id, "notes": notes
        }
        found: PurchaseOrderView = await self._call("purchase_orders.create", said, PurchaseOrderView, idempotency_key)
        return found

    async def advance(
        self,
        *,
        purchase_order_id: str,
        step: PurchaseOrderStep,
        expected_version: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> PurchaseOrderView:
        """Move a purchase order on: submit, acknowledge, cancel or close it.

        :param purchase_order_id: The order.
        :param step: What happened.
        :param expected_version: The version that was seen.
        """
        said: Dict[str, Any] = {
            "purchase_order_id": purchase_order_id, "step": step, "expected_version": expected_version
        }
        found: PurchaseOrderView = await self._call("purchase_orders.advance", said, PurchaseOrderView, idempotency_key)
        return found

    async def receive(
        self,
        *,
        lines: Sequence[ArrivedLine],
        purchase_order_id: str,
        landed_costs: Optional[Sequence[LandedCost]] = None,
        tolerance: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> PurchaseOrderView:
        """Take goods of a purchase order in, with the further costs of getting them here.

        :param lines: What arrived.
        :param purchase_order_id: The order.
        :param landed_costs: Freight, duty and the like, shared among the lines.
        :param tolerance: How much of an order may come too many.
        """
        said: Dict[str, Any] = {
            "lines": lines, "purchase_order_id": purchase_order_id, "landed_costs": landed_costs,
            "tolerance": tolerance
        }
        found: PurchaseOrderView = await self._call("purchase_orders.receive", said, PurchaseOrderView, idempotency_key)
        return found

    async def get(self, *, purchase_order_id: str) -> PurchaseOrderView:
        """Look at a purchase order.

        :param purchase_order_id: The order.
        """
        said: Dict[str, Any] = {
            "purchase_order_id": purchase_order_id
        }
        found: PurchaseOrderView = await self._call("purchase_orders.get", said, PurchaseOrderView, None)
        return found

    async def list(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        state: Optional[PurchaseOrderState] = None,
    ) -> PageOfPurchaseOrder:
        """Look through the purchase orders, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param state: Only those in this state.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit, "state": state
        }
        found: PageOfPurchaseOrder = await self._call("purchase_orders.list", said, PageOfPurchaseOrder, None)
        return found

    async def each(
        self,
        *,
        limit: Optional[int] = None,
        state: Optional[PurchaseOrderState] = None,
    ) -> AsyncIterator[PurchaseOrder]:
        """Look through the purchase orders, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.list(cursor=cursor, limit=limit, state=state)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncAcquisitionsOperations:
    """The operations `acquisitions.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def record(
        self,
        *,
        finds: Sequence[Find],
        source: str,
        total_paid: Money,
        date: Optional[dt.date] = None,
        mileage_m: Optional[int] = None,
        receipt_media: Optional[str] = None,
        supplier_id: Optional[str] = None,
        tax: Optional[Money] = None,
        idempotency_key: Optional[str] = None,
    ) -> HaulView:
        """Record a haul: things bought together for one sum, which is shared among them to the penny.

        :param finds: What was found.
        :param source: Where it was bought.
        :param total_paid: What was paid for everything, tax included.
        :param date: The day; today when absent.
        :param mileage_m: Metres driven for it.
        :param receipt_media: The content hash of a picture of the receipt.
        :param supplier_id: From whom, if known.
        :param tax: The tax in it.
        """
        said: Dict[str, Any] = {
            "finds": finds, "source": source, "total_paid": total_paid, "date": date, "mileage_m":
            mileage_m, "receipt_media": receipt_media, "supplier_id": supplier_id, "tax": tax
        }
        found: HaulView = await self._call("acquisitions.record", said, HaulView, idempotency_key)
        return found

    async def list(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfAcquisition:
        """Look through the hauls, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfAcquisition = await self._call("acquisitions.list", said, PageOfAcquisition, None)
        return found

    async def each(self, *, limit: Optional[int] = None) -> AsyncIterator[Acquisition]:
        """Look through the hauls, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.list(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncPricingRulesOperations:
    """The operations `pricing_rules.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def set(
        self,
        *,
        active: bool,
        after_days: int,
        every_days: int,
        most: int,
        name: str,
        step: int,
        channel_id: Optional[str] = None,
        ending: Optional[int] = None,
        expected_version: Optional[int] = None,
        loss_budget: Optional[Money] = None,
        pricing_rule_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> PricingRule:
        """Make a markdown rule, or change one.

        :param active: Whether it is applied.
        :param after_days: Days a listing is live before the first step.
        :param every_days: Days between steps.
        :param most: How much of the first price all steps together may take off.
        :param name: What it is called.
        :param step: How much of the first price each step takes off.
        :param channel_id: The channel it applies to; all when absent.
        :param ending: The last digits prices end in.
        :param expected_version: The version that was seen.
        :param loss_budget: How far below its break-even a price may go.
        :param pricing_rule_id: The rule to change; a new one when absent.
        """
        said: Dict[str, Any] = {
            "active": active, "after_days": after_days, "every_days": every_days, "most": most, "name":
            name, "step": step, "channel_id": channel_id, "ending": ending, "expected_version":
            expected_version, "loss_budget": loss_budget, "pricing_rule_id": pricing_rule_id
        }
        found: PricingRule = await self._call("pricing_rules.set", said, PricingRule, idempotency_key)
        return found

    async def apply(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> RulesApplied:
        """Apply the rules to a page of live listings: what is old enough becomes cheaper, never below its floor.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: RulesApplied = await self._call("pricing_rules.apply", said, RulesApplied, idempotency_key)
        return found

    async def list(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfPricingRule:
        """Look through the rules.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfPricingRule = await self._call("pricing_rules.list", said, PageOfPricingRule, None)
        return found

    async def each(self, *, limit: Optional[int] = None) -> AsyncIterator[PricingRule]:
        """Look through the rules. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.list(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncPriceChangesOperations:
    """The operations `price_changes.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def list(self, *, listing_id: str) -> list[PriceChange]:
        """Look at every price a listing has had, oldest first.

        :param listing_id: The listing.
        """
        said: Dict[str, Any] = {
            "listing_id": listing_id
        }
        found: list[PriceChange] = await self._call("price_changes.list", said, list[PriceChange], None)
        return found


class AsyncPriceProposalsOperations:
    """The operations `price_proposals.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def create(
        self,
        *,
        explanation: str,
        listing_id: str,
        price: Money,
        strategy: Strategy,
        backtest: Any = None,
        ceiling: Optional[Money] = None,
        inputs_hash: Optional[str] = None,
        max_step: Optional[int] = None,
        model: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> PriceProposal:
        """Propose a price, with the reasons.

        :param explanation: Why, in words.
        :param listing_id: The listing.
        :param price: What it should cost; held within floor, ceiling and step.
        :param strategy: What it is after.
        :param backtest: How the model did on the past.
        :param ceiling: Never above this.
        :param inputs_hash: Hash of everything it was made from.
        :param max_step: The largest change at once; a half when absent.
        :param model: Who makes it: a model and its version; the caller when absent.
        """
        said: Dict[str, Any] = {
            "explanation": explanation, "listing_id": listing_id, "price": price, "strategy": strategy,
            "backtest": backtest, "ceiling": ceiling, "inputs_hash": inputs_hash, "max_step": max_step,
            "model": model
        }
        found: PriceProposal = await self._call("price_proposals.create", said, PriceProposal, idempotency_key)
        return found

    async def optimize(
        self,
        *,
        strategy: Strategy,
        channel_id: Optional[str] = None,
        competition: Optional[Sequence[Competition]] = None,
        cursor: Optional[str] = None,
        days: Optional[int] = None,
        ending: Optional[int] = None,
        label: Optional[Money] = None,
        listing_ids: Optional[Sequence[str]] = None,
        max_step: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> PricesOptimized:
        """Ask the model what to charge: a proposal for each listing whose price should change.

        :param strategy: What the prices are after.
        :param channel_id: Only live listings of this channel; without listings named.
        :param competition: What others ask.
        :param cursor: How to go on with the next page of live listings.
        :param days: For how many days the price is to be right; stock is to be gone by then, for `clear_stock`. 28
            when absent.
        :param ending: The last digits prices end in, in minor units: 99 makes 12.99.
        :param label: What a parcel costs to send, where the shop pays for it.
        :param listing_ids: The listings, at most 200. When absent, the live listings of the channel, or of all
            channels.
        :param max_step: The largest change at once; a half when absent.
        """
        said: Dict[str, Any] = {
            "strategy": strategy, "channel_id": channel_id, "competition": competition, "cursor": cursor,
            "days": days, "ending": ending, "label": label, "listing_ids": listing_ids, "max_step":
            max_step
        }
        found: PricesOptimized = await self._call("price_proposals.optimize", said, PricesOptimized, idempotency_key)
        return found

    async def decide(
        self,
        *,
        decision: Decision,
        price_proposal_id: str,
        idempotency_key: Optional[str] = None,
    ) -> PriceProposal:
        """Decide on a price proposal.

        :param decision: What is decided.
        :param price_proposal_id: The proposal.
        """
        said: Dict[str, Any] = {
            "decision": decision, "price_proposal_id": price_proposal_id
        }
        found: PriceProposal = await self._call("price_proposals.decide", said, PriceProposal, idempotency_key)
        return found

    async def list(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        state: Optional[ProposalState] = None,
    ) -> PageOfPriceProposal:
        """Look through the price proposals, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param state: Only those in this state.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit, "state": state
        }
        found: PageOfPriceProposal = await self._call("price_proposals.list", said, PageOfPriceProposal, None)
        return found

    async def each(
        self,
        *,
        limit: Optional[int] = None,
        state: Optional[ProposalState] = None,
    ) -> AsyncIterator[PriceProposal]:
        """Look through the price proposals, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.list(cursor=cursor, limit=limit, state=state)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncPricingOperations:
    """The operations `pricing.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def quote(
        self,
        *,
        cost: Money,
        brand: Optional[str] = None,
        category: Optional[str] = None,
        channel_id: Optional[str] = None,
        comparables: Optional[Sequence[Comparable]] = None,
        condition: Optional[Condition] = None,
        label: Optional[Money] = None,
        price: Optional[Money] = None,
        shipping: Optional[Money] = None,
        tax: Optional[int] = None,
        title: Optional[str] = None,
        wanted: Optional[int] = None,
    ) -> Quoted:
        """Ask what a thing would bring on each channel, and the most to pay for it.

        :param cost: What it would cost.
        :param brand: Its brand.
        :param category: Its category.
        :param channel_id: Only on this channel.
        :param comparables: Things like it; when absent, those that the shop has sold, of its category where one is
            given.
        :param condition: Its condition.
        :param label: What the label would cost.
        :param price: What it would sell for, where that is known; otherwise it is told from things like it.
        :param shipping: What the buyer would pay for shipping.
        :param tax: Tax inside the price, as a rate on what remains: 20% is 200,000.
        :param title: What it is called: what shares its words counts for more.
        :param wanted: What every unit of money spent is to earn at least; 300,000, which is 30%, when absent.
        """
        said: Dict[str, Any] = {
            "cost": cost, "brand": brand, "category": category, "channel_id": channel_id, "comparables":
            comparables, "condition": condition, "label": label, "price": price, "shipping": shipping,
            "tax": tax, "title": title, "wanted": wanted
        }
        found: Quoted = await self._call("pricing.quote", said, Quoted, None)
        return found


class AsyncChannelsOperations:
    """The operations `channels.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def connect(
        self,
        *,
        kind: str,
        name: str,
        buffer_qty: Optional[int] = None,
        currency: Optional[str] = None,
        external_account: Optional[str] = None,
        fees: Optional[Sequence[FeeRule]] = None,
        secret_ref: Optional[str] = None,
        settings: Any = None,
        idempotency_key: Optional[str] = None,
    ) -> Channel:
        """Connect a channel.

        :param kind: Which adapter speaks to it.
        :param name: What the shop calls it.
        :param buffer_qty: Units of each variant kept back from it.
        :param currency: The currency of its prices; the shop's when absent.
        :param external_account: The shop's account there.
        :param fees: What it charges.
        :param secret_ref: Where its secret is kept; never the secret. For a channel at a service, such as `shopify`,
            the id of the connection; when absent, the only one there is.
        :param settings: What its adapter needs to know.
        """
        said: Dict[str, Any] = {
            "kind": kind, "name": name, "buffer_qty": buffer_qty, "currency": currency,
            "external_account": external_account, "fees": fees, "secret_ref": secret_ref, "settings":
            settings
        }
        found: Channel = await self._call("channels.connect", said, Channel, idempotency_key)
        return found

    async def update(
        self,
        *,
        channel_id: str,
        buffer_qty: Optional[int] = None,
        expected_version: Optional[int] = None,
        status: Optional[ChannelStatus] = None,
        idempotency_key: Optional[str] = None,
    ) -> Channel:
        """Change how a channel is worked with.

        :param channel_id: The channel.
        :param buffer_qty: Units of each variant kept back from it.
        :param expected_version: The version that was seen.
        :param status: Whether it is worked with.
        """
        said: Dict[str, Any] = {
            "channel_id": channel_id, "buffer_qty": buffer_qty, "expected_version": expected_version,
            "status": status
        }
        found: Channel = await self._call("channels.update", said, Channel, idempotency_key)
        return found

    async def set_fees(
        self,
        *,
        channel_id: str,
        rules: Sequence[FeeRule],
        effective_from: Optional[dt.date] = None,
        idempotency_key: Optional[str] = None,
    ) -> FeeSchedule:
        """Say what a channel charges from a day on.

        :param channel_id: The channel.
        :param rules: The fees.
        :param effective_from: The first day it applies; today when absent.
        """
        said: Dict[str, Any] = {
            "channel_id": channel_id, "rules": rules, "effective_from": effective_from
        }
        found: FeeSchedule = await self._call("channels.set_fees", said, FeeSchedule, idempotency_key)
        return found

    async def sync(self, *, channel_id: str, idempotency_key: Optional[str] = None) -> Channel:
        """Ask a channel what happened there, now instead of when its turn comes.

        :param channel_id: The channel.
        """
        found: Channel = await self._call("channels.sync", {"channel_id": channel_id}, Channel, idempotency_key)
        return found

    async def take_over(self, *, channel_id: str, idempotency_key: Optional[str] = None) -> SyncRun:
        """Take over what a channel has on offer: things whose SKU is new come into the catalogue, with the stock that the channel counts, and what buyers see there is a listing from then on, as it stands.

        :param channel_id: The channel.
        """
        found: SyncRun = await self._call("channels.take_over", {"channel_id": channel_id}, SyncRun, idempotency_key)
        return found

    async def run(self, *, sync_run_id: str) -> SyncRun:
        """Look at how far a run of synchronisation is.

        :param sync_run_id: The run.
        """
        found: SyncRun = await self._call("channels.run", {"sync_run_id": sync_run_id}, SyncRun, None)
        return found

    async def receive(
        self,
        *,
        channel_id: str,
        notice: ChannelNotice,
        idempotency_key: Optional[str] = None,
    ) -> NoticeTaken:
        """Take note of something a channel told.

        :param channel_id: The channel.
        :param notice: What it told.
        """
        said: Dict[str, Any] = {
            "channel_id": channel_id, "notice": notice
        }
        found: NoticeTaken = await self._call("channels.receive", said, NoticeTaken, idempotency_key)
        return found

    async def disarm(self, *, idempotency_key: Optional[str] = None) -> list[Channel]:
        """Silence a copy of a shop: its channels stop, and calls for money and labels that were still to be made are
        given up, for somebody to look whether they were made after the backup.
        """
        found: list[Channel] = await self._call("channels.disarm", {}, list[Channel], idempotency_key)
        return found

    async def arm(self, *, idempotency_key: Optional[str] = None) -> list[Channel]:
        """Let a restored copy of a shop speak again: its silenced channels become active."""
        found: list[Channel] = await self._call("channels.arm", {}, list[Channel], idempotency_key)
        return found

    async def oversell_windows(self) -> list[OversellWindow]:
        """Look at how long channels go on offering what was sold elsewhere, over the latest 10,000 such listings."""
        found: list[OversellWindow] = await self._call("channels.oversell_windows", {}, list[OversellWindow], None)
        return found

    async def list(self) -> list[Channel]:
        """Look through the channels."""
        found: list[Channel] = await self._call("channels.list", {}, list[Channel], None)
        return found


class AsyncListingsOperations:
    """The operations `listings.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def create(
        self,
        *,
        channel_id: str,
        variant_id: str,
        description: Optional[str] = None,
        draft: Optional[bool] = None,
        min_price: Optional[Money] = None,
        price: Optional[Money] = None,
        title: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Listing:
        """Offer a variant on a channel.

        :param channel_id: Where.
        :param variant_id: What.
        :param description: Its description there; the product's when absent.
        :param draft: Whether it is a draft, which no channel hears of before it is published.
        :param min_price: No program sets a price below this.
        :param price: What it costs there; the variant's price when absent.
        :param title: Its title there; the product's when absent.
        """
        said: Dict[str, Any] = {
            "channel_id": channel_id, "variant_id": variant_id, "description": description, "draft":
            draft, "min_price": min_price, "price": price, "title": title
        }
        found: Listing = await self._call("listings.create", said, Listing, idempotency_key)
        return found

    async def publish(self, *, listing_id: str, idempotency_key: Optional[str] = None) -> Listing:
        """Send a draft, or a listing its channel refused, out to its channel.

        :param listing_id: The listing.
        """
        found: Listing = await self._call("listings.publish", {"listing_id": listing_id}, Listing, idempotency_key)
        return found

    async def revise(
        self,
        *,
        listing_id: str,
        description: Optional[str] = None,
        expected_version: Optional[int] = None,
        min_price: Optional[Money] = None,
        price: Optional[Money] = None,
        reason: Optional[str] = None,
        title: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Listing:
        """Change what a listing says or costs.

        :param listing_id: The listing.
        :param description: Its description.
        :param expected_version: The version that was seen.
        :param min_price: No program sets a price below this.
        :param price: Its price.
        :param reason: Why the price changes, in words.
        :param title: Its title.
        """
        said: Dict[str, Any] = {
            "listing_id": listing_id, "description": description, "expected_version": expected_version,
            "min_price": min_price, "price": price, "reason": reason, "title": title
        }
        found: Listing = await self._call("listings.revise", said, Listing, idempotency_key)
        return found

    async def end(self, *, listing_id: str, idempotency_key: Optional[str] = None) -> Listing:
        """Take a listing off its channel.

        :param listing_id: The listing.
        """
        found: Listing = await self._call("listings.end", {"listing_id": listing_id}, Listing, idempotency_key)
        return found

    async def relist(
        self,
        *,
        listing_id: str,
        price: Optional[Money] = None,
        idempotency_key: Optional[str] = None,
    ) -> Listing:
        """Offer again what a listing that ended offered.

        :param listing_id: The listing that ended.
        :param price: Its price; the old one when absent.
        """
        said: Dict[str, Any] = {
            "listing_id": listing_id, "price": price
        }
        found: Listing = await self._call("listings.relist", said, Listing, idempotency_key)
        return found

    async def draft(
        self,
        *,
        variant_id: str,
        attributes: Optional[Mapping[str, str]] = None,
        description: Optional[str] = None,
        rules: Optional[str] = None,
        tags: Optional[Sequence[str]] = None,
        title: Optional[str] = None,
    ) -> ListingDraft:
        """Ask for a listing's title, description and tags, written from what is known of a variant, within a channel's limits.

        :param variant_id: The variant.
        :param attributes: Facts beyond those of the catalogue.
        :param description: A description to examine; with a title only.
        :param rules: Whose limits to keep: `ebay`, `etsy`, `amazon`, `shopify`, `webflow`; those of a shop of one's
            own when absent.
        :param tags: Tags to examine; with a title only.
        :param title: A title to examine.
        """
        said: Dict[str, Any] = {
            "variant_id": variant_id, "attributes": attributes, "description": description, "rules":
            rules, "tags": tags, "title": title
        }
        found: ListingDraft = await self._call("listings.draft", said, ListingDraft, None)
        return found

    async def write(
        self,
        *,
        variant_id: str,
        attributes: Optional[Mapping[str, str]] = None,
        rules: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> ListingText:
        """Have a listing's title, description and tags written by the hosted model, the shop's own where it has connected one, from what is known of a variant and within a channel's limits.

        :param variant_id: The variant.
        :param attributes: Facts beyond those of the catalogue.
        :param rules: Whose limits to keep: `ebay`, `etsy`, `amazon`, `shopify`, `webflow`; those of a shop of one's
            own when absent.
        """
        said: Dict[str, Any] = {
            "variant_id": variant_id, "attributes": attributes, "rules": rules
        }
        found: ListingText = await self._call("listings.write", said, ListingText, idempotency_key)
        return found

    async def text(self, *, text_id: str) -> ListingText:
        """Look at a text that was asked for.

        :param text_id: The text.
        """
        found: ListingText = await self._call("listings.text", {"text_id": text_id}, ListingText, None)
        return found

    async def texts(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        variant_id: Optional[str] = None,
    ) -> PageOfListingText:
        """Look through the texts that were asked for, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param variant_id: Those of this variant only.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit, "variant_id": variant_id
        }
        found: PageOfListingText = await self._call("listings.texts", said, PageOfListingText, None)
        return found

    async def each_texts(
        self,
        *,
        limit: Optional[int] = None,
        variant_id: Optional[str] = None,
    ) -> AsyncIterator[ListingText]:
        """Look through the texts that were asked for, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.texts(cursor=cursor, limit=limit, variant_id=variant_id)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return

    async def get(self, *, listing_id: str) -> Listing:
        """Look at a listing.

        :param listing_id: The listing.
        """
        found: Listing = await self._call("listings.get", {"listing_id": listing_id}, Listing, None)
        return found

    async def list(
        self,
        *,
        channel_id: Optional[str] = None,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        state: Optional[ListingState] = None,
        variant_id: Optional[str] = None,
    ) -> PageOfListing:
        """Look through the listings, newest first.

        :param channel_id: Only those on this channel.
        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param state: Only those in this state.
        :param variant_id: Only those of this variant.
        """
        said: Dict[str, Any] = {
            "channel_id": channel_id, "cursor": cursor, "limit": limit, "state": state, "variant_id":
            variant_id
        }
        found: PageOfListing = await self._call("listings.list", said, PageOfListing, None)
        return found

    async def each(
        self,
        *,
        channel_id: Optional[str] = None,
        limit: Optional[int] = None,
        state: Optional[ListingState] = None,
        variant_id: Optional[str] = None,
    ) -> AsyncIterator[Listing]:
        """Look through the listings, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.list(
                channel_id=channel_id, cursor=cursor, limit=limit, state=state, variant_id=variant_id
            )
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncOrdersOperations:
    """The operations `orders.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def place(
        self,
        *,
        lines: Sequence[PlaceLine],
        coupon: Optional[str] = None,
        customer_id: Optional[str] = None,
        paid: Optional[bool] = None,
        shipping: Optional[Money] = None,
        split: Optional[bool] = None,
        idempotency_key: Optional[str] = None,
    ) -> OrderView:
        """Place an order.

        :param lines: What is bought.
        :param coupon: A coupon to use.
        :param customer_id: Who buys.
        :param paid: Whether the money is here already, in cash or in the bank.
        :param shipping: What the customer pays for shipping; nothing when absent.
        :param split: Whether a line may be taken from several places.
        """
        said: Dict[str, Any] = {
            "lines": lines, "coupon": coupon, "customer_id": customer_id, "paid": paid, "shipping":
            shipping, "split": split
        }
        found: OrderView = await self._call("orders.place", said, OrderView, idempotency_key)
        return found

    async def import_(
        self,
        *,
        channel_id: str,
        order: ImportedOrder,
        idempotency_key: Optional[str] = None,
    ) -> OrderView:
        """Take over an order that a channel has sold: a fact, not a request.

        :param channel_id: The channel that sold.
        :param order: The order, as the channel tells it.
        """
        said: Dict[str, Any] = {
            "channel_id": channel_id, "order": order
        }
        found: OrderView = await self._call("orders.import", said, OrderView, idempotency_key)
        return found

    async def cancel(
        self,
        *,
        order_id: str,
        lines: Optional[Sequence[CancelLine]] = None,
        reason: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> OrderView:
        """Call an order off, or some of its lines: everything that was not sent.

        :param order_id: The order.
        :param lines: Only these units; everything open when empty.
        :param reason: Why, in words.
        """
        said: Dict[str, Any] = {
            "order_id": order_id, "lines": lines, "reason": reason
        }
        found: OrderView = await self._call("orders.cancel", said, OrderView, idempotency_key)
        return found

    async def confirm(self, *, order_id: str, idempotency_key: Optional[str] = None) -> OrderView:
        """Confirm an order: promise stock to lines that have none, once it is there and the money is certain.

        :param order_id: The order.
        """
        found: OrderView = await self._call("orders.confirm", {"order_id": order_id}, OrderView, idempotency_key)
        return found

    async def get(self, *, order_id: str) -> OrderView:
        """Look at an order.

        :param order_id: The order.
        """
        found: OrderView = await self._call("orders.get", {"order_id": order_id}, OrderView, None)
        return found

    async def fulfil(
        self,
        *,
        order_id: str,
        carrier: Optional[str] = None,
        label_cost: Optional[Money] = None,
        lines: Optional[Sequence[ParcelLine]] = None,
        tracking: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Fulfilment:
        """Send an order, or some of its lines, in one step: planned, packed and handed over.

        :param order_id: The order.
        :param carrier: Who carries it.
        :param label_cost: What the label cost, paid from the till or bank.
        :param lines: What is sent; everything open when empty.
        :param tracking: Where to look for it.
        """
        said: Dict[str, Any] = {
            "order_id": order_id, "carrier": carrier, "label_cost": label_cost, "lines": lines,
            "tracking": tracking
        }
        found: Fulfilment = await self._call("orders.fulfil", said, Fulfilment, idempotency_key)
        return found

    async def list(
        self,
        *,
        channel_id: Optional[str] = None,
        cursor: Optional[str] = None,
        customer_id: Optional[str] = None,
        from_: Optional[dt.date] = None,
        limit: Optional[int] = None,
        state: Optional[OrderState] = None,
        to: Optional[dt.date] = None,
    ) -> PageOfOrderView:
        """Look through the orders, newest first.

        :param channel_id: Only those from this channel.
        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param customer_id: Only those of this customer.
        :param from_: Only those of this business day or later.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param state: Only those in this state.
        :param to: Only those of this business day or earlier.
        """
        said: Dict[str, Any] = {
            "channel_id": channel_id, "cursor": cursor, "customer_id": customer_id, "from_": from_,
            "limit": limit, "state": state, "to": to
        }
        found: PageOfOrderView = await self._call("orders.list", said, PageOfOrderView, None)
        return found

    async def each(
        self,
        *,
        channel_id: Optional[str] = None,
        customer_id: Optional[str] = None,
        from_: Optional[dt.date] = None,
        limit: Optional[int] = None,
        state: Optional[OrderState] = None,
        to: Optional[dt.date] = None,
    ) -> AsyncIterator[OrderView]:
        """Look through the orders, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.list(
                channel_id=channel_id, cursor=cursor, customer_id=customer_id, from_=from_, limit=limit, state=state, to=to
            )
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncCustomersOperations:
    """The operations `customers.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def create(
        self,
        *,
        person: Person,
        external_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> CustomerView:
        """Note down a customer.

        :param person: Who that is.
        :param external_id: The channel's name for the customer, where one sold.
        """
        said: Dict[str, Any] = {
            "person": person, "external_id": external_id
        }
        found: CustomerView = await self._call("customers.create", said, CustomerView, idempotency_key)
        return found

    async def get(self, *, customer_id: str) -> CustomerView:
        """Look at a customer.

        :param customer_id: The customer.
        """
        found: CustomerView = await self._call("customers.get", {"customer_id": customer_id}, CustomerView, None)
        return found

    async def erase(self, *, customer_id: str, idempotency_key: Optional[str] = None) -> CustomerView:
        """Erase what identifies a customer.

        :param customer_id: The customer.
        """
        said: Dict[str, Any] = {
            "customer_id": customer_id
        }
        found: CustomerView = await self._call("customers.erase", said, CustomerView, idempotency_key)
        return found


class AsyncPromotionsOperations:
    """The operations `promotions.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def create(
        self,
        *,
        coupons: Sequence[NewCoupon],
        kind: PromotionKind,
        name: str,
        amount: Optional[Money] = None,
        ends_at: Optional[dt.datetime] = None,
        rate: Optional[int] = None,
        starts_at: Optional[dt.datetime] = None,
        idempotency_key: Optional[str] = None,
    ) -> PromotionView:
        """Make a promotion, with the coupons that grant it.

        :param coupons: Coupon codes and how often each may be used.
        :param kind: How it lowers the price.
        :param name: What it is called.
        :param amount: The amount, for `amount`; with `percent`, the most it may take off.
        :param ends_at: Until when.
        :param rate: The share, for `percent`.
        :param starts_at: From when.
        """
        said: Dict[str, Any] = {
            "coupons": coupons, "kind": kind, "name": name, "amount": amount, "ends_at": ends_at, "rate":
            rate, "starts_at": starts_at
        }
        found: PromotionView = await self._call("promotions.create", said, PromotionView, idempotency_key)
        return found

    async def get(self, *, promotion_id: str) -> PromotionView:
        """Look at a promotion.

        :param promotion_id: The promotion.
        """
        found: PromotionView = await self._call("promotions.get", {"promotion_id": promotion_id}, PromotionView, None)
        return found


class AsyncCheckoutsOperations:
    """The operations `checkouts.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def begin(
        self,
        *,
        lines: Sequence[CheckoutLine],
        coupon: Optional[str] = None,
        customer_id: Optional[str] = None,
        shipping: Optional[Money] = None,
        idempotency_key: Optional[str] = None,
    ) -> CheckoutSession:
        """Begin a checkout: stock is held for a quarter of an hour.

        :param lines: What is wanted.
        :param coupon: A coupon to use.
        :param customer_id: Who wants it.
        :param shipping: What shipping costs; nothing when absent.
        """
        said: Dict[str, Any] = {
            "lines": lines, "coupon": coupon, "customer_id": customer_id, "shipping": shipping
        }
        found: CheckoutSession = await self._call("checkouts.begin", said, CheckoutSession, idempotency_key)
        return found

    async def complete(
        self,
        *,
        checkout_id: str,
        paid: Optional[bool] = None,
        idempotency_key: Optional[str] = None,
    ) -> OrderView:
        """Complete a checkout: it becomes an order at the prices of now.

        :param checkout_id: The checkout.
        :param paid: Whether the money is here already.
        """
        said: Dict[str, Any] = {
            "checkout_id": checkout_id, "paid": paid
        }
        found: OrderView = await self._call("checkouts.complete", said, OrderView, idempotency_key)
        return found

    async def cancel(self, *, checkout_id: str, idempotency_key: Optional[str] = None) -> CheckoutSession:
        """Call a checkout off.

        :param checkout_id: The checkout.
        """
        said: Dict[str, Any] = {
            "checkout_id": checkout_id
        }
        found: CheckoutSession = await self._call("checkouts.cancel", said, CheckoutSession, idempotency_key)
        return found

    async def get(self, *, checkout_id: str) -> CheckoutSession:
        """Look at a checkout.

        :param checkout_id: The checkout.
        """
        said: Dict[str, Any] = {
            "checkout_id": checkout_id
        }
        found: CheckoutSession = await self._call("checkouts.get", said, CheckoutSession, None)
        return found


class AsyncPaymentsOperations:
    """The operations `payments.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def record(
        self,
        *,
        order_id: str,
        amount: Optional[Money] = None,
        note: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> PaymentView:
        """Record money that came in by hand: cash, a bank transfer.

        :param order_id: The order.
        :param amount: How much; all that is open when absent.
        :param note: A word on it.
        """
        said: Dict[str, Any] = {
            "order_id": order_id, "amount": amount, "note": note
        }
        found: PaymentView = await self._call("payments.record", said, PaymentView, idempotency_key)
        return found

    async def authorise(
        self,
        *,
        order_id: str,
        provider: str,
        amount: Optional[Money] = None,
        method: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> PaymentView:
        """Ask a provider to set money for an order aside.

        :param order_id: The order.
        :param provider: Who is asked: a provider of this engine, or a connection, by its id or, where there is one of
            it, by its service.
        :param amount: How much; all that is open when absent.
        :param method: What the customer pays with, as the provider calls it; never a card number.
        """
        said: Dict[str, Any] = {
            "order_id": order_id, "provider": provider, "amount": amount, "method": method
        }
        found: PaymentView = await self._call("payments.authorise", said, PaymentView, idempotency_key)
        return found

    async def open_page(
        self,
        *,
        order_id: str,
        provider: str,
        return_url: str,
        amount: Optional[Money] = None,
        idempotency_key: Optional[str] = None,
    ) -> PaymentView:
        """Have a customer pay for an order on a page of a provider's: what they pay with never comes here.

        :param order_id: The order.
        :param provider: Whose page it is: a provider of this engine, or a connection, by its id or, where there is
            one of it, by its service.
        :param return_url: Where the customer is sent back to, however it ends.
        :param amount: How much; all that is open when absent.
        """
        said: Dict[str, Any] = {
            "order_id": order_id, "provider": provider, "return_url": return_url, "amount": amount
        }
        found: PaymentView = await self._call("payments.open_page", said, PaymentView, idempotency_key)
        return found

    async def move(
        self,
        *,
        payment_id: str,
        step: PaymentStep,
        amount: Optional[Money] = None,
        reason: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> PaymentView:
        """Capture, void or refund a payment, or note down what the customer's bank did with it.

        :param payment_id: The payment.
        :param step: What is done.
        :param amount: How much; all there is when absent.
        :param reason: Why, in words.
        """
        said: Dict[str, Any] = {
            "payment_id": payment_id, "step": step, "amount": amount, "reason": reason
        }
        found: PaymentView = await self._call("payments.move", said, PaymentView, idempotency_key)
        return found

    async def get(self, *, payment_id: str) -> PaymentView:
        """Look at a payment.

        :param payment_id: The payment.
        """
        found: PaymentView = await self._call("payments.get", {"payment_id": payment_id}, PaymentView, None)
        return found

    async def list(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfPayment:
        """Look through the payments, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfPayment = await self._call("payments.list", said, PageOfPayment, None)
        return found

    async def each(self, *, limit: Optional[int] = None) -> AsyncIterator[Payment]:
        """Look through the payments, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.list(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncPayoutsOperations:
    """The operations `payouts.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def record(
        self,
        *,
        amount: Money,
        channel_id: str,
        external_id: str,
        lines: Sequence[PayoutLine],
        at: Optional[dt.datetime] = None,
        idempotency_key: Optional[str] = None,
    ) -> Payout:
        """Record what a channel paid out, with what it is made of.

        :param amount: How much arrived.
        :param channel_id: Who paid.
        :param external_id: The channel's name for it; the same payout is recorded once.
        :param lines: What it is made of: sales above zero, fees and refunds below.
        :param at: When it arrived; now when absent.
        """
        said: Dict[str, Any] = {
            "amount": amount, "channel_id": channel_id, "external_id": external_id, "lines": lines, "at":
            at
        }
        found: Payout = await self._call("payouts.record", said, Payout, idempotency_key)
        return found

    async def list(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfPayout:
        """Look through what channels paid out, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        found: PageOfPayout = await self._call("payouts.list", {"cursor": cursor, "limit": limit}, PageOfPayout, None)
        return found

    async def each(self, *, limit: Optional[int] = None) -> AsyncIterator[Payout]:
        """Look through what channels paid out, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.list(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncFulfilmentsOperations:
    """The operations `fulfilments.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def plan(
        self,
        *,
        order_id: str,
        lines: Optional[Sequence[ParcelLine]] = None,
        idempotency_key: Optional[str] = None,
    ) -> Fulfilment:
        """Plan a parcel of an order: what goes into it, before it is packed.

        :param order_id: The order.
        :param lines: What goes into it; everything open when empty.
        """
        said: Dict[str, Any] = {
            "order_id": order_id, "lines": lines
        }
        found: Fulfilment = await self._call("fulfilments.plan", said, Fulfilment, idempotency_key)
        return found

    async def advance(
        self,
        *,
        fulfilment_id: str,
        step: FulfilmentStep,
        carrier: Optional[str] = None,
        expected_version: Optional[int] = None,
        tracking: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Fulfilment:
        """Move a parcel on.

        :param fulfilment_id: The parcel.
        :param step: What happened.
        :param carrier: Who carries it.
        :param expected_version: The version that was seen.
        :param tracking: Where to look for it.
        """
        said: Dict[str, Any] = {
            "fulfilment_id": fulfilment_id, "step": step, "carrier": carrier, "expected_version":
            expected_version, "tracking": tracking
        }
        found: Fulfilment = await self._call("fulfilments.advance", said, Fulfilment, idempotency_key)
        return found

    async def buy_label(
        self,
        *,
        carrier: str,
        fulfilment_id: str,
        idempotency_key: Optional[str] = None,
    ) -> Fulfilment:
        """Buy a label for a planned or packed parcel from a carrier.

        :param carrier: Who is to carry it.
        :param fulfilment_id: The parcel.
        """
        said: Dict[str, Any] = {
            "carrier": carrier, "fulfilment_id": fulfilment_id
        }
        found: Fulfilment = await self._call("fulfilments.buy_label", said, Fulfilment, idempotency_key)
        return found

    async def list(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        state: Optional[FulfilmentState] = None,
    ) -> PageOfFulfilment:
        """Look through the parcels, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param state: Only those in this state.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit, "state": state
        }
        found: PageOfFulfilment = await self._call("fulfilments.list", said, PageOfFulfilment, None)
        return found

    async def each(
        self,
        *,
        limit: Optional[int] = None,
        state: Optional[FulfilmentState] = None,
    ) -> AsyncIterator[Fulfilment]:
        """Look through the parcels, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.list(cursor=cursor, limit=limit, state=state)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncReturnsOperations:
    """The operations `returns.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def request(
        self,
        *,
        lines: Sequence[ReturnLine],
        order_id: str,
        idempotency_key: Optional[str] = None,
    ) -> ReturnCase:
        """Open a return: a customer wants to send something back.

        :param lines: What comes back.
        :param order_id: The order.
        """
        said: Dict[str, Any] = {
            "lines": lines, "order_id": order_id
        }
        found: ReturnCase = await self._call("returns.request", said, ReturnCase, idempotency_key)
        return found

    async def advance(
        self,
        *,
        return_id: str,
        step: ReturnStep,
        expected_version: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> ReturnCase:
        """Move a return on.

        :param return_id: The return.
        :param step: What happened.
        :param expected_version: The version that was seen.
        """
        said: Dict[str, Any] = {
            "return_id": return_id, "step": step, "expected_version": expected_version
        }
        found: ReturnCase = await self._call("returns.advance", said, ReturnCase, idempotency_key)
        return found

    async def inspect(
        self,
        *,
        return_id: str,
        verdicts: Sequence[Verdict],
        idempotency_key: Optional[str] = None,
    ) -> ReturnCase:
        """Inspect what came back: each unit is restocked, set apart, thrown away, sent on or left with the buyer.

        :param return_id: The return.
        :param verdicts: What was found; every unit of the return once.
        """
        said: Dict[str, Any] = {
            "return_id": return_id, "verdicts": verdicts
        }
        found: ReturnCase = await self._call("returns.inspect", said, ReturnCase, idempotency_key)
        return found

    async def list(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        state: Optional[ReturnState] = None,
    ) -> PageOfReturnCase:
        """Look through the returns, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param state: Only those in this state.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit, "state": state
        }
        found: PageOfReturnCase = await self._call("returns.list", said, PageOfReturnCase, None)
        return found

    async def each(
        self,
        *,
        limit: Optional[int] = None,
        state: Optional[ReturnState] = None,
    ) -> AsyncIterator[ReturnCase]:
        """Look through the returns, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.list(cursor=cursor, limit=limit, state=state)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncIntegrationsOperations:
    """The operations `integrations.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def connect(
        self,
        *,
        credentials: Mapping[str, str],
        service: str,
        connection_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Connection:
        """Connect the shop to an account at a service.

        :param credentials: What opens the account, name by name.
        :param service: The service, such as `stripe`.
        :param connection_id: A connection that gets new credentials. They must open the same account; until they
            have, those it has stay in use.
        """
        said: Dict[str, Any] = {
            "credentials": credentials, "service": service, "connection_id": connection_id
        }
        found: Connection = await self._call("integrations.connect", said, Connection, idempotency_key)
        return found

    async def authorise(
        self,
        *,
        service: str,
        connection_id: Optional[str] = None,
        known: Optional[Mapping[str, str]] = None,
        return_url: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Sent:
        """Let the owner of an account let the shop in over there: send them to the address, and finish with what they come back with (`integrations.authorised`).

        :param service: The service, such as `shopify`.
        :param connection_id: A connection that gets new credentials; those it has stay in use until they open the
            same account.
        :param known: What it asks for before, name by name, such as the `shop` at Shopify.
        :param return_url: Where they come back to; the server's own page when absent.
        """
        said: Dict[str, Any] = {
            "service": service, "connection_id": connection_id, "known": known, "return_url": return_url
        }
        found: Sent = await self._call("integrations.authorise", said, Sent, idempotency_key)
        return found

    async def authorised(self, *, returned: str, idempotency_key: Optional[str] = None) -> Connection:
        """Finish what an owner was sent for, with the address that they came back to.

        :param returned: The address, whole or its query alone, as it was.
        """
        said: Dict[str, Any] = {
            "returned": returned
        }
        found: Connection = await self._call("integrations.authorised", said, Connection, idempotency_key)
        return found

    async def status(self) -> Health:
        """Count the connections by how they are."""
        found: Health = await self._call("integrations.status", {}, Health, None)
        return found

    async def get(self, *, connection_id: str) -> Connection:
        """Look at a connection.

        :param connection_id: The connection.
        """
        found: Connection = await self._call("integrations.get", {"connection_id": connection_id}, Connection, None)
        return found

    async def test(self, *, connection_id: str, idempotency_key: Optional[str] = None) -> Connection:
        """Ask a service whether it still knows a connection, and what may be done with it.

        :param connection_id: The connection.
        """
        said: Dict[str, Any] = {
            "connection_id": connection_id
        }
        found: Connection = await self._call("integrations.test", said, Connection, idempotency_key)
        return found

    async def disconnect(self, *, connection_id: str, idempotency_key: Optional[str] = None) -> Connection:
        """Forget the credentials of a connection.

        :param connection_id: The connection.
        """
        said: Dict[str, Any] = {
            "connection_id": connection_id
        }
        found: Connection = await self._call("integrations.disconnect", said, Connection, idempotency_key)
        return found

    async def list(self, *, service: Optional[str] = None) -> list[Connection]:
        """Look through the connections, oldest first.

        :param service: Those to this service only.
        """
        found: list[Connection] = await self._call("integrations.list", {"service": service}, list[Connection], None)
        return found


class AsyncWebhooksOperations:
    """The operations `webhooks.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def create(
        self,
        *,
        events: Sequence[str],
        url: str,
        idempotency_key: Optional[str] = None,
    ) -> EndpointSecret:
        """Have somebody told what happens in the shop.

        :param events: What is told: `order.placed`, `order.*` for all of a domain, or `*`.
        :param url: Where deliveries go, by https.
        """
        said: Dict[str, Any] = {
            "events": events, "url": url
        }
        found: EndpointSecret = await self._call("webhooks.create", said, EndpointSecret, idempotency_key)
        return found

    async def get(self, *, endpoint_id: str) -> Endpoint:
        """Look at an endpoint.

        :param endpoint_id: The endpoint.
        """
        found: Endpoint = await self._call("webhooks.get", {"endpoint_id": endpoint_id}, Endpoint, None)
        return found

    async def update(
        self,
        *,
        endpoint_id: str,
        active: Optional[bool] = None,
        events: Optional[Sequence[str]] = None,
        url: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Endpoint:
        """Change where an endpoint is, what it is told, or whether it is told anything.

        :param endpoint_id: The endpoint.
        :param active: Whether it is told. What waited while it was not is told when it is again.
        :param events: What is told from now on.
        :param url: Where deliveries go from now on.
        """
        said: Dict[str, Any] = {
            "endpoint_id": endpoint_id, "active": active, "events": events, "url": url
        }
        found: Endpoint = await self._call("webhooks.update", said, Endpoint, idempotency_key)
        return found

    async def rotate_secret(self, *, endpoint_id: str, idempotency_key: Optional[str] = None) -> EndpointSecret:
        """Give an endpoint a new secret, which is shown once.

        :param endpoint_id: The endpoint.
        """
        said: Dict[str, Any] = {
            "endpoint_id": endpoint_id
        }
        found: EndpointSecret = await self._call("webhooks.rotate_secret", said, EndpointSecret, idempotency_key)
        return found

    async def deliveries(
        self,
        *,
        endpoint_id: str,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        state: Optional[DeliveryState] = None,
    ) -> PageOfDelivery:
        """Look through what an endpoint was told, newest first.

        :param endpoint_id: The endpoint.
        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param state: Those in this state only.
        """
        said: Dict[str, Any] = {
            "endpoint_id": endpoint_id, "cursor": cursor, "limit": limit, "state": state
        }
        found: PageOfDelivery = await self._call("webhooks.deliveries", said, PageOfDelivery, None)
        return found

    async def each_deliveries(
        self,
        *,
        endpoint_id: str,
        limit: Optional[int] = None,
        state: Optional[DeliveryState] = None,
    ) -> AsyncIterator[Delivery]:
        """Look through what an endpoint was told, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.deliveries(endpoint_id=endpoint_id, cursor=cursor, limit=limit, state=state)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return

    async def replay(self, *, delivery_id: str, idempotency_key: Optional[str] = None) -> Delivery:
        """Tell an endpoint something again, under the same id.

        :param delivery_id: The delivery.
        """
        found: Delivery = await self._call("webhooks.replay", {"delivery_id": delivery_id}, Delivery, idempotency_key)
        return found

    async def replay_failed(
        self,
        *,
        endpoint_id: str,
        since: dt.datetime,
        idempotency_key: Optional[str] = None,
    ) -> Replayed:
        """Tell an endpoint again all that it was not told and that was given up since a moment; a thousand at a time.

        :param endpoint_id: The endpoint.
        :param since: What was to be told since then.
        """
        said: Dict[str, Any] = {
            "endpoint_id": endpoint_id, "since": since
        }
        found: Replayed = await self._call("webhooks.replay_failed", said, Replayed, idempotency_key)
        return found

    async def list(self) -> list[Endpoint]:
        """Look through the endpoints, oldest first."""
        found: list[Endpoint] = await self._call("webhooks.list", {}, list[Endpoint], None)
        return found


class AsyncSitesOperations:
    """The operations `sites.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def keep(
        self,
        *,
        connection_id: str,
        showcase: Showcase,
        channel_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Site:
        """Have a site show what is sold, from now on.

        :param connection_id: The way to its service, such as a connection to `webflow`.
        :param showcase: Where on the site.
        :param channel_id: Whose listings it shows; those of all channels when absent.
        """
        said: Dict[str, Any] = {
            "connection_id": connection_id, "showcase": showcase, "channel_id": channel_id
        }
        found: Site = await self._call("sites.keep", said, Site, idempotency_key)
        return found

    async def get(self, *, site_id: str) -> Site:
        """Look at a site.

        :param site_id: The site.
        """
        found: Site = await self._call("sites.get", {"site_id": site_id}, Site, None)
        return found

    async def publish(self, *, site_id: str, idempotency_key: Optional[str] = None) -> Site:
        """Look at a site now whether it is in step, instead of within a quarter of an hour.

        :param site_id: The site.
        """
        found: Site = await self._call("sites.publish", {"site_id": site_id}, Site, idempotency_key)
        return found

    async def retire(self, *, site_id: str, idempotency_key: Optional[str] = None) -> Site:
        """Take all that is the shop's off a site, and leave it alone from then on.

        :param site_id: The site.
        """
        found: Site = await self._call("sites.retire", {"site_id": site_id}, Site, idempotency_key)
        return found

    async def list(self) -> list[Site]:
        """Look through the sites, oldest first."""
        found: list[Site] = await self._call("sites.list", {}, list[Site], None)
        return found


class AsyncDomainsOperations:
    """The operations `domains.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def offers(self, *, names: Sequence[str], connection_id: Optional[str] = None) -> list[DomainOffer]:
        """Ask which domains may be had, and for what.

        :param names: Their names, 50 at most.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "names": names, "connection_id": connection_id
        }
        found: list[DomainOffer] = await self._call("domains.offers", said, list[DomainOffer], None)
        return found

    async def buy(
        self,
        *,
        name: str,
        price: Money,
        connection_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Domain:
        """Buy a domain.

        :param name: Its name.
        :param price: What is agreed to, as `domains.offers` said it.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "name": name, "price": price, "connection_id": connection_id
        }
        found: Domain = await self._call("domains.buy", said, Domain, idempotency_key)
        return found

    async def certificate(
        self,
        *,
        domain: str,
        connection_id: Optional[str] = None,
        port: Optional[int] = None,
    ) -> Certificate:
        """Look at the certificate with which a domain answers: whether it is good, who vouches for it and until when.

        :param domain: The domain.
        :param connection_id: The connection, where several are good for it.
        :param port: At which port.
        """
        said: Dict[str, Any] = {
            "domain": domain, "connection_id": connection_id, "port": port
        }
        found: Certificate = await self._call("domains.certificate", said, Certificate, None)
        return found

    async def list(self, *, connection_id: Optional[str] = None) -> list[Domain]:
        """Look through the domains of an account.

        :param connection_id: The connection, where several are good for it.
        """
        found: list[Domain] = await self._call("domains.list", {"connection_id": connection_id}, list[Domain], None)
        return found


class AsyncZonesOperations:
    """The operations `zones.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def records(self, *, domain: str, connection_id: Optional[str] = None) -> list[ZoneRecord]:
        """Look at what the zone of a domain says.

        :param domain: The domain.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "domain": domain, "connection_id": connection_id
        }
        found: list[ZoneRecord] = await self._call("zones.records", said, list[ZoneRecord], None)
        return found

    async def set(
        self,
        *,
        domain: str,
        records: Sequence[ZoneRecord],
        connection_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> list[ZoneRecord]:
        """Have a zone say this of these names and kinds.

        :param domain: The domain.
        :param records: What it shall say, 50 at most, none of one name and kind twice.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "domain": domain, "records": records, "connection_id": connection_id
        }
        found: list[ZoneRecord] = await self._call("zones.set", said, list[ZoneRecord], idempotency_key)
        return found

    async def clear(
        self,
        *,
        domain: str,
        kind: str,
        name: str,
        connection_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> list[ZoneRecord]:
        """Take what a zone says of a name and kind out of it.

        :param domain: The domain.
        :param kind: The kind, such as `TXT`.
        :param name: The name within the zone; `@` is the zone itself.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "domain": domain, "kind": kind, "name": name, "connection_id": connection_id
        }
        found: list[ZoneRecord] = await self._call("zones.clear", said, list[ZoneRecord], idempotency_key)
        return found

    async def snapshots(self, *, domain: str, connection_id: Optional[str] = None) -> list[ZoneSnapshot]:
        """Look at how a zone was before.

        :param domain: The domain.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "domain": domain, "connection_id": connection_id
        }
        found: list[ZoneSnapshot] = await self._call("zones.snapshots", said, list[ZoneSnapshot], None)
        return found

    async def restore(
        self,
        *,
        domain: str,
        snapshot: str,
        connection_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> list[ZoneRecord]:
        """Make a zone what it was.

        :param domain: The domain.
        :param snapshot: The snapshot, as `zones.snapshots` names it.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "domain": domain, "snapshot": snapshot, "connection_id": connection_id
        }
        found: list[ZoneRecord] = await self._call("zones.restore", said, list[ZoneRecord], idempotency_key)
        return found


class AsyncDeploymentsOperations:
    """The operations `deployments.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def prepare(
        self,
        *,
        plan: DeployPlan,
        connection_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Prepared:
        """Have ready at a host what shall run there.

        :param plan: What shall run.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "plan": plan, "connection_id": connection_id
        }
        found: Prepared = await self._call("deployments.prepare", said, Prepared, idempotency_key)
        return found

    async def deploy(
        self,
        *,
        target: DeployTarget,
        commit: Optional[str] = None,
        connection_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> Deployment:
        """Let what was made ready run.

        :param target: What runs, as `deployments.prepare` named it.
        :param commit: This commit of its repository; the newest when absent.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "target": target, "commit": commit, "connection_id": connection_id
        }
        found: Deployment = await self._call("deployments.deploy", said, Deployment, idempotency_key)
        return found

    async def get(self, *, deployment: str, connection_id: Optional[str] = None) -> Deployment:
        """Look at how a deployment stands.

        :param deployment: The host's name for it.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "deployment": deployment, "connection_id": connection_id
        }
        found: Deployment = await self._call("deployments.get", said, Deployment, None)
        return found

    async def logs(
        self,
        *,
        deployment: str,
        connection_id: Optional[str] = None,
        lines: Optional[int] = None,
    ) -> list[LogLine]:
        """Read the last lines that a deployment said.

        :param deployment: The host's name for it.
        :param connection_id: The connection, where several are good for it.
        :param lines: How many lines, 1 to 1,000; 100 when absent.
        """
        said: Dict[str, Any] = {
            "deployment": deployment, "connection_id": connection_id, "lines": lines
        }
        found: list[LogLine] = await self._call("deployments.logs", said, list[LogLine], None)
        return found

    async def roll_back(
        self,
        *,
        deployment: str,
        connection_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> RolledBack:
        """Let an earlier deployment run again.

        :param deployment: The host's name for the earlier one.
        :param connection_id: The connection, where several are good for it.
        """
        said: Dict[str, Any] = {
            "deployment": deployment, "connection_id": connection_id
        }
        found: RolledBack = await self._call("deployments.roll_back", said, RolledBack, idempotency_key)
        return found


class AsyncLedgerOperations:
    """The operations `ledger.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def entries(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfEntryView:
        """Look through the books, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfEntryView = await self._call("ledger.entries", said, PageOfEntryView, None)
        return found

    async def each_entries(self, *, limit: Optional[int] = None) -> AsyncIterator[EntryView]:
        """Look through the books, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.entries(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return

    async def balances(
        self,
        *,
        from_: Optional[dt.date] = None,
        to: Optional[dt.date] = None,
    ) -> list[AccountBalance]:
        """Look at what every account holds.

        :param from_: Only what was posted on this business day or later.
        :param to: Only what was posted on this business day or earlier.
        """
        said: Dict[str, Any] = {
            "from_": from_, "to": to
        }
        found: list[AccountBalance] = await self._call("ledger.balances", said, list[AccountBalance], None)
        return found

    async def post(
        self,
        *,
        memo: str,
        postings: Sequence[ManualPosting],
        idempotency_key: Optional[str] = None,
    ) -> EntryView:
        """Post an entry by hand: an expense, money put in or taken out, a correction of suspense.

        :param memo: What it is about, in words.
        :param postings: Its sides; debits and credits of each currency must be equal.
        """
        said: Dict[str, Any] = {
            "memo": memo, "postings": postings
        }
        found: EntryView = await self._call("ledger.post", said, EntryView, idempotency_key)
        return found

    async def reverse(self, *, entry_id: str, idempotency_key: Optional[str] = None) -> EntryView:
        """Take an entry back that was made by hand, by its opposite.

        :param entry_id: The entry.
        """
        found: EntryView = await self._call("ledger.reverse", {"entry_id": entry_id}, EntryView, idempotency_key)
        return found


class AsyncReportsOperations:
    """The operations `reports.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def profit(self, *, from_: Optional[dt.date] = None, to: Optional[dt.date] = None) -> Profit:
        """Look at what was earned over some business days, from the books alone.

        :param from_: The first day; from the start when absent.
        :param to: The last day; until now when absent.
        """
        found: Profit = await self._call("reports.profit", {"from_": from_, "to": to}, Profit, None)
        return found

    async def daily(self, *, from_: dt.date, to: dt.date) -> list[DailyResult]:
        """Look at what was earned day by day, from the books alone.

        :param from_: The first day.
        :param to: The last day.
        """
        said: Dict[str, Any] = {
            "from_": from_, "to": to
        }
        found: list[DailyResult] = await self._call("reports.daily", said, list[DailyResult], None)
        return found

    async def item_profit(self, *, item_id: Optional[str] = None, order_line_id: Optional[str] = None) -> Profit:
        """Look at what was earned with one physical thing or one order line: every posting tagged with it.

        :param item_id: The thing.
        :param order_line_id: The order line.
        """
        said: Dict[str, Any] = {
            "item_id": item_id, "order_line_id": order_line_id
        }
        found: Profit = await self._call("reports.item_profit", said, Profit, None)
        return found

    async def tax_year(self, *, from_: dt.date, to: dt.date) -> TaxYear:
        """Look at a tax year: what was earned, and what tax was collected and is owed.

        :param from_: The first day of the year.
        :param to: The last day of the year.
        """
        found: TaxYear = await self._call("reports.tax_year", {"from_": from_, "to": to}, TaxYear, None)
        return found

    async def aging(self, *, limit: Optional[int] = None) -> list[AgingRow]:
        """Look at stock that has lain longest.

        :param limit: How many rows at most: 1 to 200, 50 when absent.
        """
        found: list[AgingRow] = await self._call("reports.aging", {"limit": limit}, list[AgingRow], None)
        return found

    async def sell_through(self, *, from_: dt.date, to: dt.date, limit: Optional[int] = None) -> list[SellThroughRow]:
        """Look at how fast variants sold over some business days, fastest first.

        :param from_: The first day.
        :param to: The last day.
        :param limit: How many rows at most: 1 to 200, 50 when absent.
        """
        said: Dict[str, Any] = {
            "from_": from_, "to": to, "limit": limit
        }
        found: list[SellThroughRow] = await self._call("reports.sell_through", said, list[SellThroughRow], None)
        return found

    async def demand(self, *, from_: dt.date, to: dt.date, variant_id: str) -> DemandSeries:
        """Look at what a variant sold, day by day, with the days on which it could not be had marked.

        :param from_: The first day.
        :param to: The last day.
        :param variant_id: The variant.
        """
        said: Dict[str, Any] = {
            "from_": from_, "to": to, "variant_id": variant_id
        }
        found: DemandSeries = await self._call("reports.demand", said, DemandSeries, None)
        return found

    async def overview(self) -> Overview:
        """Look at the shop as it is now: today's result, what needs attention, what runs out, what lies, how channels
        do.
        """
        found: Overview = await self._call("reports.overview", {}, Overview, None)
        return found


class AsyncRefillPoliciesOperations:
    """The operations `refill_policies.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def set(
        self,
        *,
        review_days: int,
        service_level: int,
        auto_approve: Optional[bool] = None,
        budget: Optional[Money] = None,
        variant_id: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> RefillPolicy:
        """Say how well a variant, or every variant without a policy of its own, is to be kept in stock.

        :param review_days: Days between looks.
        :param service_level: How often demand should find stock.
        :param auto_approve: Whether what the models propose within the budget is approved by itself.
        :param budget: The most to spend at once.
        :param variant_id: The variant; all others when absent.
        """
        said: Dict[str, Any] = {
            "review_days": review_days, "service_level": service_level, "auto_approve": auto_approve,
            "budget": budget, "variant_id": variant_id
        }
        found: RefillPolicy = await self._call("refill_policies.set", said, RefillPolicy, idempotency_key)
        return found


class AsyncRefillProposalsOperations:
    """The operations `refill_proposals.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def create(
        self,
        *,
        explanation: str,
        qty: int,
        supplier_id: str,
        variant_id: str,
        backtest: Any = None,
        inputs_hash: Optional[str] = None,
        model: Optional[str] = None,
        idempotency_key: Optional[str] = None,
    ) -> RefillProposal:
        """Propose to buy, with the reasons.

        :param explanation: Why, in words.
        :param qty: How many; raised to what the supplier sells.
        :param supplier_id: From whom; the supplier needs an offer for the variant.
        :param variant_id: What.
        :param backtest: How the model did on the past.
        :param inputs_hash: Hash of everything it was made from.
        :param model: Who makes it: a model and its version; the caller when absent.
        """
        said: Dict[str, Any] = {
            "explanation": explanation, "qty": qty, "supplier_id": supplier_id, "variant_id": variant_id,
            "backtest": backtest, "inputs_hash": inputs_hash, "model": model
        }
        found: RefillProposal = await self._call("refill_proposals.create", said, RefillProposal, idempotency_key)
        return found

    async def decide(
        self,
        *,
        decision: Decision,
        refill_proposal_id: str,
        idempotency_key: Optional[str] = None,
    ) -> RefillProposal:
        """Decide on a refill proposal.

        :param decision: What is decided.
        :param refill_proposal_id: The proposal.
        """
        said: Dict[str, Any] = {
            "decision": decision, "refill_proposal_id": refill_proposal_id
        }
        found: RefillProposal = await self._call("refill_proposals.decide", said, RefillProposal, idempotency_key)
        return found

    async def list(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        state: Optional[ProposalState] = None,
    ) -> PageOfRefillProposal:
        """Look through the refill proposals, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param state: Only those in this state.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit, "state": state
        }
        found: PageOfRefillProposal = await self._call("refill_proposals.list", said, PageOfRefillProposal, None)
        return found

    async def each(
        self,
        *,
        limit: Optional[int] = None,
        state: Optional[ProposalState] = None,
    ) -> AsyncIterator[RefillProposal]:
        """Look through the refill proposals, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.list(cursor=cursor, limit=limit, state=state)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncForecastsOperations:
    """The operations `forecasts.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def refresh(self, *, idempotency_key: Optional[str] = None) -> RefreshAsked:
        """Ask the models about the whole shop now, instead of after the end of the day."""
        found: RefreshAsked = await self._call("forecasts.refresh", {}, RefreshAsked, idempotency_key)
        return found

    async def runs(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfAdviceRun:
        """Look through what the models were asked and how well they did on the shop's own past, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfAdviceRun = await self._call("forecasts.runs", said, PageOfAdviceRun, None)
        return found

    async def each_runs(self, *, limit: Optional[int] = None) -> AsyncIterator[AdviceRun]:
        """Look through what the models were asked and how well they did on the shop's own past, newest first. Goes
        through all pages.
        """
        cursor: Optional[str] = None
        while True:
            page = await self.runs(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return

    async def get(self, *, variant_id: str) -> Forecast:
        """Look at what a variant is expected to sell.

        :param variant_id: The variant.
        """
        found: Forecast = await self._call("forecasts.get", {"variant_id": variant_id}, Forecast, None)
        return found

    async def list(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfForecast:
        """Look through the forecasts, last made first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfForecast = await self._call("forecasts.list", said, PageOfForecast, None)
        return found

    async def each(self, *, limit: Optional[int] = None) -> AsyncIterator[Forecast]:
        """Look through the forecasts, last made first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.list(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncPredictionsOperations:
    """The operations `predictions.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def inventory(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
    ) -> PageOfInventoryPrediction:
        """Look through how long the stock will last, last forecast first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfInventoryPrediction = await self._call("predictions.inventory", said, PageOfInventoryPrediction, None)
        return found

    async def each_inventory(self, *, limit: Optional[int] = None) -> AsyncIterator[InventoryPrediction]:
        """Look through how long the stock will last, last forecast first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.inventory(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncMarketOperations:
    """The operations `market.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def look(self, *, limit: Optional[int] = None) -> MarketView:
        """Look at where demand is heading in each category, and at what would be worth doing, the most valuable first.

        :param limit: How many opportunities at most: 1 to 200, 50 when absent.
        """
        found: MarketView = await self._call("market.look", {"limit": limit}, MarketView, None)
        return found


class AsyncAuditOperations:
    """The operations `audit.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def list(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfAuditEntry:
        """Look through the audit log, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfAuditEntry = await self._call("audit.list", said, PageOfAuditEntry, None)
        return found

    async def each(self, *, limit: Optional[int] = None) -> AsyncIterator[AuditEntry]:
        """Look through the audit log, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.list(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncEventsOperations:
    """The operations `events.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def list(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfEvent:
        """Look through what happened, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        found: PageOfEvent = await self._call("events.list", {"cursor": cursor, "limit": limit}, PageOfEvent, None)
        return found

    async def each(self, *, limit: Optional[int] = None) -> AsyncIterator[Event]:
        """Look through what happened, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.list(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncJobsOperations:
    """The operations `jobs.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def retry(self, *, job_id: str, idempotency_key: Optional[str] = None) -> Job:
        """Try a job again that was given up.

        :param job_id: The job.
        """
        found: Job = await self._call("jobs.retry", {"job_id": job_id}, Job, idempotency_key)
        return found

    async def list(
        self,
        *,
        cursor: Optional[str] = None,
        limit: Optional[int] = None,
        state: Optional[JobState] = None,
    ) -> PageOfJob:
        """Look through the jobs, newest first.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        :param state: Only those in this state.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit, "state": state
        }
        found: PageOfJob = await self._call("jobs.list", said, PageOfJob, None)
        return found

    async def each(self, *, limit: Optional[int] = None, state: Optional[JobState] = None) -> AsyncIterator[Job]:
        """Look through the jobs, newest first. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.list(cursor=cursor, limit=limit, state=state)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncImportsOperations:
    """The operations `imports.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def begin(self, *, file_hash: str, kind: ImportKind, idempotency_key: Optional[str] = None) -> ImportRun:
        """Begin to import a file, or go on with it: the same file of the same kind is imported once.

        :param file_hash: SHA-256 of the file, in hex.
        :param kind: What it brings.
        """
        said: Dict[str, Any] = {
            "file_hash": file_hash, "kind": kind
        }
        found: ImportRun = await self._call("imports.begin", said, ImportRun, idempotency_key)
        return found

    async def products(
        self,
        *,
        after: int,
        import_id: str,
        products: Sequence[FileProduct],
        rows: int,
        rejected: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> ImportRun:
        """Take in a group of products: new ones are made, known ones brought up to date.

        :param after: How many rows of the file were dealt with before.
        :param import_id: The import.
        :param products: What they say.
        :param rows: How many rows this group deals with.
        :param rejected: How many of those are rejected: they are not among what is given.
        """
        said: Dict[str, Any] = {
            "after": after, "import_id": import_id, "products": products, "rows": rows, "rejected":
            rejected
        }
        found: ImportRun = await self._call("imports.products", said, ImportRun, idempotency_key)
        return found

    async def stock(
        self,
        *,
        after: int,
        counts: Sequence[FileStock],
        import_id: str,
        rows: int,
        rejected: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> ImportRun:
        """Take in a group of counts: afterwards so many lie there.

        :param after: How many rows of the file were dealt with before.
        :param counts: What they say.
        :param import_id: The import.
        :param rows: How many rows this group deals with.
        :param rejected: How many of those are rejected: they are not among what is given.
        """
        said: Dict[str, Any] = {
            "after": after, "counts": counts, "import_id": import_id, "rows": rows, "rejected": rejected
        }
        found: ImportRun = await self._call("imports.stock", said, ImportRun, idempotency_key)
        return found

    async def sales(
        self,
        *,
        after: int,
        import_id: str,
        opened_on: dt.date,
        rows: int,
        sales: Sequence[FileSale],
        rejected: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> ImportRun:
        """Take in a group of past sales.

        :param after: How many rows of the file were dealt with before.
        :param import_id: The import.
        :param opened_on: The day on which all that was sold was there: the day before the file's first sale.
        :param rows: How many rows this group deals with.
        :param sales: What was sold.
        :param rejected: How many of those are rejected: they are not among what is given.
        """
        said: Dict[str, Any] = {
            "after": after, "import_id": import_id, "opened_on": opened_on, "rows": rows, "sales": sales,
            "rejected": rejected
        }
        found: ImportRun = await self._call("imports.sales", said, ImportRun, idempotency_key)
        return found

    async def orders(
        self,
        *,
        after: int,
        import_id: str,
        orders: Sequence[FileOrder],
        rows: int,
        rejected: Optional[int] = None,
        idempotency_key: Optional[str] = None,
    ) -> ImportRun:
        """Take in a group of open orders.

        :param after: How many rows of the file were dealt with before.
        :param import_id: The import.
        :param orders: What they say.
        :param rows: How many rows this group deals with.
        :param rejected: How many of those are rejected: they are not among what is given.
        """
        said: Dict[str, Any] = {
            "after": after, "import_id": import_id, "orders": orders, "rows": rows, "rejected": rejected
        }
        found: ImportRun = await self._call("imports.orders", said, ImportRun, idempotency_key)
        return found

    async def finish(self, *, import_id: str, idempotency_key: Optional[str] = None) -> ImportRun:
        """End an import: every row was dealt with.

        :param import_id: The import.
        """
        found: ImportRun = await self._call("imports.finish", {"import_id": import_id}, ImportRun, idempotency_key)
        return found


class AsyncExportsOperations:
    """The operations `exports.…`."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call

    async def products(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfFileProduct:
        """Give out products as an import takes them: each variant, and each one-of-a-kind thing that is here.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfFileProduct = await self._call("exports.products", said, PageOfFileProduct, None)
        return found

    async def each_products(self, *, limit: Optional[int] = None) -> AsyncIterator[FileProduct]:
        """Give out products as an import takes them: each variant, and each one-of-a-kind thing that is here. Goes
        through all pages.
        """
        cursor: Optional[str] = None
        while True:
            page = await self.products(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return

    async def stock(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfFileStock:
        """Give out what lies where, with its cost, as an import takes it.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfFileStock = await self._call("exports.stock", said, PageOfFileStock, None)
        return found

    async def each_stock(self, *, limit: Optional[int] = None) -> AsyncIterator[FileStock]:
        """Give out what lies where, with its cost, as an import takes it. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.stock(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return

    async def sales(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfFileSale:
        """Give out what was sold and sent, as an import of past sales takes it.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfFileSale = await self._call("exports.sales", said, PageOfFileSale, None)
        return found

    async def each_sales(self, *, limit: Optional[int] = None) -> AsyncIterator[FileSale]:
        """Give out what was sold and sent, as an import of past sales takes it. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.sales(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return

    async def orders(self, *, cursor: Optional[str] = None, limit: Optional[int] = None) -> PageOfFileOrder:
        """Give out the orders that are still to be sent, as an import takes them.

        :param cursor: `next_cursor` of the page before; absent for the first page.
        :param limit: How many things at most: 1 to 200, 20 when absent.
        """
        said: Dict[str, Any] = {
            "cursor": cursor, "limit": limit
        }
        found: PageOfFileOrder = await self._call("exports.orders", said, PageOfFileOrder, None)
        return found

    async def each_orders(self, *, limit: Optional[int] = None) -> AsyncIterator[FileOrder]:
        """Give out the orders that are still to be sent, as an import takes them. Goes through all pages."""
        cursor: Optional[str] = None
        while True:
            page = await self.orders(cursor=cursor, limit=limit)
            for one in page.items:
                yield one
            cursor = page.next_cursor
            if cursor is None:
                return


class AsyncOperations:
    """All operations, room by room."""

    def __init__(self, call: AsyncCall) -> None:
        self.shop = AsyncShopOperations(call)
        self.members = AsyncMembersOperations(call)
        self.keys = AsyncKeysOperations(call)
        self.products = AsyncProductsOperations(call)
        self.variants = AsyncVariantsOperations(call)
        self.items = AsyncItemsOperations(call)
        self.media = AsyncMediaOperations(call)
        self.locations = AsyncLocationsOperations(call)
        self.inventory = AsyncInventoryOperations(call)
        self.suppliers = AsyncSuppliersOperations(call)
        self.offers = AsyncOffersOperations(call)
        self.purchase_orders = AsyncPurchaseOrdersOperations(call)
        self.acquisitions = AsyncAcquisitionsOperations(call)
        self.pricing_rules = AsyncPricingRulesOperations(call)
        self.price_changes = AsyncPriceChangesOperations(call)
        self.price_proposals = AsyncPriceProposalsOperations(call)
        self.pricing = AsyncPricingOperations(call)
        self.channels = AsyncChannelsOperations(call)
        self.listings = AsyncListingsOperations(call)
        self.orders = AsyncOrdersOperations(call)
        self.customers = AsyncCustomersOperations(call)
        self.promotions = AsyncPromotionsOperations(call)
        self.checkouts = AsyncCheckoutsOperations(call)
        self.payments = AsyncPaymentsOperations(call)
        self.payouts = AsyncPayoutsOperations(call)
        self.fulfilments = AsyncFulfilmentsOperations(call)
        self.returns = AsyncReturnsOperations(call)
        self.integrations = AsyncIntegrationsOperations(call)
        self.webhooks = AsyncWebhooksOperations(call)
        self.sites = AsyncSitesOperations(call)
        self.domains = AsyncDomainsOperations(call)
        self.zones = AsyncZonesOperations(call)
        self.deployments = AsyncDeploymentsOperations(call)
        self.ledger = AsyncLedgerOperations(call)
        self.reports = AsyncReportsOperations(call)
        self.refill_policies = AsyncRefillPoliciesOperations(call)
        self.refill_proposals = AsyncRefillProposalsOperations(call)
        self.forecasts = AsyncForecastsOperations(call)
        self.predictions = AsyncPredictionsOperations(call)
        self.market = AsyncMarketOperations(call)
        self.audit = AsyncAuditOperations(call)
        self.events = AsyncEventsOperations(call)
        self.jobs = AsyncJobsOperations(call)
        self.imports = AsyncImportsOperations(call)
        self.exports = AsyncExportsOperations(call)
