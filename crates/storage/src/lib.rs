//! x

#[cfg_attr(not(all(test, feature = "sqlite")), expect(dead_code, reason = "the domains' SQL comes upon it"))]
mod seam;
#[cfg(feature = "sqlite")]
#[cfg_attr(not(test), expect(dead_code, reason = "the domains' SQL comes upon it"))]
pub mod sqlite;
