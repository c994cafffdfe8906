//! An agent's file fetched by the system's ssh from a real sshd on this machine.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
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
    /// Keys and configurations; nothing listens yet.
    fn prepared() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = port.local_addr().unwrap().port();
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
        let mut server = Self::prepared();
        // It wants this when it is started by root.
        if rustix::process::geteuid().is_root() {
            fs::create_dir_all("/run/sshd").unwrap();
        }
        let sshd = Command::new(SSHD)
            .args(["-D", "-e", "-f"])
            .arg(server.at("sshd.conf"))
            .stderr(fs::File::create(server.at("said")).unwrap())
            .stdin(Stdio::null())
            .spawn();
        server.sshd = Some(sshd.expect("sshd, of the package openssh-server"));
        let end = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, server.port)).is_err() {
            let said = fs::read_to_string(server.at("said")).unwrap();
            assert!(Instant::now() < end, "sshd does not listen: {said}");
            std::thread::yield_now();
        }
        server
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
    let server = Server::prepared();
    // It takes the connection and says nothing.
    let _silent = TcpListener::bind((Ipv4Addr::LOCALHOST, server.port)).unwrap();
    let Err(Trouble::Deadline { after, .. }) = server.read(2).await else {
        panic!("it answered");
    };
    assert_eq!(after, Duration::from_secs(2));
}

#[tokio::test]
async fn a_port_at_which_nobody_listens_is_told_as_that() {
    let server = Server::prepared();
    let Err(Trouble::Unreachable(host, said)) = server.read(30).await else {
        panic!("somebody listens");
    };
    assert_eq!(host.as_str(), "web-01");
    assert!(said.as_str().contains("refused"), "{said}");
}
