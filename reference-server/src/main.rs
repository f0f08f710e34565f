//! The binary `baddie`: starts, and ends with the exit code that scripts rely on.

fn main() -> std::process::ExitCode {
    baddie_server::cli::run()
}
