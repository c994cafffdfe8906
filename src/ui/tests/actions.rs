//! The action table against the handlers, so that neither drifts from the other.

use super::driver::Driver;
use crate::ui::action::{Row, Scope, TABLE, find};
use crate::ui::keys::Key;
use crate::ui::model::Screen;
use crate::ui::update::{self, Handled};

/// A program in which `scope` counts.
fn in_scope(scope: Scope) -> Driver {
    let mut driver = super::monitor::everything();
    driver.keys("1");
    match scope {
        Scope::Machines | Scope::Moving | Scope::Global | Scope::Always => {}
        Scope::Detail => drop(driver.keys("Enter")),
        Scope::Monitor => drop(driver.keys("2")),
        Scope::Run => drop(driver.keys("2 Enter")),
        Scope::Question => drop(driver.keys("2 a")),
        Scope::History => drop(driver.keys("2 h")),
        Scope::Infrastructure => drop(driver.keys("3")),
        Scope::Activity => drop(driver.keys("4")),
        Scope::Connect => drop(driver.keys(": connect Enter")),
        Scope::Filter => drop(driver.keys("/")),
        Scope::Palette => drop(driver.keys(":")),
        Scope::Confirm => drop(driver.keys("2 j j j j l")),
        Scope::Menu => drop(driver.keys("x")),
        Scope::Picking => drop(driver.keys("/ mail-01 Enter x r")),
        Scope::Wizard => drop(driver.keys("/ web-01 Enter p")),
        Scope::Handing => super::wizard::handing(&mut driver),
        Scope::Recording => super::wizard::agreeing(&mut driver),
        Scope::Drafts => {
            super::wizard::with_drafts(&mut driver);
            driver.keys("d");
        }
        Scope::Follow => drop(driver.keys("4 Enter")),
        Scope::Page => drop(driver.keys("e")),
    }
    driver
}

#[test]
fn every_row_is_handled_where_its_scope_counts() {
    for row in TABLE {
        let mut driver = in_scope(row.scope);
        let scopes = driver.model().scopes();
        assert!(
            scopes.contains(&row.scope),
            "{:?} is not reached",
            row.scope
        );
        let mut out = Vec::new();
        let handled = update::run(&mut driver.screens.model, row.action, false, &mut out);
        assert_eq!(handled, Handled::Yes, "{} in {:?}", row.name, row.scope);
    }
}

#[test]
fn every_scope_is_in_help_and_in_the_table() {
    for scope in Scope::ALL {
        assert!(TABLE.iter().any(|row| row.scope == scope), "{scope:?}");
    }
    assert!(TABLE.iter().all(|row| Scope::ALL.contains(&row.scope)));
}

#[test]
fn no_key_means_two_things_at_once() {
    for scope in Scope::ALL {
        let scopes = in_scope(scope).model().scopes();
        let rows: Vec<&Row> = TABLE
            .iter()
            .filter(|row| scopes.contains(&row.scope))
            .collect();
        for (at, row) in rows.iter().enumerate() {
            for key in row.keys {
                let twin = rows[at + 1..].iter().find(|other| other.keys.contains(key));
                assert!(
                    twin.is_none(),
                    "{key} in {scopes:?}: {} and {}",
                    row.name,
                    twin.unwrap().name
                );
                assert_eq!(find(scopes, *key).unwrap().name, row.name);
            }
        }
    }
}

#[test]
fn keys_that_tmux_and_flow_control_take_are_never_bound() {
    for row in TABLE {
        for key in Key::FORBIDDEN {
            assert!(!row.keys.contains(&key), "{key} of {}", row.name);
        }
    }
}

#[test]
fn esc_is_never_the_only_way() {
    for row in TABLE.iter().filter(|row| row.keys.contains(&Key::Esc)) {
        let by_button = row.scope == Scope::Connect;
        assert!(
            row.keys.len() > 1 || by_button,
            "{} in {:?}",
            row.name,
            row.scope
        );
    }
}

#[test]
fn the_palette_and_help_list_every_action() {
    let mut driver = Driver::usual().at(200, 400);
    driver.keys("?");
    for row in TABLE {
        let words = &row.words[..row.words.len().min(40)];
        assert!(driver.sees(words), "help lacks {}", row.name);
    }
    for row in TABLE.iter().filter(|row| row.scope != Scope::Palette) {
        let rows = crate::ui::view::palette_matches(driver.model(), "");
        assert!(
            rows.iter().any(|(of, _)| of.action == row.action),
            "{}",
            row.name
        );
    }
}

#[test]
fn the_palette_narrows_and_runs() {
    let mut driver = Driver::usual();
    driver.keys(": infra");
    driver.expect("infrastructure").expect_not("fail-back");
    driver.keys("Enter");
    assert_eq!(driver.model().screen, Screen::Infrastructure);
    driver.keys(": mark Enter");
    driver.expect("mark works elsewhere: Machines.");
}

#[test]
fn read_only_leaves_dangerous_actions_out_and_says_so() {
    let mut driver = Driver::usual();
    driver.screens.model.settings.read_only = true;
    driver.expect("[read-only]").expect_not("fail back");
    driver.keys("/ sql Enter f");
    driver.expect("Read-only: fail back is switched off here");
    assert!(driver.model().overlays.is_empty());
    driver.keys(": fail");
    driver
        .expect_not("Plan the way home")
        .expect("read-only: changes are left out");
    driver.keys("Esc ?");
    driver.expect("(off: read-only)");
}

#[test]
fn what_is_dangerous_is_never_one_key() {
    use crate::ui::Effect;
    use crate::ui::terminal::Command;
    for row in TABLE.iter().filter(|row| row.dangerous) {
        let mut driver = in_scope(row.scope);
        driver.asked.clear();
        let mut out = Vec::new();
        update::run(&mut driver.screens.model, row.action, false, &mut out);
        for command in out {
            // Pausing alone is done at once: it only holds back.
            let holds_back = matches!(
                &command,
                Command::Write(Effect::Put { request, .. })
                    if *request == crate::domain::run::Request::Pause
            );
            let changes = matches!(command, Command::Write(_)) && !holds_back;
            assert!(!changes, "{} in {:?}: {command:?}", row.name, row.scope);
        }
    }
}

#[test]
fn letters_are_letters_in_a_text_field() {
    let mut driver = Driver::usual();
    driver.keys("/ q12?:");
    assert_eq!(driver.model().listing.filter.text(), "q12?:");
    assert!(driver.asked.is_empty());
    driver.keys("F1");
    driver.expect("Help");
}

#[test]
fn ctrl_c_cancels_first_and_leaves_second() {
    use crate::ui::terminal::Command;
    let mut driver = Driver::usual();
    driver.keys("? C-c");
    driver.expect("C-c again leaves");
    assert!(driver.model().overlays.is_empty() && driver.asked.is_empty());
    driver.keys("j C-c");
    assert!(driver.asked.is_empty(), "a key between begins anew");
    driver.keys("C-c");
    assert!(matches!(driver.asked[..], [Command::Leave]));
}

#[test]
fn escape_peels_one_layer_at_a_time() {
    let mut driver = Driver::usual();
    driver.keys("/ sql Enter Enter ? Esc");
    assert!(driver.model().overlays.is_empty() && driver.model().opened.is_some());
    driver.keys("Esc");
    assert!(driver.model().opened.is_none() && !driver.model().listing.filter.is_empty());
    driver.keys("Esc");
    assert!(driver.model().listing.filter.is_empty());
}
