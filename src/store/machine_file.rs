//! The name of the file in which something of a machine is kept.

use sha2::{Digest, Sha256};

use crate::domain::ArmId;

/// Letters of the item's name, to be read by people, and the beginning of a hash of its whole id, in
/// which case does not count: two machines never share a file.
pub(super) fn file_name(machine: &ArmId) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let name: String = machine.name().chars().map(plain).take(40).collect();
    let hash = Sha256::digest(machine.as_str().to_ascii_lowercase());
    let hash: String = hash.iter().take(6).map(|b| format!("{b:02x}")).collect();
    format!("{}-{hash}", name.trim_matches('-'))
}
