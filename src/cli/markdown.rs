//! Pages as terminal text. The pages are ours, so this knows the Markdown that stands in them and not
//! the rest: headings, paragraphs, lists, fences, tables, links.

use std::io::{self, Write};

/// Characters in a line of prose.
const WIDTH: usize = 80;

/// Writes Markdown for people: prose wrapped, code indented and as it is.
pub(super) fn write(text: &str, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { out, prose: String::new(), hang: 0, color, blank: true };
    let mut fence = None;
    for line in text.lines() {
        let start = line.trim_start();
        if let Some(mark) = fence {
            if start.starts_with(mark) {
                fence = None;
            } else {
                page.line(&format!("    {line}"))?;
            }
        } else if let Some(info) = start.strip_prefix("```") {
            page.flush()?;
            fence = Some("```");
            if let Some(name) = info.split_whitespace().find_map(|word| word.strip_prefix("file=")) {
                page.line(&format!("  {name}:"))?;
            }
        } else if start.is_empty() {
            page.gap()?;
        } else if start.starts_with('#') {
            page.gap()?;
            page.line(&heading(start.trim_start_matches('#').trim(), color))?;
        } else if start.starts_with('|') {
            page.flush()?;
            page.line(line)?;
        } else {
            page.prose(line)?;
        }
    }
    page.flush()
}

/// A heading as it stands on a line.
pub(super) fn heading(text: &str, color: bool) -> String {
    strong(&text.to_uppercase(), color)
}

/// Text that stands out where colours are wanted.
pub(super) fn strong(text: &str, color: bool) -> String {
    if color { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// The page so far: the paragraph or list item that is being collected, and whether a blank line is due.
struct Page<'a> {
    out: &'a mut dyn Write,
    prose: String,
    hang: usize,
    color: bool,
    blank: bool,
}

impl Page<'_> {
    fn line(&mut self, line: &str) -> io::Result<()> {
        self.blank = false;
        writeln!(self.out, "{}", line.trim_end())
    }

    /// Ends what is being collected, with one blank line however many there are.
    fn gap(&mut self) -> io::Result<()> {
        self.flush()?;
        if !self.blank {
            writeln!(self.out)?;
            self.blank = true;
        }
        Ok(())
    }

    fn prose(&mut self, line: &str) -> io::Result<()> {
        let start = line.trim_start();
        let indent = line.len() - start.len();
        let marker = marker(start);
        if marker > 0 {
            self.flush()?;
            self.hang = indent + marker;
            self.prose = line.to_owned();
        } else {
            if self.prose.is_empty() {
                self.hang = 0;
            } else {
                self.prose.push(' ');
            }
            self.prose.push_str(start);
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        let prose = inline(&std::mem::take(&mut self.prose), self.color);
        let (lead, rest) = prose.split_at(self.hang.min(prose.len()));
        let mut line = lead.to_owned();
        let mut width = lead.chars().count();
        let mut is_first = true;
        for word in rest.split_whitespace() {
            let length = word.chars().count();
            if !is_first && width + 1 + length > WIDTH {
                self.line(&line)?;
                line = " ".repeat(self.hang);
                width = self.hang;
                is_first = true;
            }
            if !is_first {
                line.push(' ');
                width += 1;
            }
            line.push_str(word);
            width += length;
            is_first = false;
        }
        if is_first { Ok(()) } else { self.line(&line) }
    }
}

/// The length of a list marker with its blank, `- ` or `1. `; 0 where there is none.
fn marker(start: &str) -> usize {
    if start.starts_with("- ") || start.starts_with("* ") {
        return 2;
    }
    let digits = start.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && start[digits..].starts_with(". ") { digits + 2 } else { 0 }
}

/// `[text](address)` becomes `text (address)`, and `**text**` stands out.
fn inline(text: &str, color: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['[', '*', '`']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let code = rest.strip_prefix('`').and_then(|inner| inner.split_once('`'));
        let link =
            rest.strip_prefix('[').and_then(|inner| inner.split_once("](")).filter(|(text, _)| !text.contains(']'));
        let link = link.and_then(|(text, after)| after.split_once(')').map(|(address, after)| (text, address, after)));
        let bold = rest.strip_prefix("**").and_then(|inner| inner.split_once("**"));
        if let Some((code, after)) = code {
            out.extend(["`", code, "`"]);
            rest = after;
        } else if let Some((text, address, after)) = link {
            out.extend([text, " (", address, ")"]);
            rest = after;
        } else if let Some((text, after)) = bold {
            out.push_str(&strong(text, color));
            rest = after;
        } else {
            out.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::write;

    fn written(text: &str, color: bool) -> String {
        let mut out = Vec::new();
        write(text, color, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn prose_is_wrapped_and_items_hang() {
        let long = "word ".repeat(30);
        let shown = written(&format!("{long}\nmore\n\n- {long}\n- b\n  c\n\n\n10. d\n"), false);
        assert!(shown.lines().all(|line| line.len() <= 80));
        assert!(shown.starts_with("word word"));
        assert!(shown.contains("\n\n- word word"));
        assert!(shown.contains("\n  word word"));
        assert!(shown.ends_with("\n- b c\n\n10. d\n"), "{shown}");
    }

    #[test]
    fn code_stays_as_it_is() {
        let fence = "## Bad\n```yaml file=router.yaml\na:\n  - [x](y)\n\n  # c\n```\nAfter.\n";
        assert_eq!(written(fence, false), "BAD\n  router.yaml:\n    a:\n      - [x](y)\n\n      # c\nAfter.\n");
        assert_eq!(written("never\n```\nends", false), "never\n    ends\n");
    }

    #[test]
    fn inline_marks_become_text() {
        assert_eq!(written("see [the guide](https://a.b/c), `a[0](x) **b**` and [1], *", false), {
            "see the guide (https://a.b/c), `a[0](x) **b**` and [1], *\n"
        });
        assert_eq!(written("a **b** c", true), "a \u{1b}[1mb\u{1b}[0m c\n");
        assert_eq!(written("| a | b |\n|---|---|\n", false), "| a | b |\n|---|---|\n");
    }
}
