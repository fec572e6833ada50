//! Witnesses: one request that proves a claim about routes.

use std::fmt::Write as _;

/// A request that a claim about routes is proved by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The method.
    pub method: String,
    /// The URL: its host is the value of the `Host` header without a port, its port selects the listener.
    pub url: String,
    /// The headers, each name once.
    pub headers: Vec<(String, String)>,
    /// The gateway that receives it, as `namespace/name`, where one does.
    pub gateway: Option<String>,
    /// Who answers it.
    pub answered_by: String,
}

impl Witness {
    /// The request as a command line. The gateway's address is not known here, so a word stands for it.
    #[must_use]
    pub fn curl(&self) -> String {
        let rest = self.url.strip_prefix("http://").unwrap_or(&self.url);
        let (authority, target) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = authority.split_once(':').map_or((authority, ""), |(host, port)| (host, port));
        let mut out = "curl".to_owned();
        if self.method != "GET" {
            let _ = write!(out, " -X {}", self.method);
        }
        let _ = write!(out, " -H {}", quoted(&format!("Host: {host}")));
        for (name, value) in &self.headers {
            // An empty value needs a semicolon, else curl leaves the header out.
            let header = if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") };
            let _ = write!(out, " -H {}", quoted(&header));
        }
        let port = if port.is_empty() { String::new() } else { format!(":{port}") };
        let _ = write!(out, " {}", quoted(&format!("http://GATEWAY{port}{target}")));
        out
    }
}

/// A word for a POSIX shell, in quotes where it needs them.
#[must_use]
pub fn quoted(word: &str) -> String {
    let plain = |one: char| one.is_ascii_alphanumeric() || "-_./:".contains(one);
    if word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::Witness;

    #[test]
    fn a_witness_is_a_command_line() {
        let mut witness = Witness {
            method: "GET".into(),
            url: "http://shop.example:8080/a/b?x=1&y".into(),
            headers: vec![("x-it".into(), "it's".into()), ("x-none".into(), String::new())],
            gateway: None,
            answered_by: "all".into(),
        };
        let expected = "curl -H 'Host: shop.example' -H 'x-it: it'\\''s' -H 'x-none;' 'http://GATEWAY:8080/a/b?x=1&y'";
        assert_eq!(witness.curl(), expected);
        witness = Witness { method: "POST".into(), url: "http://a/".into(), headers: Vec::new(), ..witness };
        assert_eq!(witness.curl(), "curl -X POST -H 'Host: a' http://GATEWAY/");
    }
}
