//! The files that rendered text was made from, found again below the working directory.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use ignore::WalkBuilder;
use rustc_hash::FxHashMap;

use super::name::Names;
use super::read::read_file;
use super::{Origin, SourceFile};

/// What rendered text says of where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Template {
    /// A file of a chart, under the name of the chart: `shop/templates/orders.yaml`.
    Chart(String),
    /// A file of a kustomization, as seen from there: `../../base/orders.yaml`.
    Overlay(String),
    /// A file of another repository.
    Elsewhere(String),
}

impl Template {
    /// The file as the rendered text names it.
    #[must_use]
    pub fn name(&self) -> &str {
        let (Self::Chart(name) | Self::Overlay(name) | Self::Elsewhere(name)) = self;
        name
    }
}

/// Entries of folders that are looked at in search of charts and kustomizations, and how deep they may lie.
const MOST_ENTRIES: usize = 50_000;
const DEEPEST: usize = 8;

/// Finds templates below a working directory.
#[derive(Debug)]
pub struct Templates {
    names: Names,
    /// Nothing above it is ever read: the root of the repository, or the working directory.
    root: PathBuf,
    /// Folders with a chart, by the chart's name, and those with a kustomization; sought once, when needed.
    workshops: Option<Workshops>,
    found: FxHashMap<(PathBuf, Template), Option<PathBuf>>,
}

#[derive(Debug, Default)]
struct Workshops {
    charts: FxHashMap<String, Vec<PathBuf>>,
    overlays: Vec<PathBuf>,
}

impl Templates {
    /// Templates as seen from a working directory.
    #[must_use]
    pub fn new(cwd: &Path) -> Self {
        let names = Names::new(cwd);
        let root = names.cwd().ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(names.cwd());
        Self { root: root.to_owned(), names, workshops: None, found: FxHashMap::default() }
    }

    /// The name in reports of the one file that a template can be, where `rendered` is the name of the text that was
    /// made from it; `None` where there is no such file, or several.
    #[must_use]
    pub fn find(&mut self, template: &Template, rendered: &str) -> Option<String> {
        let place = self.names.place(Path::new(rendered));
        let near = place.parent().unwrap_or(self.names.cwd()).to_owned();
        let key = (near, template.clone());
        if !self.found.contains_key(&key) {
            let found = match template {
                Template::Chart(path) => self.of_chart(path),
                Template::Overlay(path) => self.of_overlay(path, &key.0),
                Template::Elsewhere(_) => None,
            };
            self.found.insert(key.clone(), found);
        }
        let found = self.found.get(&key)?.as_ref();
        found.filter(|path| **path != place).map(|path| self.names.report(path))
    }

    /// Reads a file that was found, by its name in reports.
    #[must_use]
    pub fn read(&self, name: &str) -> Option<SourceFile> {
        let bytes = read_file(&self.names.place(Path::new(name))).ok()?;
        Some(SourceFile::new(name, Origin::Walked, bytes))
    }

    fn of_chart(&mut self, path: &str) -> Option<PathBuf> {
        let (chart, rest) = path.split_once('/')?;
        let whole = self.in_chart(chart, rest);
        // A chart that others depend on may lie beside them, and not in their folder `charts`.
        whole.or_else(|| {
            let (_, inner) = path.rsplit_once("/charts/")?;
            let (chart, rest) = inner.split_once('/')?;
            self.in_chart(chart, rest)
        })
    }

    fn in_chart(&mut self, chart: &str, rest: &str) -> Option<PathBuf> {
        let folders = self.workshops().charts.get(chart)?.clone();
        self.only(folders.iter().map(|folder| folder.join(rest)))
    }

    /// The kustomization that was built is not named. That of the text's own folder is meant if there is one.
    fn of_overlay(&mut self, path: &str, near: &Path) -> Option<PathBuf> {
        let holds = ["kustomization.yaml", "kustomization.yml", "Kustomization"].iter();
        if holds.into_iter().any(|name| near.join(name).is_file()) {
            return self.only([near.join(path)].into_iter());
        }
        let folders = self.workshops().overlays.clone();
        self.only(folders.iter().map(|folder| folder.join(path)))
    }

    /// The one file among some paths, if there is one, and only one.
    fn only(&self, paths: impl Iterator<Item = PathBuf>) -> Option<PathBuf> {
        let files: BTreeSet<PathBuf> = paths.filter_map(|path| self.inside(&path)).collect();
        if files.len() == 1 { files.into_iter().next() } else { None }
    }

    /// A regular file by its path without links, if it lies in the repository.
    fn inside(&self, path: &Path) -> Option<PathBuf> {
        let real = fs::canonicalize(path).ok()?;
        let is_hidden = real.components().any(|part| part == Component::Normal(".git".as_ref()));
        (real.starts_with(&self.root) && !is_hidden && real.is_file()).then_some(real)
    }

    fn workshops(&mut self) -> &Workshops {
        let (root, names) = (&self.root, &self.names);
        self.workshops.get_or_insert_with(|| {
            let mut found = Workshops::default();
            // The working directory may lie inside of a chart or an overlay.
            for folder in names.cwd().ancestors().skip(1).take_while(|folder| folder.starts_with(root)) {
                for name in ["Chart.yaml", "kustomization.yaml", "kustomization.yml", "Kustomization"] {
                    found.take(&folder.join(name));
                }
            }
            let mut walk = WalkBuilder::new(names.cwd());
            walk.hidden(false).require_git(false).max_depth(Some(DEEPEST)).sort_by_file_name(Ord::cmp);
            walk.filter_entry(|entry| !matches!(entry.file_name().to_str(), Some(".git" | "node_modules")));
            for entry in walk.build().take(MOST_ENTRIES).flatten() {
                found.take(entry.path());
            }
            found
        })
    }
}

impl Workshops {
    fn take(&mut self, path: &Path) {
        let Some(folder) = path.parent() else { return };
        match path.file_name().and_then(|name| name.to_str()) {
            Some("Chart.yaml") if path.is_file() => {
                let Some(name) = read_file(path).ok().and_then(|bytes| chart_name(&bytes)) else { return };
                self.charts.entry(name).or_default().push(folder.to_owned());
            }
            Some("kustomization.yaml" | "kustomization.yml" | "Kustomization") if path.is_file() => {
                self.overlays.push(folder.to_owned());
            }
            _ => {}
        }
    }
}

/// The name of a chart, which its `Chart.yaml` has in a line of its own.
fn chart_name(text: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(text);
    let name = text.lines().find_map(|line| line.strip_prefix("name:"))?;
    let name = name.split(" #").next().unwrap_or(name).trim().trim_matches(['"', '\'']);
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::scratch::Scratch;
    use super::{Template, Templates};

    fn chart(path: &str) -> Template {
        Template::Chart(path.to_owned())
    }

    fn overlay(path: &str) -> Template {
        Template::Overlay(path.to_owned())
    }

    #[test]
    fn charts_are_known_by_their_names_and_not_by_their_folders() {
        let scratch = Scratch::new();
        scratch.file("deploy/one/Chart.yaml", "apiVersion: v2\nname: \"ferry\" # the mesh\n");
        scratch.file("deploy/one/templates/a.yaml", "");
        scratch.file("deploy/lib/Chart.yaml", "name: berth\n");
        scratch.file("deploy/lib/templates/b.yaml", "");
        scratch.file("x/Chart.yaml", "name: twice\n");
        scratch.file("x/templates/c.yaml", "");
        scratch.file("y/Chart.yaml", "name: twice\n");
        scratch.file("y/templates/c.yaml", "");
        scratch.file("y/templates/d.yaml", "");
        let mut templates = Templates::new(scratch.path());
        let mut find = |path: &str| templates.find(&chart(path), "<stdin>");
        assert_eq!(find("ferry/templates/a.yaml").as_deref(), Some("deploy/one/templates/a.yaml"));
        assert_eq!(find("ferry/charts/berth/templates/b.yaml").as_deref(), Some("deploy/lib/templates/b.yaml"));
        assert_eq!(find("ferry/templates/gone.yaml"), None);
        assert_eq!(find("one/templates/a.yaml"), None);
        assert_eq!(find("twice/templates/c.yaml"), None, "one of two");
        assert_eq!(find("twice/templates/d.yaml").as_deref(), Some("y/templates/d.yaml"));
        let mut inside = Templates::new(&scratch.path().join("deploy/one/templates"));
        assert_eq!(inside.find(&chart("ferry/templates/a.yaml"), "<stdin>"), None, "nothing above is ever read");
        scratch.file(".git/HEAD", "");
        let mut inside = Templates::new(&scratch.path().join("deploy/one/templates"));
        assert_eq!(inside.find(&chart("ferry/templates/a.yaml"), "<stdin>").as_deref(), Some("a.yaml"));
    }

    #[test]
    fn what_lies_outside_of_the_repository_is_left_alone() {
        let scratch = Scratch::new();
        scratch.file("secret/templates/a.yaml", "");
        scratch.file("repo/.git/config", "");
        scratch.file("repo/c/Chart.yaml", "name: c\n");
        scratch.file("repo/k/kustomization.yaml", "");
        let mut templates = Templates::new(&scratch.path().join("repo"));
        for path in ["c/../../secret/templates/a.yaml", "c/../.git/config", "c/templates/../../.git/config"] {
            assert_eq!(templates.find(&chart(path), "<stdin>"), None, "{path}");
        }
        let absolute = scratch.path().join("secret/templates/a.yaml");
        for path in ["../../secret/templates/a.yaml", "../.git/config", absolute.to_str().unwrap()] {
            assert_eq!(templates.find(&overlay(path), "<stdin>"), None, "{path}");
        }
    }

    #[test]
    fn overlays_are_told_apart_by_what_they_hold() {
        let scratch = Scratch::new();
        for name in ["dev", "prod"] {
            scratch.file(&format!("overlays/{name}/kustomization.yaml"), "");
            scratch.file(&format!("overlays/{name}/own.yaml"), "");
        }
        scratch.file("overlays/prod/extra.yaml", "");
        scratch.file("base/kustomization.yml", "");
        scratch.file("base/mesh.yaml", "");
        let mut templates = Templates::new(scratch.path());
        let mut find = |path: &str, rendered: &str| templates.find(&overlay(path), rendered);
        assert_eq!(find("../../base/mesh.yaml", "<stdin>").as_deref(), Some("base/mesh.yaml"));
        assert_eq!(find("extra.yaml", "<stdin>").as_deref(), Some("overlays/prod/extra.yaml"));
        assert_eq!(find("own.yaml", "<stdin>"), None, "one of two");
        // A name that was given to the text says which.
        assert_eq!(find("own.yaml", "overlays/dev/all.yaml").as_deref(), Some("overlays/dev/own.yaml"));
        assert_eq!(find("own.yaml", "overlays/dev/own.yaml"), None, "nothing is made from itself");
    }
}
