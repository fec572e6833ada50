//! Standard output, whose reader may leave early, and whether it takes colours.

use std::io::{self, ErrorKind, IsTerminal, StdoutLock, Write};

use super::args::When;

/// A writer that swallows everything once its reader has gone, so that a run comes to its verdict
/// whether or not someone reads to the end. Every other error is passed on.
#[derive(Debug)]
pub(super) struct Output<W> {
    inner: W,
    gone: bool,
}

impl Output<StdoutLock<'static>> {
    /// Standard output.
    pub(super) fn standard() -> Self {
        Self::new(io::stdout().lock())
    }
}

impl<W: Write> Output<W> {
    fn new(inner: W) -> Self {
        Self { inner, gone: false }
    }

    fn forgive<T>(&mut self, done: io::Result<T>, instead: T) -> io::Result<T> {
        match done {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.gone = true;
                Ok(instead)
            }
            done => done,
        }
    }
}

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.gone {
            return Ok(bytes.len());
        }
        let done = self.inner.write(bytes);
        self.forgive(done, bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.gone {
            return Ok(());
        }
        let done = self.inner.flush();
        self.forgive(done, ())
    }
}

/// Whether standard output gets colours: the flag decides, then `NO_COLOR`, then `FORCE_COLOR` and
/// `CLICOLOR_FORCE`, then whether a terminal that knows colours is there.
pub(super) fn wants_color(flag: When) -> bool {
    match flag {
        When::Always => true,
        When::Never => false,
        When::Auto if set("NO_COLOR") => false,
        When::Auto if forced("FORCE_COLOR") || forced("CLICOLOR_FORCE") => true,
        When::Auto => is_terminal(),
    }
}

/// Whether paths on standard output become links: the flag decides, then `FORCE_HYPERLINK`, then whether the terminal
/// is one of those that are known to understand them. Others show the link as rubbish.
pub(super) fn wants_links(flag: When) -> bool {
    let is = |name: &str, values: &[&str]| {
        std::env::var_os(name).is_some_and(|value| values.iter().any(|one| value == *one))
    };
    match flag {
        When::Always => true,
        When::Never => false,
        When::Auto if set("FORCE_HYPERLINK") => forced("FORCE_HYPERLINK"),
        When::Auto => {
            is_terminal()
                && (is("TERM_PROGRAM", &["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper"])
                    || is("TERM", &["xterm-kitty", "alacritty", "foot", "xterm-ghostty"])
                    || ["VTE_VERSION", "WT_SESSION", "KONSOLE_VERSION", "DOMTERM"].into_iter().any(set))
        }
    }
}

/// Whether somebody looks at standard output through a terminal that knows more than text.
fn is_terminal() -> bool {
    io::stdout().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Whether a variable of the environment says something.
fn set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// Whether a variable of the environment says anything but no.
fn forced(name: &str) -> bool {
    set(name) && std::env::var_os(name).is_some_and(|value| value != "0")
}

#[cfg(test)]
mod tests {
    use super::Output;
    use std::io::{self, ErrorKind, Write};

    /// A pipe that takes a few bytes before its end.
    struct Pipe(usize, ErrorKind);

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(self.1.into());
            }
            let taken = self.0.min(bytes.len());
            self.0 -= taken;
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            if self.0 == 0 { Err(self.1.into()) } else { Ok(()) }
        }
    }

    #[test]
    fn a_reader_may_leave() {
        let mut out = Output::new(Pipe(3, ErrorKind::BrokenPipe));
        assert!(out.write_all(b"more than three").is_ok());
        assert!(out.write_all(b"and on").is_ok());
        assert!(out.flush().is_ok());
    }

    #[test]
    fn a_full_disk_is_told() {
        let mut out = Output::new(Pipe(3, ErrorKind::StorageFull));
        assert_eq!(out.write_all(b"more than three").unwrap_err().kind(), ErrorKind::StorageFull);
        assert!(out.flush().is_err());
    }
}
