//! `meshlint graph`: the mesh as a picture.

use std::env;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use crate::engine::{self, Settings};
use crate::report::{self, PictureFormat};

use super::Exit;
use super::args::{Graph, GraphFormat};
use super::check::unread;
use super::input::inputs;
use super::message::{Refusal, complain, remark};
use super::settings;

/// Draws what the manifests hold. What is found in them is part of the picture, and no reason to fail.
pub(super) fn graph(args: &Graph, out: &mut dyn Write) -> Result<Exit, Refusal> {
    let cwd = env::current_dir().map_err(|error| Refusal::new(format!("there is no working directory: {error}")))?;
    let named = args.paths.iter().map(PathBuf::as_path).filter(|path| path.as_os_str() != "-");
    let config = settings::configuration(&args.configured, named, &cwd)?;
    let request = settings::request(inputs(&args.paths)?, args.no_gitignore, &config);
    let selection = settings::selection(&[], &[], &config)?;
    let settings = Settings { selection, threads: args.threads, config: Arc::new(config), ..Settings::default() };
    let outcome = engine::check(&request, &cwd, &settings);
    for problem in &outcome.problems {
        complain(&unread(problem));
    }
    if !outcome.problems.is_empty() {
        return Ok(Exit::Failed);
    }
    if outcome.summary.resources == 0 {
        remark("no mesh resource was found in what was read");
    }
    let mut picture = engine::picture(&outcome.mesh, &outcome.findings, &outcome.sources);
    if let Some(name) = &args.focus {
        picture = engine::focus(&picture, name).ok_or_else(|| {
            Refusal::new(format!("nothing in the mesh is called `{name}`"))
                .help("say `name`, `namespace/name` or `Kind/namespace/name`, as `VirtualNode/shop/cart`")
        })?;
    }
    report::write_picture(args.format.into(), &picture, out)?;
    Ok(Exit::Clean)
}

impl From<GraphFormat> for PictureFormat {
    fn from(format: GraphFormat) -> Self {
        match format {
            GraphFormat::Dot => Self::Dot,
            GraphFormat::Mermaid => Self::Mermaid,
            GraphFormat::Json => Self::Json,
        }
    }
}
