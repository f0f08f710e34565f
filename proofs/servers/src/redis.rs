//! A Redis server that keeps nothing on disk, and may be killed and started again.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// A server on a port of its own; it ends when this is dropped.
pub struct Redis {
    port: u16,
    running: Option<Child>,
}

impl Redis {
    /// Starts one.
    ///
    /// # Panics
    /// When `redis-server` is not installed (`scripts/test` does that), or does not start.
    pub fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut redis = Self { port, running: None };
        redis.again();
        redis
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Kills it.
    pub fn kill(&mut self) {
        if let Some(mut running) = self.running.take() {
            running.kill().unwrap();
            running.wait().unwrap();
        }
    }

    /// Starts it again, empty.
    ///
    /// # Panics
    /// When it does not start.
    pub fn again(&mut self) {
        let port = self.port.to_string();
        let started = Command::new("redis-server")
            .args([
                "--port",
                &port,
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                "/tmp",
            ])
            .stdout(Stdio::null())
            .spawn();
        self.running = Some(started.expect("redis-server is installed: scripts/test does that"));
        for _ in 0..500 {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return;
            }
            sleep(Duration::from_millis(10));
        }
        panic!("Redis does not answer on port {port}");
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        if let Some(running) = &mut self.running {
            let _ = running.kill();
            let _ = running.wait();
        }
    }
}
