//! What changes in a file, as a unified diff that `git apply` and `patch -p1` take.

use std::io::{self, Write};
use std::iter::zip;
use std::ops::Range;

use super::text::escaped;

/// Lines around a change.
const CONTEXT: usize = 3;

/// A file before and after.
#[derive(Clone, Copy, Debug)]
pub struct Difference<'a> {
    /// The name of the file.
    pub name: &'a str,
    /// Its text before.
    pub old: &'a str,
    /// Its text after.
    pub new: &'a str,
    /// For each line after, the equal line before, counted from 0; none for one that is new. The numbers grow.
    pub lines: &'a [Option<u32>],
}

/// How a diff looks.
#[derive(Clone, Copy, Debug, Default)]
pub struct DiffStyle {
    /// Whether lines that go and come are coloured.
    pub color: bool,
    /// Whether a terminal reads it, which must not act upon what manifests hold. The diff is then for reading alone.
    pub is_terminal: bool,
}

/// Lines that go, and lines that come instead.
struct Change {
    old: Range<usize>,
    new: Range<usize>,
}

/// Writes what changes in a file; nothing if that is nothing.
///
/// # Errors
/// Those of the writer.
pub fn write_diff(file: &Difference<'_>, style: DiffStyle, out: &mut dyn Write) -> io::Result<()> {
    let old: Vec<_> = file.old.split_inclusive('\n').collect();
    let new: Vec<_> = file.new.split_inclusive('\n').collect();
    let changes = changes(&old, &new, file.lines);
    if changes.is_empty() {
        return Ok(());
    }
    let mut page = Page { out, style };
    page.name("---", "a/", file.name)?;
    page.name("+++", "b/", file.name)?;
    let mut rest = &changes[..];
    while let Some(first) = rest.first() {
        let is_near = |pair: &[Change]| pair[1].old.start - pair[0].old.end <= 2 * CONTEXT;
        let count = 1 + rest.windows(2).take_while(|pair| is_near(pair)).count();
        let (hunk, others) = rest.split_at(count);
        let last = hunk.last().unwrap_or(first);
        let lead = first.old.start.min(CONTEXT);
        let trail = (old.len() - last.old.end).min(CONTEXT);
        let range = |range: Range<usize>| match range.len() {
            // What is empty stands behind a line.
            0 => format!("{},0", range.start),
            1 => format!("{}", range.start + 1),
            lines => format!("{},{lines}", range.start + 1),
        };
        let (was, is) = (first.old.start - lead..last.old.end + trail, first.new.start - lead..last.new.end + trail);
        page.line("36", &format!("@@ -{} +{} @@\n", range(was.clone()), range(is)))?;
        let mut at = was.start;
        for change in hunk {
            page.lines(' ', &old[at..change.old.start])?;
            page.lines('-', &old[change.old.clone()])?;
            page.lines('+', &new[change.new.clone()])?;
            at = change.old.end;
        }
        page.lines(' ', &old[at..was.end])?;
        rest = others;
    }
    Ok(())
}

fn changes(old: &[&str], new: &[&str], lines: &[Option<u32>]) -> Vec<Change> {
    let mut changes = Vec::new();
    let (mut was, mut is) = (0, 0);
    let mut push = |old_range: Range<usize>, new_range: Range<usize>| {
        // A line that only looks changed is none.
        let same = zip(&old[old_range.clone()], &new[new_range.clone()]).take_while(|(old, new)| old == new).count();
        let (old_range, new_range) = (old_range.start + same..old_range.end, new_range.start + same..new_range.end);
        let tails = zip(old[old_range.clone()].iter().rev(), new[new_range.clone()].iter().rev());
        let same = tails.take_while(|(old, new)| old == new).count();
        let change = Change { old: old_range.start..old_range.end - same, new: new_range.start..new_range.end - same };
        if !(change.old.is_empty() && change.new.is_empty()) {
            changes.push(change);
        }
    };
    for (at, line) in lines.iter().enumerate().take(new.len()) {
        let Some(line) = line.map(|line| line as usize).filter(|line| (was..old.len()).contains(line)) else {
            continue;
        };
        if was < line || is < at {
            push(was..line, is..at);
        }
        (was, is) = (line + 1, at + 1);
    }
    push(was..old.len(), is..new.len());
    changes
}

struct Page<'w> {
    out: &'w mut dyn Write,
    style: DiffStyle,
}

impl Page<'_> {
    fn name(&mut self, mark: &str, side: &str, name: &str) -> io::Result<()> {
        let side = if name.starts_with('/') { "" } else { side };
        // Behind a name with spaces, programs look for a tab.
        let tab = if name.contains(' ') { "\t" } else { "" };
        self.line("1", &format!("{mark} {side}{}{tab}\n", escaped(name)))
    }

    fn lines(&mut self, mark: char, lines: &[&str]) -> io::Result<()> {
        let code = match mark {
            '-' => "31",
            '+' => "32",
            _ => "",
        };
        for line in lines {
            let text = line.strip_suffix('\n').unwrap_or(line);
            let shown = if self.style.is_terminal { escaped(text.trim_end_matches('\r')) } else { text.into() };
            self.line(code, &format!("{mark}{shown}\n"))?;
            if text.len() == line.len() {
                self.out.write_all(b"\\ No newline at end of file\n")?;
            }
        }
        Ok(())
    }

    fn line(&mut self, code: &str, line: &str) -> io::Result<()> {
        match line.strip_suffix('\n') {
            Some(text) if self.style.color && !code.is_empty() => writeln!(self.out, "\x1b[{code}m{text}\x1b[0m"),
            _ => self.out.write_all(line.as_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DiffStyle, Difference, write_diff};

    fn diff(old: &str, new: &str, lines: &[Option<u32>]) -> String {
        let mut out = Vec::new();
        write_diff(&Difference { name: "a b.yaml", old, new, lines }, DiffStyle::default(), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn hunks_have_their_context() {
        let old: String = ('a'..='t').map(|line| format!("{line}\n")).collect();
        let new = old.replace("e\n", "E\n").replace("t\n", "t");
        let lines: Vec<_> = (0..20).map(|line| Some(line).filter(|line| !matches!(line, 4 | 19))).collect();
        let wanted = "--- a/a b.yaml\t\n+++ b/a b.yaml\t\n@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n\
                      @@ -17,4 +17,4 @@\n q\n r\n s\n-t\n+t\n\\ No newline at end of file\n";
        assert_eq!(diff(&old, &new, &lines), wanted);
    }

    #[test]
    fn what_is_equal_is_no_change() {
        assert_eq!(diff("a\nb\n", "a\nb\n", &[Some(0), None]), "");
        let added = diff("a\n", "a\nb\n", &[Some(0), None]);
        assert!(added.ends_with("@@ -1 +1,2 @@\n a\n+b\n"), "{added}");
        let emptied = diff("a\n", "", &[]);
        assert!(emptied.ends_with("@@ -1 +0,0 @@\n-a\n"), "{emptied}");
    }
}
