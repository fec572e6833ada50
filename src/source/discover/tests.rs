use super::super::globs::Globs;
use super::super::scratch::Scratch;
use super::*;

/// Loads paths below a folder, with one thread and with several: both must give the same.
fn check(scratch: &Scratch, paths: &[&str]) -> Loaded {
    let inputs: Vec<Input> = paths.iter().map(|path| Input::Path(path.into())).collect();
    let many = load(&Request::new(inputs.iter().rev().cloned().collect()), scratch.path(), 4);
    let one = load(&Request::new(inputs), scratch.path(), 1);
    assert_eq!(listed(&one), listed(&many));
    assert_eq!(one.problems, many.problems);
    assert_eq!(one.notes, many.notes);
    one
}

fn listed(loaded: &Loaded) -> Vec<(&str, Origin, &str)> {
    loaded.sources.iter().map(|(_, file)| (file.name.as_str(), file.origin, file.text.as_str())).collect()
}

fn names(loaded: &Loaded) -> Vec<&str> {
    loaded.sources.iter().map(|(_, file)| file.name.as_str()).collect()
}

fn noted(loaded: &Loaded) -> Vec<&str> {
    loaded.notes.iter().map(|note| note.path.as_str()).collect()
}

#[test]
fn files_are_sorted_by_name_whatever_the_order_of_inputs() {
    let scratch = Scratch::new();
    for name in ["b/x.yaml", "a b.yaml", "caf\u{e9}/\u{4e2d}.json", "B.yml", "a.txt", "sub/c.yaml.template"] {
        scratch.file(name, name);
    }
    let loaded = check(&scratch, &["b", "caf\u{e9}", "./a b.yaml", "sub/../B.yml", "sub/"]);
    assert_eq!(names(&loaded), ["B.yml", "a b.yaml", "b/x.yaml", "caf\u{e9}/\u{4e2d}.json", "sub/c.yaml.template"]);
    assert_eq!(names(&check(&scratch, &["."])), names(&loaded));
    assert!(loaded.problems.is_empty() && loaded.notes.is_empty());
}

#[test]
fn many_files_are_read_in_order() {
    let scratch = Scratch::new();
    for number in 0..100 {
        scratch.file(&format!("{}/{number:03}.yaml", number % 7), number.to_string());
    }
    let loaded = check(&scratch, &["."]);
    assert_eq!(loaded.sources.len(), 100);
    assert!(names(&loaded).is_sorted());
    assert!(loaded.sources.iter().all(|(_, file)| file.name.ends_with(&format!("/{:0>3}.yaml", file.text))));
}

#[test]
fn an_input_named_twice_counts_once() {
    let scratch = Scratch::new();
    let file = scratch.file("sub/a.yaml", "a");
    let loaded = check(&scratch, &["sub/a.yaml", "./sub/../sub/a.yaml", ".", "sub", file.to_str().unwrap()]);
    assert_eq!(listed(&loaded), [("sub/a.yaml", Origin::Named, "a")]);
}

#[test]
fn content_is_decoded() {
    let scratch = Scratch::new();
    scratch.file("1-bom.yaml", b"\xef\xbb\xbfa: 1\r\n");
    scratch.file("2-little.yaml", b"\xff\xfea\0:\0");
    scratch.file("3-big.yaml", b"\0a\0:");
    scratch.file("4-latin.yaml", b"a: caf\xe9");
    scratch.file("5-binary.yaml", b"\x7fELF\0");
    scratch.file("6-empty.yaml", b"");
    let loaded = check(&scratch, &["."]);
    let texts: Vec<_> = loaded.sources.iter().map(|(_, f)| (f.text.as_str(), f.lead, f.damage.len())).collect();
    assert_eq!(texts, [("a: 1\r\n", 3, 0), ("a:", 0, 0), ("a:", 0, 0), ("a: caf?", 0, 1), ("", 0, 1), ("", 0, 0)]);
    assert!(loaded.problems.is_empty());
}

#[test]
fn ignore_files_hold_in_a_walk_and_not_for_what_is_named() {
    let scratch = Scratch::new();
    scratch.file(".gitignore", "ignored.yaml\nbuild/\n");
    scratch.file(".ignore", "other.yaml\n");
    for name in ["ignored.yaml", "other.yaml", "kept.yaml", "build/made.yaml", ".github/x.yaml", ".git/y.yaml"] {
        scratch.file(name, "");
    }
    assert_eq!(names(&check(&scratch, &["."])), [".github/x.yaml", "kept.yaml"]);
    assert_eq!(names(&check(&scratch, &["build", "ignored.yaml"])), ["build/made.yaml", "ignored.yaml"]);
    let everything = Request { gitignore: false, ..Request::new(vec![Input::Path(".".into())]) };
    assert_eq!(
        names(&load(&everything, scratch.path(), 0)),
        [".github/x.yaml", "build/made.yaml", "ignored.yaml", "kept.yaml", "other.yaml"]
    );
}

#[test]
fn a_broken_ignore_rule_is_noted() {
    let scratch = Scratch::new();
    scratch.file("sub/.gitignore", "a.yaml\n[z-a]\n");
    scratch.file("sub/a.yaml", "");
    scratch.file("sub/b.yaml", "");
    let loaded = check(&scratch, &["."]);
    assert_eq!(names(&loaded), ["sub/b.yaml"]);
    assert_eq!(noted(&loaded), ["sub/.gitignore"]);
    assert!(loaded.notes[0].message.starts_with("the ignore rule in line 2 has no effect: "), "{:?}", loaded.notes);
}

#[test]
fn a_named_file_is_read_whatever_its_name() {
    let scratch = Scratch::new();
    scratch.file("mesh.txt", "a");
    scratch.file("walked/mesh.txt", "b");
    assert_eq!(listed(&check(&scratch, &["mesh.txt", "walked"])), [("mesh.txt", Origin::Named, "a")]);
}

#[test]
fn a_missing_path_is_a_problem_with_a_suggestion() {
    let scratch = Scratch::new();
    scratch.file("deploy/mesh.yaml", "");
    let loaded = check(&scratch, &["deploi", "deploy", "deploi", "nothing-like-it"]);
    assert_eq!(names(&loaded), ["deploy/mesh.yaml"]);
    let problem = |path: &str, help: Option<&str>| Problem {
        help: help.map(str::to_owned),
        ..Problem::named(path.to_owned(), "no such file or directory".to_owned())
    };
    if cfg!(unix) {
        assert_eq!(
            loaded.problems,
            [problem("deploi", Some("did you mean `deploy`?")), problem("nothing-like-it", None)]
        );
    } else {
        assert_eq!(loaded.problems.len(), 2);
    }
}

#[test]
fn odd_inputs_are_problems() {
    let scratch = Scratch::new();
    scratch.file("a.yaml", "");
    let loaded = check(&scratch, &["", "a.yaml/b.yaml", "nul\0byte", &"x".repeat(5000)]);
    assert!(loaded.sources.is_empty());
    assert_eq!(loaded.problems.len(), 4);
    assert!(loaded.problems.iter().all(|problem| problem.named && !problem.message.is_empty()));
    assert!(load(&Request::new(Vec::new()), Path::new("/no/such/folder"), 1).sources.is_empty());
}

#[test]
fn a_directory_named_like_a_file_is_walked() {
    let scratch = Scratch::new();
    scratch.file("dir.yaml/a.yaml", "");
    for path in [".", "dir.yaml"] {
        let loaded = check(&scratch, &[path]);
        assert_eq!(names(&loaded), ["dir.yaml/a.yaml"]);
        assert!(loaded.problems.is_empty());
    }
}

#[test]
fn standard_input_is_one_source_among_the_others() {
    let scratch = Scratch::new();
    scratch.file("a.yaml", "");
    scratch.file("z.yaml", "");
    let stdin = Input::stdin("stdin.yaml", &b"\xef\xbb\xbfkind: Mesh"[..]).unwrap();
    let empty = Input::stdin("stdin.yaml", &b""[..]).unwrap();
    let inputs = vec![empty, Input::Path(".".into()), stdin];
    let loaded = load(&Request::new(inputs), scratch.path(), 2);
    let expected =
        [("a.yaml", Origin::Walked, ""), ("stdin.yaml", Origin::Stdin, "kind: Mesh"), ("z.yaml", Origin::Walked, "")];
    assert_eq!(listed(&loaded), expected);
}

#[test]
fn a_file_beyond_the_limit_is_not_read() {
    let scratch = Scratch::new();
    let path = scratch.file("big.yaml", "");
    // A hole in a file takes no room on the disk.
    fs::File::options().write(true).open(&path).unwrap().set_len(MAX_FILE_BYTES + 1).unwrap();
    let walked = check(&scratch, &["."]);
    assert!(walked.sources.is_empty() && walked.problems.is_empty());
    let message = "not read: larger than 256 MiB";
    assert_eq!(walked.notes, [Note { path: "big.yaml".into(), message: message.into(), named: false }]);
    let named = check(&scratch, &["big.yaml", "."]);
    assert_eq!(named.problems, [Problem::named("big.yaml".into(), message.into())]);
    assert!(named.notes.is_empty());
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::io::Write;
    use std::os::fd::AsRawFd;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn a_file_reached_through_links_counts_once_under_its_own_name() {
        let scratch = Scratch::new();
        scratch.file("real/z.yaml", "z");
        scratch.link("a.yaml", "real/z.yaml");
        scratch.link("linked", "real");
        let expected = [("real/z.yaml", Origin::Walked, "z")];
        assert_eq!(listed(&check(&scratch, &["."])), expected);
        assert_eq!(listed(&check(&scratch, &["linked", "real"])), expected);
        assert_eq!(names(&check(&scratch, &["linked"])), ["linked/z.yaml"]);
        let both = check(&scratch, &["a.yaml", "real"]);
        assert_eq!(listed(&both), [("real/z.yaml", Origin::Named, "z")]);
        assert_eq!(names(&check(&scratch, &["linked", "a.yaml"])), ["a.yaml"]);
    }

    #[test]
    fn a_file_link_is_read_wherever_it_leads() {
        let scratch = Scratch::new();
        scratch.file("outside/target.txt", "t");
        scratch.link("tree/a.yaml", "../outside/target.txt");
        assert_eq!(listed(&check(&scratch, &["tree"])), [("tree/a.yaml", Origin::Walked, "t")]);
    }

    #[test]
    fn loops_of_links_end() {
        let scratch = Scratch::new();
        scratch.file("tree/a.yaml", "");
        scratch.link("tree/sub/up", "..");
        scratch.link("tree/self.yaml", "self.yaml");
        scratch.link("tree/.#a.yaml", "user@host.1");
        let loaded = check(&scratch, &["tree"]);
        assert_eq!(names(&loaded), ["tree/a.yaml"]);
        assert_eq!(noted(&loaded), ["tree/sub/up"]);
        assert_eq!(loaded.problems.len(), 1);
        assert_eq!((loaded.problems[0].path.as_str(), loaded.problems[0].named), ("tree/self.yaml", false));
        let named = check(&scratch, &["tree/self.yaml", "tree/sub/up/sub/up/a.yaml"]);
        assert_eq!(names(&named), ["tree/sub/up/sub/up/a.yaml"]);
        assert!(named.problems[0].named && named.problems[0].message.starts_with("the link leads nowhere: "));
    }

    #[test]
    fn what_cannot_be_read_is_a_problem() {
        let scratch = Scratch::new();
        let file = scratch.file("sub/locked.yaml", "a");
        scratch.file("sub/open.yaml", "b");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
        let (walked, named) = (check(&scratch, &["."]), check(&scratch, &[".", "sub/locked.yaml"]));
        if fs::File::open(&file).is_ok() {
            // The superuser may read everything; then the file is as good as any other.
            assert_eq!(names(&walked), ["sub/locked.yaml", "sub/open.yaml"]);
            return;
        }
        let problem = Problem {
            named: false,
            ..Problem::named("sub/locked.yaml".into(), "cannot be read: permission denied".into())
        };
        assert_eq!(names(&walked), ["sub/open.yaml"]);
        assert_eq!(walked.problems, std::slice::from_ref(&problem));
        assert_eq!(named.problems, [Problem { named: true, ..problem }]);
    }

    #[test]
    fn a_directory_that_cannot_be_listed_is_a_problem() {
        let scratch = Scratch::new();
        scratch.file("open/a.yaml", "");
        let shut = scratch.file("shut/b.yaml", "").parent().unwrap().to_owned();
        fs::set_permissions(&shut, fs::Permissions::from_mode(0o000)).unwrap();
        let (walked, named) = (check(&scratch, &["."]), check(&scratch, &["shut", "."]));
        let superuser = fs::read_dir(&shut).is_ok();
        fs::set_permissions(&shut, fs::Permissions::from_mode(0o700)).unwrap();
        if superuser {
            assert_eq!(names(&walked), ["open/a.yaml", "shut/b.yaml"]);
            return;
        }
        assert_eq!(names(&walked), ["open/a.yaml"]);
        let problem = Problem::named("shut".into(), "cannot be read: permission denied".into());
        assert_eq!(named.problems, std::slice::from_ref(&problem));
        assert_eq!(walked.problems, [Problem { named: false, ..problem }]);
    }

    #[test]
    fn pipes_and_devices_are_read_when_named() {
        let scratch = Scratch::new();
        let (reader, mut writer) = std::io::pipe().unwrap();
        writer.write_all(b"kind: Mesh").unwrap();
        drop(writer);
        let path = format!("/dev/fd/{}", reader.as_raw_fd());
        let inputs = vec![Input::Path(path.clone().into()), Input::Path("/dev/null".into())];
        let loaded = load(&Request::new(inputs), scratch.path(), 1);
        assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
        let mut expected = [(path.as_str(), Origin::Named, "kind: Mesh"), ("/dev/null", Origin::Named, "")];
        expected.sort_by_key(|&(name, ..)| name);
        assert_eq!(listed(&loaded), expected);
    }

    #[test]
    fn a_socket_is_never_opened() {
        let scratch = Scratch::new();
        let _listener = UnixListener::bind(scratch.path().join("s.yaml")).unwrap();
        scratch.link("t.yaml", "s.yaml");
        let walked = check(&scratch, &["."]);
        assert_eq!(noted(&walked), ["s.yaml", "t.yaml"]);
        assert!(walked.problems.is_empty());
        assert_eq!(
            check(&scratch, &["s.yaml"]).problems,
            [Problem::named("s.yaml".into(), "not a regular file".into())]
        );
    }

    // Names on macOS are always Unicode.
    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_not_unicode_are_reported_lossily() {
        let scratch = Scratch::new();
        for bytes in [b"\xff.yaml", b"\xfe.yaml"] {
            fs::write(scratch.path().join(OsStr::from_bytes(bytes)), bytes).unwrap();
        }
        let loaded = check(&scratch, &["."]);
        assert_eq!(names(&loaded), ["\u{fffd}.yaml", "\u{fffd}.yaml"]);
        assert!(loaded.sources.iter().all(|(_, file)| file.text == "?.yaml"));
    }
}

#[test]
fn patterns_leave_out_what_is_walked_and_not_what_is_named() {
    let scratch = Scratch::new();
    for name in ["deploy/a.yaml", "deploy/vendor/b.yaml", "vendor/c.yaml", "d.yaml", "meshlint.yaml"] {
        scratch.file(name, "");
    }
    let root = fs::canonicalize(scratch.path()).unwrap();
    let globs = |patterns: &[&str]| Globs::new(&root, patterns).unwrap();
    let load_with = |filter: Filter, paths: &[&str]| {
        let inputs = paths.iter().map(|path| Input::Path(path.into())).collect();
        load(&Request { filter, ..Request::new(inputs) }, scratch.path(), 1)
    };
    let exclude = |is_forced| Filter { exclude: vec![globs(&["vendor/"])], is_forced, ..Filter::default() };
    let walked = load_with(exclude(false), &["."]);
    assert_eq!(names(&walked), ["d.yaml", "deploy/a.yaml"], "the configuration is nothing to check either");
    assert_eq!(noted(&walked), ["deploy/vendor", "vendor"]);
    let named = ["vendor", "deploy/vendor/b.yaml", "meshlint.yaml"];
    assert_eq!(names(&load_with(exclude(false), &named)), ["deploy/vendor/b.yaml", "meshlint.yaml", "vendor/c.yaml"]);
    assert_eq!(names(&load_with(exclude(true), &named)), ["meshlint.yaml"]);
    let include = Filter { include: vec![globs(&["deploy/**", "!deploy/vendor"])], ..Filter::default() };
    assert_eq!(names(&load_with(include.clone(), &["."])), ["deploy/a.yaml"]);
    assert_eq!(names(&load_with(include, &["d.yaml"])), ["d.yaml"]);
}
