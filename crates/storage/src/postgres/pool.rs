//! The connections: a bounded number, each of them either idle and clean, in the hands of one transaction, or closed.

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use baddie_core::error::{Error, Result};
use baddie_core::ids::EntityId;
use baddie_core::storage::Scope;
use sqlx::PgConnection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::dialect;
use super::error::{busy, explain, is_lost};
use super::notes;
use super::open::Server;
use super::session::{Access, Unit, run};
use super::value::Sort;
use crate::seam::Sql;

/// How long an undone transaction may take to end before its connection is closed instead.
const ENDING: Duration = Duration::from_secs(5);

/// Hands out connections.
pub(super) struct Pool {
    server: Server,
    permits: Arc<Semaphore>,
    /// Those not in use; the one used last is the warmest, and is taken first.
    idle: Mutex<Vec<PgConnection>>,
    texts: Mutex<HashMap<(Place, Form), Arc<Statement>>>,
    /// Statements that were said together, by where each of them lies.
    joined: Mutex<HashMap<Vec<usize>, Arc<str>>>,
    patience: Duration,
    /// How often the server was asked something.
    pub(super) trips: AtomicU64,
}

/// Where a statement's two pieces lie in the program, and their lengths: they never move, so this stands for the text.
type Place = [usize; 4];

/// In which of its forms a statement is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// As it stands.
    Plain,
    /// An `INSERT` for any number of rows.
    Rows,
    /// As it stands, its parameters being lists.
    Lists,
}

/// A statement as the server hears it.
pub(super) struct Statement {
    pub(super) text: Arc<str>,
    /// Of a statement for any number of rows: the types of its columns.
    pub(super) sorts: Vec<Sort>,
}

/// A connection in use, and the right to it.
pub(super) struct Held {
    pub(super) connection: PgConnection,
    permit: OwnedSemaphorePermit,
}

impl Pool {
    pub(super) fn new(server: Server, connections: usize, patience: Duration) -> Self {
        let permits = Arc::new(Semaphore::new(connections.max(1)));
        Self {
            server,
            permits,
            idle: Mutex::default(),
            texts: Mutex::default(),
            joined: Mutex::default(),
            patience,
            trips: AtomicU64::new(0),
        }
    }

    pub(super) fn server(&self) -> &Server {
        &self.server
    }

    /// Waits for a connection, bounded, and begins a transaction on it.
    pub(super) async fn begin(self: &Arc<Self>, scope: Scope, access: Access) -> Result<Unit> {
        timeout(self.patience, self.enter(scope, access)).await.unwrap_or_else(|_| Err(busy()))
    }

    async fn enter(self: &Arc<Self>, scope: Scope, access: Access) -> Result<Unit> {
        let mut permit = Arc::clone(&self.permits).acquire_owned().await.map_err(Error::internal)?;
        let words = opening(scope, access);
        loop {
            let waiting = self.idle().pop();
            let fresh = waiting.is_none();
            let connection = match waiting {
                Some(connection) => connection,
                None => self.server.connect().await?,
            };
            // From here on the connection belongs to the transaction: given up half begun, it is closed.
            let mut unit = Unit::new(Arc::clone(self), Held { connection, permit }, access);
            match unit.say(&words).await {
                Ok(()) => return Ok(unit),
                // One that lay idle may have died meanwhile; a fresh one tells how things are.
                Err(error) if !fresh && is_lost(&error) => {
                    permit = unit.give_up().expect("nothing else took it");
                }

                Err(error) => return Err(explain(error)),
            }
        }
    }

    /// Undoes what is open on a connection and takes it back, off the way of whoever dropped it.
    pub(super) fn end(self: &Arc<Self>, mut held: Held) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let pool = Arc::clone(self);
        runtime.spawn(async move {
            if let Ok(Ok(())) = timeout(ENDING, run(&mut held.connection, "ROLLBACK")).await {
                pool.take_back(held);
            }
        });
    }

    /// Takes back a connection on which nothing is open.
    pub(super) fn take_back(&self, held: Held) {
        let Held { connection, permit } = held;
        self.idle().push(connection);
        drop(permit);
    }

    /// The statement in this form, written once for all connections.
    pub(super) fn statement(&self, sql: Sql, form: Form) -> Result<Arc<Statement>> {
        let place = [sql.head.as_ptr().addr(), sql.head.len(), sql.tail.as_ptr().addr(), sql.tail.len()];
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = texts.get(&(place, form)) {
            return Ok(Arc::clone(known));
        }
        let text = dialect::text(sql);
        let statement = match form {
            Form::Plain => Statement { text: text.into(), sorts: Vec::new() },
            Form::Lists => {
                let sorts = dialect::list_types(&text).map(Sort::named).collect::<Option<_>>();
                let sorts = sorts.ok_or_else(|| Error::internal("a list of a type unheard of"))?;
                Statement { text: text.into(), sorts }
            }
            Form::Rows => {
                let many = dialect::for_rows(&text).and_then(|(many, types)| {
                    Some((many, types.into_iter().map(Sort::named).collect::<Option<_>>()?))
                });
                let (many, sorts) =
                    many.ok_or_else(|| Error::internal("an INSERT whose values have no types"))?;
                Statement { text: many.into(), sorts }
            }
        };
        let statement = Arc::new(statement);
        texts.insert((place, form), Arc::clone(&statement));
        Ok(statement)
    }

    /// Several statements as one, written once for each such several.
    pub(super) fn together(&self, statements: &[Arc<Statement>]) -> Arc<str> {
        if let [one] = statements {
            return Arc::clone(&one.text);
        }
        let these = statements.iter().map(|statement| Arc::as_ptr(statement).addr()).collect();
        let mut joined = self.joined.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(joined.entry(these).or_insert_with(|| notes::together(statements).into()))
    }

    fn idle(&self) -> MutexGuard<'_, Vec<PgConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// Closes the connection; the right to one is left.
    pub(super) fn close(self) -> OwnedSemaphorePermit {
        self.permit
    }
}

/// What begins a transaction, in one round trip: how it is isolated, and whose rows it sees. Both end with it.
///
/// Who writes sees what was committed before each statement, as it takes its locks; the guards of the statements and
/// the versions of the rows do the rest. Who looks sees one moment.
fn opening(scope: Scope, access: Access) -> String {
    let how = match access {
        Access::Write => "READ COMMITTED, READ WRITE",
        Access::Read => "REPEATABLE READ, READ ONLY",
    };
    let whose = match scope {
        Scope::Shop(id) => format!("SET LOCAL baddie.shop = '{}'", uuid(id.as_u128())),
        Scope::System => "SET LOCAL baddie.scope = 'system'".to_owned(),
    };
    format!("BEGIN ISOLATION LEVEL {how}; {whose}")
}

/// An identity as the server writes it.
fn uuid(id: u128) -> String {
    let hex = format!("{id:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

#[cfg(test)]
mod tests {
    #[test]
    fn identities_are_written_as_the_server_writes_them() {
        let id = 0x0123_4567_89ab_cdef_0123_4567_89ab_cdef;
        assert_eq!(super::uuid(id), "01234567-89ab-cdef-0123-456789abcdef");
        assert_eq!(super::uuid(1), "00000000-0000-0000-0000-000000000001");
    }
}
