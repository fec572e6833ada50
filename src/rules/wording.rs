//! Turns of phrase that several rules share.

/// A field in a sentence; `ports[]` stands for an item of the list `ports`.
pub(super) fn field(name: &str) -> String {
    match name.strip_suffix("[]") {
        Some(list) => format!("an item of `{list}`"),
        None => format!("`{name}`"),
    }
}

/// Names that a fact lists with commas, as "`a`, `b` or `c`"; the last word is joined by `link`.
pub(super) fn list(names: &str, link: &str) -> String {
    let names: Vec<_> = names.split(", ").map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {link} {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// A text that somebody wrote, fit for a message: one line of bounded length.
pub(super) fn short(text: &str) -> String {
    const LONGEST: usize = 80;
    let line = text.lines().next().unwrap_or("");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None if line.len() < text.len() => format!("{line}…"),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_joined_as_in_a_sentence() {
        assert_eq!(list("a", "or"), "`a`");
        assert_eq!(list("a, b", "or"), "`a` or `b`");
        assert_eq!(list("a, b, c", "and"), "`a`, `b` and `c`");
        assert_eq!((field("port"), field("ports[]")), ("`port`".to_owned(), "an item of `ports`".to_owned()));
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(short("é\nx"), "é…");
        assert_eq!(short(&"é".repeat(80)), "é".repeat(80));
        assert_eq!(short(&"é".repeat(81)), format!("{}…", "é".repeat(80)));
    }
}
