//! Commands run to their end in tasks of their own: a client that vanishes cancels nothing half way.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use super::limits::Limits;
use super::problem::Problem;

/// The commands at work. They are counted, since they may outlive the requests that began them.
#[derive(Clone)]
pub struct Commands {
    tasks: TaskTracker,
    room: Arc<Semaphore>,
}

impl Commands {
    /// Room for as many as the limits say.
    pub fn new(limits: &Limits) -> Self {
        Self { tasks: TaskTracker::new(), room: Arc::new(Semaphore::new(limits.commands)) }
    }

    /// Runs one command to its end, whoever still listens.
    pub async fn run<T: Send + 'static>(
        &self,
        command: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, Problem> {
        let place = Arc::clone(&self.room).try_acquire_owned().map_err(|_| Problem::busy())?;
        let task = self.tasks.spawn(async move {
            let _place = place;
            command.await
        });
        task.await.map_err(|error| match error.try_into_panic() {
            Ok(panic) => Problem::panicked(panic.as_ref()),
            Err(error) => baddie::Error::internal(error).into(),
        })
    }

    /// Waits until none is at work.
    pub async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// How many are at work.
    pub fn at_work(&self) -> usize {
        self.tasks.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_command_that_panics_is_a_problem() {
        let commands = Commands::new(&Limits::default());
        let problem =
            commands.run(async { std::hint::black_box(None::<()>).expect("no") }).await.unwrap_err();
        assert_eq!(problem.status().as_u16(), 500);
        commands.finish().await;
    }

    #[tokio::test]
    async fn commands_have_a_bound() {
        let commands = Commands::new(&Limits { commands: 1, ..Limits::default() });
        let other = commands.clone();
        let refused = commands.run(async move { other.run(async {}).await.unwrap_err() }).await.unwrap();
        assert_eq!((refused.status().as_u16(), refused.code()), (503, "server.busy"));
        assert!(commands.run(async {}).await.is_ok());
    }
}
