//! From files to a configuration.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::engine::finish;
use crate::engine::reader::Reader;
use crate::finding::{Category, Draft, Finding, Place, Severity};
use crate::source::{self, FileId, Problem, SourceFile, Sources, Span};
use crate::yaml::{self, Kind, NodeId};

use super::key::{KEYS, Key};
use super::{Config, MALFORMED, Where};

/// As many files may extend one another.
const MAX_CHAIN: usize = 8;

/// As many items are read; more come only of aliases in aliases.
const MAX_ITEMS: usize = 20_000;

/// A configuration, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Loaded {
    /// What is said, as far as it can be read.
    pub config: Config,
    /// The files that faults point into.
    pub sources: Sources,
    /// What is wrong, sorted by file and place.
    pub faults: Vec<Finding>,
}

/// Reads a configuration, by its absolute path, and what it extends.
///
/// # Errors
/// A file that cannot be read at all; what it extends and cannot be read is a fault.
pub fn load(cwd: &Path, path: &Path) -> Result<Loaded, Problem> {
    let folder = path.parent().unwrap_or(Path::new("/")).to_owned();
    let file = source::read_configuration(cwd, path)?;
    let mut chain = Chain { cwd, folder, sources: Sources::default(), faults: Vec::new() };
    let config = chain.read(file, path, &mut vec![path.to_owned()]);
    Ok(chain.finish(config))
}

/// Files that extend one another.
struct Chain<'a> {
    cwd: &'a Path,
    /// The folder of the project.
    folder: PathBuf,
    sources: Sources,
    faults: Vec<Draft>,
}

impl Chain<'_> {
    fn read(&mut self, file: SourceFile, path: &Path, seen: &mut Vec<PathBuf>) -> Config {
        let id = FileId::new(self.sources.len());
        let (own, faults, extends) = read(&file, id, &self.folder);
        self.faults.extend(faults);
        self.sources.push(file);
        let base = extends.and_then(|(text, span)| self.extend(&text, Place::new(id, span), path, seen));
        own.over(base.unwrap_or_default())
    }

    fn extend(&mut self, text: &str, place: Place, from: &Path, seen: &mut Vec<PathBuf>) -> Option<Config> {
        let base = source::absolute(from.parent().unwrap_or(Path::new("/")), Path::new(text));
        let fault = |case, message: String| Draft::new(case, message).at(place, "");
        if seen.contains(&base) {
            self.faults.push(fault("circular-extends", format!("`{text}` extends this file again")));
            return None;
        }
        if seen.len() >= MAX_CHAIN {
            let message = format!("more than {MAX_CHAIN} files extend one another");
            self.faults.push(fault("circular-extends", message));
            return None;
        }
        match source::read_configuration(self.cwd, &base) {
            Ok(file) => {
                seen.push(base.clone());
                Some(self.read(file, &base, seen))
            }
            Err(problem) => {
                let draft = fault("missing-file", format!("`{}`: {}", problem.path, problem.message));
                self.faults.push(draft.help("the path is seen from the folder of this file"));
                None
            }
        }
    }

    fn finish(self, config: Config) -> Loaded {
        let told = |draft| finish::told(MALFORMED, Severity::Error, Category::Schema, draft);
        let mut faults: Vec<_> = self.faults.into_iter().map(told).collect();
        finish::sort(&mut faults, &self.sources);
        Loaded { config, sources: self.sources, faults }
    }
}

/// What one file says, what is wrong with it, and what it extends.
pub(super) fn read(file: &SourceFile, id: FileId, folder: &Path) -> (Config, Vec<Draft>, Option<(String, Span)>) {
    let own = Config { files: vec![file.name.clone()], folder: folder.to_owned(), ..Config::default() };
    if let Some((span, message)) = file.damage.first() {
        let draft = Draft::new("syntax", message).at(Place::new(id, *span), "").help("save the file as UTF-8");
        return (own, vec![draft], None);
    }
    let mut faults = Vec::new();
    let mut whole = Vec::new();
    for chunk in yaml::split(&file.text) {
        let (doc, errors) = yaml::parse(&file.text, chunk, &yaml::Options::default());
        for error in errors {
            let (what, remedy) = error.message.split_once("; ").unwrap_or((&error.message, ""));
            let help = if remedy.is_empty() { "mend the text at this place" } else { remedy };
            faults.push(Draft::new("syntax", what).at(Place::new(id, error.span), "").help(help));
        }
        // A document without content says nothing.
        let is_empty = |root: NodeId| doc.kind(root) == Kind::Scalar && doc.text(root).is_empty();
        if let Some(root) = doc.root().filter(|root| doc.is_whole && !is_empty(*root)) {
            whole.push((doc, root));
        }
    }
    let Some((doc, root)) = whole.first() else { return (own, faults, None) };
    if let Some((second, root)) = whole.get(1) {
        let start = second.entries(*root).next().map_or(second.span(*root), |entry| second.span(entry.key));
        let draft = Draft::new("second-document", "a configuration is one document, and here begins another");
        faults.push(draft.at(Place::new(id, start), "").help("write all of it above the `---`"));
    }
    let reader = Reader { doc, file: id, faults };
    let name = Arc::from(file.name.as_str());
    let mut loader = Loader { reader, file, name, folder, config: own, extends: None, budget: MAX_ITEMS };
    loader.document(*root);
    (loader.config, loader.reader.faults, loader.extends)
}

/// A file on its way to a configuration.
pub(super) struct Loader<'d> {
    pub(super) reader: Reader<'d>,
    file: &'d SourceFile,
    name: Arc<str>,
    pub(super) folder: &'d Path,
    pub(super) config: Config,
    pub(super) extends: Option<(String, Span)>,
    budget: usize,
}

impl Loader<'_> {
    fn document(&mut self, root: NodeId) {
        let doc = self.reader.doc;
        for twice in yaml::duplicate_keys(doc) {
            let place = Place::new(self.reader.file, twice.first);
            let draft = Draft::new("duplicate-key", format!("the key `{}` is written twice", twice.key));
            self.reader.faults.push(draft.at(Place::new(self.reader.file, twice.again), "").at(place, "first here"));
        }
        let names: Vec<&str> = KEYS.iter().map(|key| key.name).collect();
        for (at, entry) in self.reader.entries(root, "a configuration", &names).unwrap_or_default() {
            let Key { read, .. } = &KEYS[at];
            read(self, entry);
        }
    }

    /// A place of the file for people.
    pub(super) fn at(&self, span: Span) -> Where {
        Where { file: Arc::clone(&self.name), line: self.file.position(span.start).line }
    }

    /// Whether as many items more may be read. Aliases can make any number of few.
    pub(super) fn may_read(&mut self, items: usize, span: Span) -> bool {
        let Some(rest) = self.budget.checked_sub(items) else {
            if self.budget > 0 {
                let message = format!("there are more than {MAX_ITEMS} items in the configuration");
                self.reader.fault("too-large", span, message, "", "");
            }
            self.budget = 0;
            return false;
        };
        self.budget = rest;
        true
    }
}

impl Config {
    /// What this one says, and what another one says where this one says nothing. Lists of entries are both's, those of
    /// the other one first, so that this one's win.
    fn over(mut self, base: Self) -> Self {
        macro_rules! or {
            ($($field:ident)*) => { $( self.$field = self.$field.take().or(base.$field); )* };
        }
        macro_rules! behind {
            ($($field:ident)*) => {
                $( { let mut all = base.$field; all.append(&mut self.$field); self.$field = all; } )*
            };
        }
        or!(include exclude gitignore select extend_select ignore min_severity fail_on strict format max_findings);
        or!(color hyperlinks baseline require_reason is_closed);
        behind!(rules categories measures per_file resources external scopes);
        self.files.extend(base.files);
        self
    }
}
