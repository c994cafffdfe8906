//! The scripts that read drscout.conf in a machine, and what comes out of them.

use thiserror::Error;

use super::conf::MOST_BYTES;
use super::wrapped::{self, NotWhole, Said};

/// Begins each of the lines around a file.
const MARK: &str = "failback-agent-file/1";

/// For `sh`. Where an agent keeps its file: cx-protocol.md 5. Behind a folder that may not be searched,
/// or a link that leads nowhere, it may be all the same.
pub const SH: &str = r#"for f in /usr/local/drscout.conf /usr/local/ASR/Vx/etc/drscout.conf \
 /usr/local/InMage/Vx/etc/drscout.conf /home/svsystems/etc/drscout.conf /etc/drscout.conf; do
 d=$f
 while d=${d%/*} && [ -n "$d" ]; do
  if [ -d "$d" ] && [ ! -x "$d" ]; then echo "failback-agent-file/1 denied"; exit 0; fi
  if [ -L "$d" ] && [ ! -e "$d" ]; then echo "failback-agent-file/1 denied"; exit 0; fi
 done
 if [ -L "$f" ] && [ ! -e "$f" ]; then echo "failback-agent-file/1 denied"; exit 0; fi
 if [ -f "$f" ] && [ ! -r "$f" ]; then echo "failback-agent-file/1 denied"; exit 0; fi
 if [ -f "$f" ]; then
  echo "failback-agent-file/1 begin $(wc -c < "$f" | tr -d ' ')"
  head -c 1048577 "$f" | gzip -9c | base64
  echo "failback-agent-file/1 end"
  exit 0
 fi
done
echo "failback-agent-file/1 none"
"#;

/// For PowerShell. The registry says where the file is; the usual places come after. It is opened so
/// that the agent may write it meanwhile, and copied as PowerShell 2 of Server 2008 R2 can, too.
pub const POWERSHELL: &str = r#"$ErrorActionPreference = 'Stop'
$paths = @()
foreach ($key in 'HKLM:\SOFTWARE\SV Systems\VxAgent', 'HKLM:\SOFTWARE\WOW6432Node\SV Systems\VxAgent') {
 $found = Get-ItemProperty -LiteralPath $key -ErrorAction SilentlyContinue
 if ($found -and $found.ConfigPathname) { $paths += $found.ConfigPathname }
}
$programs = ${env:ProgramFiles(x86)}
foreach ($folder in 'Microsoft Azure Site Recovery', 'Microsoft Azure Site Recovery\agent', 'InMage Systems') {
 $paths += "$programs\$folder\Application Data\etc\drscout.conf"
}
foreach ($path in $paths) {
 if (-not (Test-Path -LiteralPath $path -PathType Leaf)) { continue }
 $in = New-Object IO.FileStream($path, 'Open', 'Read', 'ReadWrite')
 $out = New-Object IO.MemoryStream
 $zip = New-Object IO.Compression.GZipStream($out, [IO.Compression.CompressionMode]::Compress)
 $size = $in.Length
 if ($size -le 1048576) {
  $some = New-Object byte[] 65536
  while (($count = $in.Read($some, 0, $some.Length)) -gt 0) { $zip.Write($some, 0, $count) }
 }
 $zip.Close(); $in.Close()
 Write-Output "failback-agent-file/1 begin $size"
 Write-Output ([Convert]::ToBase64String($out.ToArray()))
 Write-Output 'failback-agent-file/1 end'
 exit 0
}
Write-Output 'failback-agent-file/1 none'
"#;

/// Why an output holds no file.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NoFile {
    #[error("there is no drscout.conf where an agent keeps it: no mobility agent is installed")]
    None,
    #[error(
        "the user who runs the script may not read drscout.conf, or not look everywhere where an agent \
         keeps it"
    )]
    Denied,
    #[error("the script printed nothing that it should have")]
    NothingOfOurs,
    #[error("its output was cut off")]
    Cut,
    #[error("its output is not what the script prints")]
    Garbled,
    #[error("the file is larger than {} KiB; no agent's is", MOST_BYTES >> 10)]
    TooLarge,
}

/// The file out of what a script printed.
///
/// # Errors
/// Why there is none.
pub fn unwrap(printed: &str) -> Result<Vec<u8>, NoFile> {
    match wrapped::unwrap(MARK, printed, MOST_BYTES)? {
        Said::Whole(file) => Ok(file),
        Said::Word("none") => Err(NoFile::None),
        Said::Word("denied") => Err(NoFile::Denied),
        Said::Word(_) => Err(NoFile::Garbled),
    }
}

impl From<NotWhole> for NoFile {
    fn from(why: NotWhole) -> Self {
        match why {
            NotWhole::NothingOfOurs => Self::NothingOfOurs,
            NotWhole::Cut => Self::Cut,
            NotWhole::Garbled => Self::Garbled,
            NotWhole::TooLarge => Self::TooLarge,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    /// What the shell script says to an ordinary user where the agent's file would be there.
    fn said_of(path: &std::path::Path) -> Result<Vec<u8>, NoFile> {
        use std::os::unix::process::CommandExt as _;
        let script = SH.replace("/usr/local/drscout.conf", path.to_str().unwrap());
        let mut shell = std::process::Command::new("sh");
        // Root may look everywhere; nobody may not.
        if rustix::process::geteuid().is_root() {
            shell.uid(65534).gid(65534);
        }
        let ran = shell.arg("-c").arg(script).output().unwrap();
        unwrap(&String::from_utf8(ran.stdout).unwrap())
    }

    #[test]
    fn who_may_not_look_everywhere_does_not_say_that_no_agent_is_there() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let may = |path: &std::path::Path, mode: u32| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        may(folder.path(), 0o755);
        let closed = folder.path().join("agent");
        let path = closed.join("etc/drscout.conf");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert_eq!(said_of(&path), Err(NoFile::None));
        std::fs::write(&path, b"[vxagent]\nHostId=x\n").unwrap();
        assert_eq!(said_of(&path).unwrap(), b"[vxagent]\nHostId=x\n");
        let link = folder.path().join("drscout.conf");
        symlink(&path, &link).unwrap();
        assert_eq!(said_of(&link).unwrap(), b"[vxagent]\nHostId=x\n");
        // The file, the folder it is in, the folder above that, and a link that leads there.
        may(&path, 0o000);
        assert_eq!(said_of(&path), Err(NoFile::Denied));
        may(&path, 0o644);
        for shut in [path.parent().unwrap(), &closed] {
            may(shut, 0o600);
            assert_eq!(said_of(&path), Err(NoFile::Denied), "{}", shut.display());
            assert_eq!(said_of(&link), Err(NoFile::Denied), "{}", shut.display());
            may(shut, 0o755);
        }
    }

    fn wrapped(file: &[u8], size: usize) -> String {
        let mut zip = GzEncoder::new(Vec::new(), Compression::best());
        zip.write_all(file).unwrap();
        let text = STANDARD.encode(zip.finish().unwrap());
        let lines: Vec<&str> = text
            .as_bytes()
            .chunks(76)
            .map(|c| std::str::from_utf8(c).unwrap())
            .collect();
        format!("{MARK} begin {size}\r\n{}\n{MARK} end\n", lines.join("\n"))
    }

    #[test]
    fn what_the_shell_script_prints_is_the_file_again() {
        // The real script, on a machine where no agent is.
        let ran = std::process::Command::new("sh")
            .arg("-c")
            .arg(SH)
            .output()
            .unwrap();
        assert_eq!(
            unwrap(&String::from_utf8(ran.stdout).unwrap()),
            Err(NoFile::None)
        );
        // And on one where it is elsewhere.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("drscout.conf");
        let file = b"[vxagent]\r\nHostId=x\r\n\0\xfc";
        std::fs::write(&path, file).unwrap();
        let script = SH.replace("/usr/local/drscout.conf", path.to_str().unwrap());
        let ran = std::process::Command::new("sh")
            .arg("-c")
            .arg(script)
            .output()
            .unwrap();
        assert_eq!(
            unwrap(&String::from_utf8(ran.stdout).unwrap()).unwrap(),
            file
        );
    }

    #[test]
    fn an_output_that_was_cut_is_no_file() {
        let whole = wrapped(b"[vxagent]\nHostId=x\n", 19);
        assert_eq!(unwrap(&whole).unwrap(), b"[vxagent]\nHostId=x\n");
        assert_eq!(unwrap(&format!("a banner\n{whole}more")).unwrap().len(), 19);
        for at in 1..whole.len() - 1 {
            // Azure keeps the end.
            assert!(unwrap(&whole[at..]).is_err(), "{at}");
        }
        let no_end = whole.split("\nfailback-agent-file/1 end").next().unwrap();
        assert_eq!(unwrap(no_end), Err(NoFile::Cut));
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let bomb = wrapped(&vec![0; 64 << 20], 100);
        assert_eq!(unwrap(&bomb), Err(NoFile::Garbled));
        assert_eq!(unwrap(&wrapped(b"", MOST_BYTES + 1)), Err(NoFile::TooLarge));
    }

    proptest! {
        #[test]
        fn whatever_is_printed_is_read(printed in "(failback-agent-file/1 (begin [0-9]{1,9}|end|none|x)\n|[A-Za-z0-9+/=]{0,90}\n|.{0,9}\n){0,6}") {
            let _ = unwrap(&printed);
        }
    }

    #[test]
    fn windows_2008_r2_knows_everything_that_the_script_uses() {
        // Of .NET 4, and of PowerShell 3 and 5.
        for later in [
            ".CopyTo(",
            "Get-CimInstance",
            "ConvertTo-Json",
            "[ordered]",
            "::new(",
            " -in ",
        ] {
            assert!(!POWERSHELL.contains(later), "{later}");
        }
    }
}
