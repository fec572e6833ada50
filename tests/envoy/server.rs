//! A real Envoy on loopback, for as long as a value lives.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use serde_json::{Value, json};

use super::client;

/// How long Envoy may take to read thousands of tables on a machine with other work.
const START: Duration = Duration::from_secs(180);

/// The Envoy that the tests ask: `ENVOY_BIN`, or `envoy` on the path.
#[derive(Debug)]
pub(crate) struct Envoy {
    binary: PathBuf,
    /// Major, minor, patch.
    pub(crate) version: (u32, u32, u32),
}

impl Envoy {
    /// The Envoy of this machine; without one, says that a test is skipped.
    pub(crate) fn find(test: &str) -> Option<&'static Self> {
        static FOUND: OnceLock<Option<Envoy>> = OnceLock::new();
        let found = FOUND.get_or_init(|| {
            let named = env::var_os("ENVOY_BIN").filter(|name| !name.is_empty()).map(PathBuf::from);
            let binary = named.or_else(|| {
                let path = env::var_os("PATH")?;
                env::split_paths(&path).map(|folder| folder.join("envoy")).find(|file| file.is_file())
            })?;
            let version = version(&binary);
            Some(Self { binary, version })
        });
        if found.is_none() {
            say(&format!("{test}: skipped, since neither ENVOY_BIN is set nor `envoy` on the path"));
        }
        found.as_ref()
    }

    /// Whether several lines of one header are one text, joined by commas (up to 1.38; measured).
    pub(crate) fn joins_lines(&self) -> bool {
        self.version < (1, 39, 0)
    }

    /// Whether regexes read text as UTF-8 (up to 1.39.0) and not as bytes (from 1.39.3); `None` for versions between,
    /// which were not measured.
    pub(crate) fn reads_utf8(&self) -> Option<bool> {
        match self.version {
            version if version <= (1, 39, 0) => Some(true),
            version if version >= (1, 39, 3) => Some(false),
            _ => None,
        }
    }
}

fn version(binary: &Path) -> (u32, u32, u32) {
    let output = Command::new(binary).arg("--version").output();
    let output = output.unwrap_or_else(|error| panic!("{} does not run: {error}", binary.display()));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // `…/envoy  version: HASH/1.36.2/Clean/RELEASE/BoringSSL`
    let number = text.rsplit("version: ").next().and_then(|rest| rest.split('/').nth(1)).unwrap_or_default();
    let parts: Vec<u32> = number.split(['.', '-']).map_while(|part| part.parse().ok()).collect();
    match parts[..] {
        [major, minor, patch, ..] => (major, minor, patch),
        _ => panic!("`{} --version` says no version: {text}", binary.display()),
    }
}

/// Says something about the run, with the time since it began. Past the capture of the test harness: who waits for a
/// long run wants to see it.
pub(crate) fn say(text: &str) {
    static START: OnceLock<Instant> = OnceLock::new();
    let elapsed = START.get_or_init(Instant::now).elapsed().as_secs_f64();
    let _ = writeln!(std::io::stderr(), "[{elapsed:7.1}s] {text}");
}

/// A running Envoy, which ends with this value.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    folder: PathBuf,
    /// Where its listener is.
    pub(crate) address: SocketAddr,
    /// Where it answers questions about itself.
    pub(crate) admin: SocketAddr,
}

impl Server {
    /// Starts Envoy with a bootstrap that is made for a port, and waits until it takes requests there.
    pub(crate) fn start(envoy: &Envoy, name: &str, bootstrap: impl Fn(u16, &Path) -> Value) -> Self {
        // Somebody else may take the port between asking and listening, so there is another try.
        let mut problem = String::new();
        for attempt in 0..3 {
            let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
            let folder = folder.join(format!("envoy-{}-{name}-{attempt}", std::process::id()));
            fs::create_dir_all(&folder).unwrap();
            match Self::try_start(envoy, &folder, &bootstrap) {
                Ok(server) => return server,
                Err(why) => problem = why,
            }
        }
        panic!("Envoy does not start: {problem}");
    }

    fn try_start(envoy: &Envoy, folder: &Path, bootstrap: impl Fn(u16, &Path) -> Value) -> Result<Self, String> {
        let address = free_address();
        let mut config = bootstrap(address.port(), folder);
        config["admin"] = json!({"address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}}});
        let (file, log, admin_file) = (folder.join("envoy.json"), folder.join("log"), folder.join("admin"));
        fs::write(&file, serde_json::to_vec(&config).unwrap()).unwrap();
        let output = fs::File::create(&log).unwrap();
        let child = Command::new(&envoy.binary)
            .args(["--concurrency", "1", "--disable-hot-restart", "--log-level", "error", "--config-path"])
            .arg(&file)
            .arg("--admin-address-path")
            .arg(&admin_file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(output)
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not run: {error}", envoy.binary.display()));
        // From here on the child ends with this value, whatever happens.
        let mut server = Self { child, folder: folder.to_owned(), address, admin: address };
        let begin = Instant::now();
        loop {
            if let Some(status) = server.child.try_wait().unwrap() {
                let text = fs::read_to_string(&log).unwrap_or_default();
                return Err(format!("{status}\n{}", text.chars().take(3000).collect::<String>()));
            }
            let admin = fs::read_to_string(&admin_file).ok().and_then(|text| text.trim().parse().ok());
            if let Some(admin) = admin {
                server.admin = admin;
                if client::get(admin, "/ready").is_ok_and(|(status, _)| status == 200) {
                    return Ok(server);
                }
            }
            if begin.elapsed() > START {
                return Err(format!("it is not ready after {} seconds", START.as_secs()));
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // What it was given stays where a test fails, to be looked at.
        if !thread::panicking() {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// A port on loopback that nobody listens on, by asking for any.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap()
}
