//! An agent's file fetched by the system's ssh from a real sshd on this machine.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use failback::agent::ssh::Trouble;
use failback::agent::{Remote, Ssh};
use tempfile::TempDir;

const SSHD: &str = "/usr/sbin/sshd";
const FILE: &[u8] = b"[vxagent]\nHostId=7f3c2a10-5b6d-4e8f-9a01-23456789abcd\n";

/// A server with one account, its keys, and a client's configuration that reaches it as `web-01`.
struct Server {
    folder: TempDir,
    port: u16,
    sshd: Option<Child>,
}

impl Server {
    /// Keys and configurations for a port of this machine.
    fn prepared(port: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = Self {
            folder,
            port,
            sshd: None,
        };
        for name in ["host", "key", "stranger"] {
            keygen(&server.at(name));
        }
        fs::write(server.at("drscout.conf"), FILE).unwrap();
        let of = |name: &str| server.at(name).display().to_string();
        let (host, key, conf) = (of("host"), of("key.pub"), of("drscout.conf"));
        // What the machine would run, with the file in another place.
        let sshd = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {host}\nPidFile none\n\
             AuthorizedKeysFile {key}\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n\
             KbdInteractiveAuthentication no\n\
             ForceCommand sed 's#/usr/local/drscout.conf#{conf}#' | sh -s\n"
        );
        fs::write(server.at("sshd.conf"), sshd).unwrap();
        server.client("key");
        server
    }

    fn started() -> Self {
        // It wants this when it is started by root.
        if rustix::process::geteuid().is_root() {
            fs::create_dir_all("/run/sshd").unwrap();
        }
        // Somebody else may take the port before sshd does.
        let mut tries = (0..5).map(|_| Self::tried());
        tries.find_map(Result::ok).expect("an sshd that listens")
    }

    /// What it said, when it does not listen.
    fn tried() -> Result<Self, String> {
        let mut server = Self::prepared(listener().local_addr().unwrap().port());
        let sshd = Command::new(SSHD)
            .args(["-D", "-e", "-f"])
            .arg(server.at("sshd.conf"))
            .stderr(fs::File::create(server.at("said")).unwrap())
            .stdin(Stdio::null())
            .spawn();
        let sshd = server
            .sshd
            .insert(sshd.expect("sshd, of the package openssh-server"));
        let end = Instant::now() + Duration::from_secs(20);
        let said = server.folder.path().join("said");
        loop {
            let over = sshd.try_wait().unwrap().is_some() || Instant::now() > end;
            let said = fs::read_to_string(&said).unwrap();
            // Its own word: another server could have the port.
            match said.contains("Server listening on 127.0.0.1") {
                true => return Ok(server),
                false if over => return Err(said),
                false => std::thread::yield_now(),
            }
        }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The configuration of somebody with this key.
    fn client(&self, key: &str) {
        let of = |name: &str| self.at(name).display().to_string();
        let (key, known) = (of(key), of("known"));
        let config = format!(
            "Host web-01\n  HostName 127.0.0.1\n  Port {}\n  IdentityFile {key}\n  \
             IdentitiesOnly yes\n  IdentityAgent none\n  UserKnownHostsFile {known}\n  \
             GlobalKnownHostsFile /dev/null\n",
            self.port
        );
        fs::write(self.at("ssh.conf"), config).unwrap();
    }

    /// The person has seen the host's key before.
    fn known(&self, key: &str) {
        let key = fs::read_to_string(self.at(key)).unwrap();
        let line = format!("[127.0.0.1]:{} {key}", self.port);
        fs::write(self.at("known"), line).unwrap();
    }

    async fn read(&self, seconds: u64) -> Result<Vec<u8>, Trouble> {
        let ssh = Ssh {
            config: Some(self.at("ssh.conf")),
            ..Ssh::new(Duration::from_secs(seconds))
        };
        ssh.read("web-01", Remote::Sh).await
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(sshd) = &mut self.sshd {
            let _ = sshd.kill();
            let _ = sshd.wait();
        }
    }
}

/// At a port of this machine that nobody has.
fn listener() -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap()
}

fn keygen(file: &Path) {
    let mut keygen = Command::new("ssh-keygen");
    keygen
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(file);
    assert!(keygen.status().expect("ssh-keygen").success());
}

#[tokio::test]
async fn a_file_is_fetched_with_the_persons_key() {
    let server = Server::started();
    server.known("host.pub");
    assert_eq!(server.read(30).await, Ok(FILE.to_vec()));
}

#[tokio::test]
async fn a_connection_that_is_held_open_is_used_and_none_is_left_open() {
    let server = Server::started();
    server.known("host.pub");
    let socket = server.at("held");
    let config = fs::read_to_string(server.at("ssh.conf")).unwrap();
    let held = format!(
        "{config}  ControlMaster auto\n  ControlPath {}\n  ControlPersist 600\n",
        socket.display()
    );
    fs::write(server.at("ssh.conf"), held).unwrap();
    assert_eq!(server.read(30).await, Ok(FILE.to_vec()));
    assert!(!socket.exists(), "a connection was left open");
    // One that the person opened serves when nobody else could.
    let ssh = |words: &[&str]| {
        let mut ssh = Command::new("ssh");
        ssh.arg("-F").arg(server.at("ssh.conf")).args(words);
        ssh.stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        ssh.status().unwrap()
    };
    assert!(ssh(&["-M", "-N", "-f", "web-01"]).success());
    // No key of this configuration would be let in.
    let stranger = fs::read_to_string(server.at("ssh.conf")).unwrap();
    let (key, other) = (server.at("key"), server.at("stranger"));
    let stranger = stranger.replace(
        &format!("IdentityFile {}", key.display()),
        &format!("IdentityFile {}", other.display()),
    );
    fs::write(server.at("ssh.conf"), stranger).unwrap();
    let used = server.read(30).await;
    assert!(ssh(&["-O", "exit", "web-01"]).success());
    assert_eq!(used, Ok(FILE.to_vec()));
}

#[tokio::test]
async fn a_host_key_that_is_not_known_or_changed_is_never_accepted() {
    let server = Server::started();
    let unknown = Err(Trouble::HostKey("web-01".into()));
    assert_eq!(server.read(30).await, unknown);
    server.known("stranger.pub");
    assert_eq!(server.read(30).await, unknown);
    // And nothing was learnt by trying.
    server.known("host.pub");
    assert_eq!(server.read(30).await, Ok(FILE.to_vec()));
}

#[tokio::test]
async fn a_key_that_is_not_let_in_is_told_as_that() {
    let server = Server::started();
    server.known("host.pub");
    server.client("stranger");
    assert_eq!(server.read(30).await, Err(Trouble::Denied("web-01".into())));
}

#[tokio::test]
async fn a_server_that_hangs_ends_at_the_deadline() {
    // It takes the connection and says nothing.
    let silent = listener();
    let server = Server::prepared(silent.local_addr().unwrap().port());
    let Err(Trouble::Deadline { after, .. }) = server.read(2).await else {
        panic!("it answered");
    };
    assert_eq!(after, Duration::from_secs(2));
}

#[tokio::test]
async fn a_port_at_which_nobody_listens_is_told_as_that() {
    // No service is there, and no program gets this port.
    let server = Server::prepared(1);
    let Err(Trouble::Unreachable(host, said)) = server.read(30).await else {
        panic!("somebody listens");
    };
    assert_eq!(host.as_str(), "web-01");
    assert!(said.as_str().contains("refused"), "{said}");
}
