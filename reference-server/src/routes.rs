//! The one page: which method and path lead to which operation.
//!
//! `{name}` in a path is the field `name` of the operation's request. For `GET` and `DELETE` the other fields come from
//! the query, for the rest from the body. All paths lie under [`PREFIX`].

use std::collections::HashSet;

use baddie::operations;
use hyper::{Method, StatusCode};

use crate::endpoint::Endpoint;

/// What stands before all paths of the API.
pub const PREFIX: &str = "/api/v1";

/// One row: this method on this path calls that operation.
#[derive(Debug)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path after [`PREFIX`], with `{field}` for a field of the request.
    pub path: &'static str,
    /// The operation's name.
    pub operation: &'static str,
    /// The status of an answer that is no problem.
    pub success: StatusCode,
}

const fn route(method: Method, path: &'static str, operation: &'static str, success: StatusCode) -> Route {
    Route { method, path, operation, success }
}

/// Looks.
const fn get(path: &'static str, operation: &'static str) -> Route {
    route(Method::GET, path, operation, StatusCode::OK)
}

/// Makes something new: 201.
const fn create(path: &'static str, operation: &'static str) -> Route {
    route(Method::POST, path, operation, StatusCode::CREATED)
}

/// Edits.
const fn patch(path: &'static str, operation: &'static str) -> Route {
    route(Method::PATCH, path, operation, StatusCode::OK)
}

/// Every route of the API.
pub static ROUTES: &[Route] = &[
    get("/products", "products.list"),
    create("/products", "products.create"),
    get("/products/{product}", "products.get"),
    patch("/products/{product}", "products.update"),
    create("/orders", "orders.place"),
];

/// Operations that have no route, each with the reason.
pub static UNROUTED: &[(&str, &str)] = &[];

/// Makes the endpoints of all routes, or says what is wrong with the page.
pub fn endpoints() -> Result<Vec<Endpoint>, Vec<String>> {
    let mut faults = Vec::new();
    let mut endpoints = Vec::with_capacity(ROUTES.len());
    let mut seen = HashSet::new();
    for route in ROUTES {
        if !seen.insert((&route.method, route.path)) {
            faults.push(format!("{} {} stands twice", route.method, route.path));
        }
        match Endpoint::prepare(route) {
            Ok(endpoint) => endpoints.push(endpoint),
            Err(fault) => faults.push(fault),
        }
    }
    let routed: HashSet<_> = ROUTES.iter().map(|route| route.operation).collect();
    let unrouted: HashSet<_> = UNROUTED.iter().map(|&(operation, _)| operation).collect();
    for operation in operations::all() {
        match (routed.contains(operation.name), unrouted.contains(operation.name)) {
            (false, false) => {
                faults.push(format!("{} has no route and no reason for having none", operation.name));
            }
            (true, true) => {
                faults.push(format!("{} has a route and a reason for having none", operation.name));
            }
            _ => {}
        }
    }
    if faults.is_empty() { Ok(endpoints) } else { Err(faults) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s16_every_operation_is_routed_or_has_a_reason() {
        if let Err(faults) = endpoints() {
            panic!("{}", faults.join("\n"));
        }
        for &(operation, reason) in UNROUTED {
            assert!(operations::find(operation).is_some(), "{operation} does not exist");
            assert!(!reason.is_empty(), "{operation}");
        }
    }
}
