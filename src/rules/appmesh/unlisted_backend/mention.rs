//! Host names in the values of environment variables.

/// The host names that a value calls, as far as they can be told from paths and plain words.
pub(super) fn hosts(value: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + value[from..].find(is_of_name)?;
        let end = value[start..].find(|one| !is_of_name(one)).map_or(value.len(), |at| start + at);
        from = end;
        Some((start, end))
    })
    .filter(move |(start, end)| is_host(&value[..*start], &value[*start..*end], &value[*end..]))
    .map(move |(start, end)| value[start..end].trim_end_matches('.'))
}

/// Whether a character can stand in a name, one of a placeholder among them.
fn is_of_name(one: char) -> bool {
    one.is_alphanumeric() || matches!(one, '.' | '-' | '_' | '$' | '{' | '}' | '<' | '>' | '%')
}

fn is_host(before: &str, name: &str, after: &str) -> bool {
    let in_url = before.ends_with("//") || before.ends_with('@');
    // What follows a single slash is a path, and what comes before an `@` is a user.
    let authority = after.split(['/', '?', '#', ',', ' ']).next().unwrap_or("");
    if (before.ends_with('/') && !in_url) || authority.contains('@') {
        return false;
    }
    if name.trim_end_matches('.').contains('.') {
        return true;
    }
    // A word is a host only where a scheme or a port shows it.
    let has_port = after.strip_prefix(':').is_some_and(|port| {
        let digits = port.len() - port.trim_start_matches(|one: char| one.is_ascii_digit()).len();
        (2..=5).contains(&digits) && !port[digits..].starts_with(['.', '-', '_'])
    });
    in_url || (before.is_empty() && has_port)
}

#[cfg(test)]
mod tests {
    use super::hosts;

    #[test]
    fn hosts_are_told_from_paths_and_words() {
        for (value, expected) in [
            ("cart.shop.svc.cluster.local", &["cart.shop.svc.cluster.local"][..]),
            ("cart.shop.svc.cluster.local.:80", &["cart.shop.svc.cluster.local"]),
            ("http://cart.shop:8080/a.b/c", &["cart.shop"]),
            ("a.shop:80,b.shop:80", &["a.shop", "b.shop"]),
            ("http://cart", &["cart"]),
            ("cart:8080", &["cart"]),
            ("redis://me:secret@cart.shop:6379", &["cart.shop"]),
            ("cart", &[]),
            ("/cart.html", &[]),
            ("cart:v1", &[]),
            ("image/cart:80", &[]),
            ("cart.${NS}.svc.cluster.local", &["cart.${NS}.svc.cluster.local"]),
            ("", &[]),
            ("é.shop http://", &["é.shop"]),
        ] {
            assert_eq!(hosts(value).collect::<Vec<_>>(), expected, "{value}");
        }
    }
}
