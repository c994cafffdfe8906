//! The whole program in a pseudo-terminal, its site in this process behind the real protocol.

use failback::simulator::Estate;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::lab::Lab;
use crate::pty::{Start, Terminal};

/// The machine of the recordings that is ready to come home.
const MACHINE: &str = "V2A-W2K16-201";

pub struct Stage {
    pub runtime: Runtime,
    pub lab: Lab,
}

impl Stage {
    pub fn new(lab: impl Future<Output = Lab>) -> Self {
        let runtime = Runtime::new().unwrap();
        let lab = runtime.block_on(lab);
        Self { runtime, lab }
    }

    pub fn start(&self) -> Start {
        let home = |part: &str| self.lab.home().join(part).display().to_string();
        Start::program(env!("CARGO_BIN_EXE_failback"))
            .env("HOME", &home(""))
            .env("TZ", "UTC")
            .env("XDG_CONFIG_HOME", &home("config"))
            .env("XDG_STATE_HOME", &home("state"))
            .env("XDG_DATA_HOME", &home("data"))
    }

    /// The screens on the lab's site.
    pub fn screens(&self) -> Terminal {
        self.lab.keep_profile();
        self.start().start()
    }

    fn fault(&self, rule: &str) {
        self.runtime.block_on(self.lab.fault(rule));
    }
}

#[test]
fn read_only_offers_nothing_that_changes() {
    let stage = Stage::new(Lab::recorded());
    stage.lab.keep_profile();
    let mut terminal = stage.start().argument("--read-only").start();
    terminal.wait_for(MACHINE);
    terminal.keys(&format!("/{MACHINE}\r"));
    terminal.wait_for("1 of 2");
    for key in ["p", "f"] {
        terminal.keys(key);
        terminal.wait_for("read-only");
        terminal.keys("\x1b");
    }
    let changes = stage.runtime.block_on(stage.lab.changes());
    assert!(changes.is_empty(), "{changes:?}");
}

#[test]
fn a_page_is_as_high_as_the_terminal_from_the_beginning() {
    let stage = Stage::new(Lab::contoso());
    stage.lab.keep_profile();
    let mut terminal = stage.start().size(120, 36).start();
    terminal.wait_for("46 machines");
    let page_below = |terminal: &mut Terminal| {
        terminal.keys("\x1b[H\x1b[6~");
        terminal.wait_for_silence();
        let text = terminal.text();
        let here = text.lines().find(|line| line.contains('►'));
        here.expect("a machine under the keys").to_owned()
    };
    let first = page_below(&mut terminal);
    terminal.resize(100, 24);
    terminal.wait_for_silence();
    assert_ne!(
        page_below(&mut terminal).split_whitespace().nth(1),
        first.split_whitespace().nth(1)
    );
    terminal.resize(120, 36);
    terminal.wait_for_silence();
    assert_eq!(page_below(&mut terminal), first);
}

#[test]
fn the_first_run_adds_and_tests_a_site() {
    let mut stage = Stage::new(Lab::recorded());
    let secret = stage.lab.home().join("secret").display().to_string();
    let profile = stage.lab.profile.clone();
    let failback::store::Credential::ClientSecret { client_id, .. } = &profile.credential else {
        panic!("the lab signs in with a secret");
    };
    let mut terminal = stage.start().size(100, 40).start();
    terminal.wait_for("No site yet");
    // Each field of the form in its order; a choice is moved by the arrow keys.
    let clear = "\x15";
    let entries = [
        "home",
        &profile.tenant,
        &profile.subscription,
        &profile.resource_group,
        &profile.vaults[0],
        // Not the Azure CLI, which is offered first.
        "\x1b[C",
        client_id,
        "\x1b[C",
        &secret,
        &format!("{clear}{}", profile.arm),
        &format!("{clear}{}", profile.login),
        "",
        "\x1b[C",
    ];
    for entry in entries {
        terminal.keys(entry);
        terminal.keys("\t");
    }
    // With a wrong secret first: the sentence tells, and nothing typed is lost.
    let right = std::fs::read_to_string(&secret).unwrap();
    std::fs::write(&secret, "wrong").unwrap();
    terminal.keys("\x1b[15~");
    terminal.wait_for("the client secret is wrong");
    std::fs::write(&secret, right).unwrap();
    terminal.keys("\x1b[15~");
    terminal.wait_for("2 protected machines");
    terminal.keys("\x1b[21~");
    terminal.wait_for(MACHINE);
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
    // It is there the next time, without its secret.
    stage.lab.profile.name = "home".into();
    let kept = stage.lab.home().join("config/failback/sites/home.toml");
    let kept = std::fs::read_to_string(kept).unwrap();
    assert!(kept.contains("file = ") && !kept.contains(&stage.lab.announce().client_secret));
    let mut again = stage.start().start();
    again.wait_for(MACHINE);
}

#[test]
fn hostile_names_reach_no_terminal_raw() {
    let names = [
        "aa-esc\x1b[2J\x1b]0;x\x07",
        "ab-c1\u{9b}31m",
        "ac-bidi\u{202e}live",
        "ad-mark\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
        "ae-東京サーバー",
        "af-🦀",
    ];
    let machine = |name: &str| json!({ "name": name, "fabric": "cs", "stage": "classic-ready" });
    let mut machines: Vec<_> = names.iter().map(|name| machine(name)).collect();
    let mut long = machine("ag-long");
    long["name_bytes"] = json!(1 << 20);
    machines.push(long);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hostile.json");
    let estate = json!({ "fabrics": [{ "kind": "vmware", "name": "cs" }], "machines": machines });
    std::fs::write(&file, estate.to_string()).unwrap();
    let stage = Stage::new(Lab::wanted().estate(Estate::File(file)).start());
    let mut terminal = stage.screens();
    for shown in [
        "aa-esc\\x1b",
        "ab-c1\\x9b",
        "ac-bidi\\u{2",
        "ad-mark",
        "ae-東京",
        "af-🦀",
        "ag-long",
    ] {
        terminal.wait_for(shown);
    }
    terminal.wait_for_silence();
    // The columns hold: HEALTH stands where its heading does, in every row.
    let lines: Vec<String> = terminal.text().lines().map(str::to_owned).collect();
    let heading = lines.iter().find(|line| line.contains("HEALTH")).unwrap();
    let at = failback::domain::text::columns(heading.split("HEALTH").next().unwrap());
    for line in lines.iter().filter(|line| line.contains("classic")) {
        let before = line.split("√ ok").next().unwrap();
        assert_eq!(failback::domain::text::columns(before), at, "{line:?}");
    }
    let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
    for evil in ["\x1b]0;x", "\u{9b}", "\u{202e}", "\x07"] {
        assert!(!raw.contains(evil), "{evil:?} is sent");
    }
    for keys in ["G", "\r", "\x1b", "2", "3", "4", "1"] {
        terminal.keys(keys);
    }
    terminal.wait_for("MACHINE");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn without_colour_the_cursor_row_is_still_seen() {
    let stage = Stage::new(Lab::contoso());
    stage.lab.keep_profile();
    let mut terminal = stage.start().env("NO_COLOR", "1").start();
    terminal.wait_for("app-01");
    terminal.wait_for_silence();
    let reversed = terminal.screen(|screen| {
        (0..40)
            .filter(|x| screen.cell(3, *x).is_some_and(vt100::Cell::inverse))
            .count()
    });
    assert!(
        reversed >= 39,
        "{reversed} columns of the cursor's row are reversed"
    );
    let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
    let parameters = raw.split("\x1b[").skip(1).filter_map(|rest| {
        let (head, _) = rest.split_once('m')?;
        head.chars()
            .all(|c| c.is_ascii_digit() || c == ';')
            .then_some(head)
    });
    let coloured: Vec<_> = parameters
        .flat_map(|head| head.split(';'))
        .filter_map(|number| number.parse::<u16>().ok())
        .filter(|number| (30..=49).contains(number) || (90..=107).contains(number))
        .collect();
    assert!(coloured.is_empty(), "colours are sent: {coloured:?}");
}

#[test]
fn a_locale_without_utf8_gets_ascii_alone() {
    let stage = Stage::new(Lab::contoso());
    stage.lab.keep_profile();
    let mut terminal = stage.start().env("LANG", "C").start();
    terminal.wait_for("app-01");
    terminal.keys("3");
    terminal.wait_for("cs-contoso");
    terminal.keys("1G");
    terminal.wait_for_silence();
    let raw = terminal.raw();
    let foreign = raw.iter().filter(|byte| !byte.is_ascii()).count();
    assert_eq!(foreign, 0, "{foreign} bytes are not ASCII");
}

#[test]
fn an_empty_estate_says_so() {
    let stage = Stage::new(Lab::wanted().estate(Estate::Empty).start());
    let mut terminal = stage.screens();
    terminal.wait_for("Nothing in these vaults is protected");
}

#[test]
fn a_site_that_cannot_be_read_says_why_and_can_be_left() {
    let stage = Stage::new(Lab::recorded());
    stage.fault("* replicationProtectedItems * 403");
    let mut terminal = stage.screens();
    terminal.wait_for("role that allows it");
    terminal.keys("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_restored();
}

/// A new protection from its target to its readiness: the first of what is offered.
pub fn from_target_to_readiness(terminal: &mut Terminal) {
    terminal.wait_for("Where do they go?");
    for first in ["ps-home-01", "mt-win-01", "DS-VMFS-01"] {
        terminal.wait_for(&format!("► ( ) {first}"));
        terminal.keys("\r");
    }
    from_policy_to_readiness(terminal);
}

/// A new protection from the choice of its policy to its readiness, everything left as it is offered.
pub fn from_policy_to_readiness(terminal: &mut Terminal) {
    terminal.wait_for("► (o) contoso-24h-failback");
    terminal.keys("\r\r");
    terminal.wait_for("► (o) leave it");
    terminal.keys("\r");
    terminal.wait_for("[ next ]");
    for title in [
        "Replication options",
        "What are the machines like at home?",
        "Addresses behind NAT",
        "Is everything ready?",
    ] {
        terminal.keys("\r");
        terminal.wait_for(title);
    }
}
