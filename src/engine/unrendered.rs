//! What has to be rendered before it can be read: patches of kustomizations and templates of charts. They are left
//! alone, and it is told once what to run.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::dialect::{Kustomization, Skipped};
use crate::mesh::Unread;
use crate::source::{FileId, Note, Origin, Sources};

use super::read::FileReading;

/// Drops what stands in files that a kustomization names as patches: they hold no whole objects. Beside a
/// kustomization that takes something in from elsewhere, or renames what it takes, nothing dangles. Gives the files of
/// the patches.
pub(super) fn leave(sources: &Sources, readings: &mut [FileReading]) -> FxHashSet<FileId> {
    let mut files = FxHashSet::default();
    let all = kustomizations(sources, readings);
    if all.is_empty() {
        return files;
    }
    let mut patches: FxHashSet<String> = FxHashSet::default();
    for (_, folder, one) in &all {
        patches.extend(one.patches.iter().map(|patch| joined(folder, patch)));
    }
    let mut paths: Vec<_> = sources.iter().map(|(id, _)| (sources.path(id), id)).collect();
    paths.sort_unstable();
    let mut open = Vec::new();
    for (id, folder, one) in &all {
        let is_read = |part: &String| is_read(&paths, &joined(folder, part));
        if one.is_open || !one.parts.iter().all(is_read) {
            open.push((*id, below(&paths, folder)));
        }
    }
    for (path, id) in &paths {
        let reading = &mut readings[id.index()];
        if patches.contains(&**path) {
            reading.skipped.extend(std::iter::repeat_n(Skipped::Patch, reading.objects.len()));
            reading.objects.clear();
            files.insert(*id);
        }
    }
    for (id, reach) in open {
        readings[id.index()].unread.push(Unread {
            file: id,
            text: String::new(),
            is_template: true,
            is_nameless: false,
            reach,
        });
    }
    files
}

/// The kustomizations with the files and folders that they stand in.
fn kustomizations(sources: &Sources, readings: &[FileReading]) -> Vec<(FileId, String, Kustomization)> {
    let files = sources.iter().zip(readings);
    let all = files.filter_map(|((id, _), reading)| {
        let folder = folder_of(&sources.path(id)).to_owned();
        Some((id, folder, reading.kustomization.clone()?))
    });
    all.collect()
}

/// Whether a file, or anything in a folder, was read. The paths are sorted.
fn is_read(paths: &[(Cow<'_, str>, FileId)], part: &str) -> bool {
    let inside = format!("{part}/");
    let at = |from: &str| paths.get(paths.partition_point(|(path, _)| **path < *from)).map(|(path, _)| path);
    part.is_empty()
        || at(part).is_some_and(|path| path == part)
        || at(&inside).is_some_and(|path| path.starts_with(&inside))
}

/// The files below a folder, sorted; `None` for all files.
fn below(paths: &[(Cow<'_, str>, FileId)], folder: &str) -> Option<Box<[FileId]>> {
    if folder.is_empty() {
        return None;
    }
    let inside = format!("{folder}/");
    let start = paths.partition_point(|(path, _)| **path < *inside);
    let inside = paths[start..].iter().take_while(|(path, _)| path.starts_with(&inside));
    let mut files: Vec<_> = inside.map(|(_, id)| *id).collect();
    files.sort_unstable();
    Some(files.into())
}

/// What is told of all that is left alone in a walk: a note for each kind of it, which says what to run.
pub(super) fn notes(sources: &Sources, readings: &[FileReading]) -> Vec<Note> {
    let (mut templates, mut patches) = ((0, Vec::new()), (0, Vec::new()));
    for ((_, file), reading) in sources.iter().zip(readings).filter(|((_, file), _)| file.origin == Origin::Walked) {
        for (why, all) in [(Skipped::Template, &mut templates), (Skipped::Patch, &mut patches)] {
            let count = reading.skipped.iter().filter(|one| **one == why).count();
            if count > 0 {
                all.0 += count;
                all.1.push(&*file.name);
            }
        }
    }
    let mut notes = Vec::new();
    if let (count @ 1.., files) = templates {
        let charts = charts(sources);
        let folders = files.iter().map(|file| outermost(&charts, file).unwrap_or("")).collect();
        let command = |folder: &str| format!("helm template {folder}");
        notes.push(note(count, "unrendered template", &files, folders, command));
    }
    if let (count @ 1.., files) = patches {
        let command = |folder: &str| format!("kustomize build {folder}");
        notes.push(note(count, "patch", &files, built(sources, readings), command));
    }
    notes
}

fn note(count: usize, what: &str, files: &[&str], mut folders: Vec<&str>, command: impl Fn(&str) -> String) -> Note {
    folders.sort_unstable();
    folders.dedup();
    let (what, them) = match (count, what) {
        (1, what) => (format!("{what} left alone"), "it"),
        (count, "patch") => (format!("{count} patches left alone"), "them"),
        (count, what) => (format!("{count} {what}s left alone"), "them"),
    };
    let how = match folders.iter().find(|folder| !folder.is_empty()) {
        Some(folder) => format!("as with `{} | meshlint check -`", command(folder)),
        // Whatever fills them in, it is neither of the two.
        None => "with whatever fills it in, and name `-` to read the result".to_owned(),
    };
    let more = match folders.len() {
        0 | 1 => String::new(),
        2 => ", and so for 1 more folder".to_owned(),
        count => format!(", and so for {} more folders", count - 1),
    };
    let path = folders.iter().find(|folder| !folder.is_empty()).or(files.first()).map_or("", |path| path);
    Note { path: path.to_owned(), message: format!("{what}: render {them} first, {how}{more}"), named: true }
}

/// The folders that hold a chart; `.` for the working directory.
fn charts(sources: &Sources) -> FxHashSet<&str> {
    let charts = sources.iter().filter_map(|(_, file)| file.name.strip_suffix("Chart.yaml"));
    charts
        .filter(|folder| folder.is_empty() || folder.ends_with('/'))
        .map(|folder| folder.trim_end_matches('/'))
        .collect()
}

/// The folder of the chart that a template is rendered with: the outermost one around it.
fn outermost<'n>(charts: &FxHashSet<&str>, file: &'n str) -> Option<&'n str> {
    if charts.contains("") {
        return Some(".");
    }
    let ends = file.match_indices('/').map(|(at, _)| &file[..at]);
    ends.into_iter().find(|folder| charts.contains(folder))
}

/// The folders to build: those of kustomizations that are no part of others.
fn built<'s>(sources: &'s Sources, readings: &[FileReading]) -> Vec<&'s str> {
    let all = kustomizations(sources, readings);
    let homes: FxHashMap<&str, usize> = all.iter().enumerate().map(|(at, (_, folder, _))| (&**folder, at)).collect();
    let mut is_part = vec![false; all.len()];
    for (_, folder, one) in &all {
        for at in one.parts.iter().filter_map(|part| homes.get(&*joined(folder, part))) {
            is_part[*at] = true;
        }
    }
    let roots = all.iter().zip(is_part).filter(|((.., one), is_part)| one.is_built && !is_part);
    let name = |id: FileId| match folder_of(&sources.file(id).name) {
        "" => ".",
        folder => folder,
    };
    roots.map(|((id, ..), _)| name(*id)).collect()
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path relative to a folder, its `.` and `..` carried out.
fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let root = if folder.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}
