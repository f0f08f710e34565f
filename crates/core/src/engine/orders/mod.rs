//! Selling: orders, customers, promotions, checkouts.

mod change;
mod checkouts;
mod customers;
mod import;
mod look;
mod place;
mod promotions;

pub use self::change::*;
pub use self::checkouts::*;
pub use self::customers::*;
pub use self::import::*;
pub use self::look::*;
pub use self::place::*;
pub use self::promotions::*;

use super::command::calls;

calls! {
    /// Selling.
    Orders by orders:
    /// Places an order; stock is promised at once, or the order is refused.
    write place: PlaceOrder;
    /// Takes over an order that a channel has sold.
    write import: ImportOrder;
    /// Calls off what was not sent.
    write cancel: CancelOrder;
    /// Promises stock to an order that had none.
    write confirm: ConfirmOrder;
    /// An order with everything that belongs to it.
    read get: GetOrder;
    /// A page of orders.
    read list: ListOrders;
}

calls! {
    /// Who buys.
    Customers by customers:
    /// Notes down a customer.
    write create: CreateCustomer;
    /// Erases what identifies a customer.
    write erase: EraseCustomer;
    /// A customer.
    read get: GetCustomer;
}

calls! {
    /// Promotions and their coupons.
    Promotions by promotions:
    /// Makes a promotion.
    write create: CreatePromotion;
    /// A promotion.
    read get: GetPromotion;
}

calls! {
    /// Customers on their way to an order.
    Checkouts by checkouts:
    /// Begins a checkout.
    write begin: BeginCheckout;
    /// Makes it an order.
    write complete: CompleteCheckout;
    /// Calls it off.
    write cancel: CancelCheckout;
    /// A checkout.
    read get: GetCheckout;
}
