//! What was done, what happened, and what is still to be done.

use baddie_core::engine::journal::{ListAudit, ListEvents, ListJobs, RetryJob};

use super::{Operation, read, write};

pub(super) static OPERATIONS: &[Operation] =
    &[read::<ListAudit>(), read::<ListEvents>(), read::<ListJobs>(), write::<RetryJob>()];
