//! Fetching a secret from where a profile says it is. No error ever says the secret.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use secrecy::SecretString;

use super::SecretSource;
use super::folders::read_bounded;

const MOST_BYTES: u64 = 16 << 10;
const LONGEST: Duration = Duration::from_secs(30);

impl SecretSource {
    /// Fetches the secret. Blocks: a command may take its time.
    ///
    /// # Errors
    /// In words: which variable, file or command did not give one.
    pub fn fetch(&self) -> Result<SecretString, String> {
        let raw = match self {
            Self::Environment(name) => std::env::var(name)
                .map_err(|_| format!("the environment variable {name} is not set"))?,
            Self::File(path) => {
                let shown = path.display();
                let mode = std::fs::metadata(path)
                    .map_err(|error| format!("{shown} cannot be read: {error}"))?
                    .permissions()
                    .mode();
                if mode & 0o077 != 0 {
                    return Err(format!("others can read {shown}: run chmod 600 on it"));
                }
                read_bounded(path, MOST_BYTES)
                    .map_err(|error| format!("{shown} cannot be read: {error}"))?
            }
            Self::Command(words) => run(words)?,
            Self::Prompt => rpassword::prompt_password("Client secret of this site: ").map_err(|_| {
                "there is no terminal to ask on; name an environment variable, a file or a command".to_owned()
            })?,
        };
        let line = raw.lines().next().unwrap_or_default().trim_end();
        if line.is_empty() {
            return Err("what should hold the secret is empty".into());
        }
        Ok(line.to_owned().into())
    }
}

fn run(words: &[String]) -> Result<String, String> {
    let (program, arguments) = words.split_first().ok_or("the command is empty")?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("{program} does not start: {error}"))?;
    let out = child.stdout.take().ok_or("the command has no output")?;
    let (sender, printed) = mpsc::channel();
    // Not joined: a child that it leaves behind may hold the pipe open for ever.
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = BufReader::new(out.take(MOST_BYTES)).read_line(&mut line);
        let _ = sender.send(read.map(|_| line));
    });
    let end = Instant::now() + LONGEST;
    let late = || format!("{program} gave no secret within {} s", LONGEST.as_secs());
    let line = printed.recv_timeout(LONGEST);
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if line.is_ok() && Instant::now() < end => {
                std::thread::sleep(Duration::from_millis(5));
            }
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(late());
            }
            Err(error) => return Err(format!("{program}: {error}")),
        }
    };
    if !status.success() {
        return Err(format!("{program} failed ({status})"));
    }
    match line {
        Ok(Ok(line)) => Ok(line),
        Ok(Err(_)) => Err(format!("what {program} printed cannot be read")),
        Err(_) => Err(late()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn a_command_gives_its_first_line() {
        let source = SecretSource::Command(vec!["printf".into(), "hush\\nmore".into()]);
        assert_eq!(source.fetch().unwrap().expose_secret(), "hush");
    }

    #[test]
    fn a_child_left_behind_holds_nobody_up() {
        let script = "echo hush; sleep 60 &".to_owned();
        let begun = Instant::now();
        let source = SecretSource::Command(vec!["sh".into(), "-c".into(), script]);
        assert_eq!(source.fetch().unwrap().expose_secret(), "hush");
        assert!(begun.elapsed() < LONGEST);
    }

    #[test]
    fn a_failing_source_says_which() {
        let gone = SecretSource::Environment("FAILBACK_TEST_NOT_SET".into())
            .fetch()
            .unwrap_err();
        assert!(gone.contains("FAILBACK_TEST_NOT_SET"));
        let failed = SecretSource::Command(vec!["false".into()])
            .fetch()
            .unwrap_err();
        assert!(failed.contains("false failed"));
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "hush").unwrap();
        std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o644)).unwrap();
        let words = SecretSource::File(file.path().into()).fetch().unwrap_err();
        assert!(words.contains("chmod 600") && !words.contains("hush"));
    }
}
