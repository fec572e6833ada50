//! Paths as URIs.

/// An absolute path as the URI of a file on this machine.
pub(super) fn file_uri(path: &str) -> String {
    // A path may begin with a drive.
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("file://{slash}{}", encoded(path))
}

/// A path with everything encoded that is not itself in an URI (RFC 3986, 2.3).
pub(super) fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{encoded, file_uri};

    #[test]
    fn paths_become_uris() {
        assert_eq!(file_uri("/home/a b/é.yaml"), "file:///home/a%20b/%C3%A9.yaml");
        assert_eq!(file_uri("C:/a.yaml"), "file:///C%3A/a.yaml");
        assert_eq!(encoded("a:b\u{1b}]/<stdin>%"), "a%3Ab%1B%5D/%3Cstdin%3E%25");
    }
}
