use serde_json::json;

use super::{step, with};
use crate::http::Call;

/// Announces a file with the MD5 of its bytes, in hexadecimal; the answer says where and how it is sent.
pub fn create_asset(site: &str, file_name: &str, file_hash: &str) -> Call {
    let body = json!({"fileName": file_name, "fileHash": file_hash});
    with(Call::post(format!("/sites/{}/assets", step(site))), &body)
}
