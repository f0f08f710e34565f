//! Who buys, and how they are forgotten.

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::accounts::{Permission, check_email, check_text};
use crate::engine::{Command, Look, Query, Work};
use crate::error::{Error, Result};
use crate::ids::CustomerId;
use crate::orders::{Customer, CustomerPii};

/// A customer with what identifies the person, unless erased.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CustomerView {
    /// The customer.
    #[serde(flatten)]
    pub customer: Customer,
    /// Who that is.
    pub person: Option<Person>,
}

/// What identifies a person.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Name.
    pub name: String,
    /// E-mail.
    #[serde(default)]
    pub email: Option<String>,
    /// Telephone.
    #[serde(default)]
    pub phone: Option<String>,
    /// Postal address, as lines.
    #[serde(default)]
    pub address: Vec<String>,
}

/// Note down a customer.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateCustomer {
    /// Who that is.
    pub person: Person,
    /// The channel's name for the customer, where one sold.
    #[serde(default)]
    pub external_id: Option<String>,
}

#[async_trait]
impl Command for CreateCustomer {
    const NAME: &'static str = "customers.create";
    const PERMISSION: Permission = Permission::OrdersWrite;
    const PRIVATE: bool = true;
    type Answer = CustomerView;

    async fn run(self, work: &mut Work) -> Result<CustomerView> {
        check_text("name", &self.person.name, 200)?;
        self.person.email.as_deref().map_or(Ok(()), check_email)?;
        if self.person.address.len() > 10 || self.person.address.iter().any(|line| line.len() > 200) {
            return Err(Error::invalid("address", "too long", "write up to 10 lines of 200 characters"));
        }
        let customer = Customer {
            id: work.id(),
            external_id: self.external_id,
            erased: false,
            version: 1,
            created_at: work.now,
        };
        let person = self.person.clone();
        let pii = CustomerPii {
            id: customer.id,
            name: person.name,
            email: person.email,
            phone: person.phone,
            address: person.address,
            version: 1,
        };
        work.tx.add(&customer).await?;
        work.tx.add(&pii).await?;
        work.about(customer.id);
        Ok(CustomerView { customer, person: Some(self.person) })
    }
}

/// Look at a customer.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GetCustomer {
    /// The customer.
    pub customer_id: CustomerId,
}

#[async_trait]
impl Query for GetCustomer {
    const NAME: &'static str = "customers.get";
    const PERMISSION: Permission = Permission::OrdersRead;
    type Answer = CustomerView;

    async fn run(self, look: &mut Look) -> Result<CustomerView> {
        let customer = look.tx.load::<Customer>(self.customer_id).await?;
        let person = look.tx.find::<CustomerPii>(self.customer_id).await?.map(|pii| Person {
            name: pii.name,
            email: pii.email,
            phone: pii.phone,
            address: pii.address,
        });
        Ok(CustomerView { customer, person })
    }
}

/// Erase what identifies a customer. Orders and books stay as they are.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EraseCustomer {
    /// The customer.
    pub customer_id: CustomerId,
}

#[async_trait]
impl Command for EraseCustomer {
    const NAME: &'static str = "customers.erase";
    const PERMISSION: Permission = Permission::OrdersWrite;
    type Answer = CustomerView;

    async fn run(self, work: &mut Work) -> Result<CustomerView> {
        let mut customer = work.tx.load::<Customer>(self.customer_id).await?;
        work.tx.orders().forget(customer.id).await?;
        customer.erased = true;
        customer.external_id = None;
        work.tx.save(&mut customer).await?;
        work.about(customer.id);
        Ok(CustomerView { customer, person: None })
    }
}
