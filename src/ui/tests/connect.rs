//! The first run: a form that loses nothing, a test that says what is wrong, no secrets.

use super::driver::{Driver, settings};
use crate::domain::{Failure, Retry};
use crate::site::{Finding, Verdict};
use crate::store::{Credential, SecretSource};
use crate::ui::model::Screen;
use crate::ui::terminal::Command;
use crate::ui::{Effect, Message};

const GUID: &str = "5f0c9a7e-0000-4000-8000-000000000001";

fn first_run() -> Driver {
    Driver::with(settings(), None)
}

fn filled() -> Driver {
    let mut driver = first_run();
    for text in [
        "contoso-dr",
        "contoso.onmicrosoft.com",
        GUID,
        "rg-dr",
        "rsv-weu, rsv-neu",
    ] {
        driver.type_text(text);
        driver.keys("Tab");
    }
    driver.keys("Space Tab");
    driver.type_text(GUID);
    driver
}

#[test]
fn without_a_site_the_first_screen_connects_one() {
    let mut driver = first_run();
    driver.expect("Connect a site").expect("No site yet");
    driver.keys("Esc");
    driver.expect("There is no site to go back to yet.");
}

#[test]
fn errors_stand_under_their_field_and_nobody_is_held_back() {
    let mut driver = first_run();
    driver.keys("Tab Tab");
    driver
        .expect("x The name is missing.")
        .expect("x The tenant is missing.");
    driver.type_text("not-a-guid");
    driver.keys("S-Tab S-Tab");
    driver
        .expect("A subscription id looks like")
        .expect("not-a-guid");
    driver.keys("F5");
    driver.expect("entries need another look.");
    assert!(
        driver.asked.is_empty(),
        "nothing is tested that is not complete"
    );
}

#[test]
fn a_choice_changes_what_is_asked_and_loses_nothing() {
    let mut driver = filled();
    driver.expect("Client id").expect("Secret comes from");
    driver.keys("S-Tab Space");
    driver
        .expect("managed identity of this machine")
        .expect_not("Secret comes from");
    driver.keys("Right");
    driver
        .expect("Azure CLI, as signed in here")
        .expect_not("Client id");
    driver.keys("Space");
    driver.expect("Secret comes from").expect(GUID);
}

#[test]
fn the_form_becomes_a_profile_without_a_secret() {
    let mut driver = filled();
    driver.keys("F5");
    let Some(Command::Read(Effect::TestProfile { profile, .. })) = driver.asked.last() else {
        panic!("no test was asked for\n{}", driver.screen());
    };
    assert_eq!(profile.vaults, ["rsv-weu", "rsv-neu"]);
    assert_eq!(
        profile.credential,
        Credential::ClientSecret {
            client_id: GUID.into(),
            secret: SecretSource::Environment("FAILBACK_CLIENT_SECRET".into()),
        }
    );
}

#[test]
fn findings_come_one_by_one_each_with_its_sentence() {
    let mut driver = filled().at(80, 40);
    driver.keys("F5");
    let generation = driver.model().asked;
    let found = |what, verdict| Message::Tested(generation, Finding { what, verdict });
    driver.reply(found(
        "sign in",
        Verdict::Good("a token for 59 minutes".into()),
    ));
    driver
        .expect("√ sign in: a token for 59 minutes")
        .expect("testing...");
    let wrong = Failure::new(
        "this service principal has no role on the vault",
        "Give it Site Recovery Contributor.",
        Retry::AfterFixing,
    );
    driver.reply(found("vault rsv-weu", Verdict::Bad(Box::new(wrong))));
    driver.reply(found(
        "clock",
        Verdict::But("4 minutes behind Azure".into()),
    ));
    driver.reply(found("jobs", Verdict::NotTried));
    driver.reply(Message::TestEnded(generation));
    driver
        .expect("x this service principal has no role on the vault")
        .expect("What to do: Give it Site Recovery Contributor.")
        .expect("! clock: 4 minutes behind Azure")
        .expect("? jobs: not tried")
        .expect_not("testing...");
    insta::assert_snapshot!("connect_tested", driver.screen());
}

#[test]
fn a_finding_about_what_was_typed_before_is_dropped() {
    let mut driver = filled();
    driver.keys("F5");
    let generation = driver.model().asked;
    driver.keys("S-Tab");
    driver.keys("S-Tab x");
    let finding = Finding {
        what: "sign in",
        verdict: Verdict::Good("late".into()),
    };
    driver.reply(Message::Tested(generation, finding));
    driver.keys("G PgDn");
    assert!(driver.model().form.findings.is_empty());
}

#[test]
fn a_saved_site_is_read_at_once() {
    let mut driver = filled();
    driver.keys("F10");
    assert!(matches!(
        driver.asked.last(),
        Some(Command::Write(Effect::SaveProfile { .. }))
    ));
    driver.reply(Message::Saved(Ok("contoso-dr".into())));
    assert_eq!(driver.model().screen, Screen::Machines);
    assert!(matches!(
        driver.asked[driver.asked.len() - 2..],
        [
            Command::Read(Effect::Gather { .. }),
            Command::Read(Effect::Watch { .. })
        ]
    ));
    driver.expect("Saved contoso-dr; reading it now.");
}

#[test]
fn what_could_not_be_saved_says_why() {
    let mut driver = filled().at(80, 40);
    driver.keys("F10");
    let failure = Failure::new(
        "sites/contoso-dr.toml could not be written",
        "Look at its folder's rights.",
        Retry::AfterFixing,
    );
    driver.reply(Message::Saved(Err(Box::new(failure))));
    driver.expect("sites/contoso-dr.toml could not be written");
    assert_eq!(driver.model().screen, Screen::Connect);
}

#[test]
fn what_another_way_to_sign_in_wants_is_not_called_missing() {
    let mut driver = first_run();
    driver
        .expect("Azure CLI, as signed in here")
        .expect_not("Esc back");
    driver.keys("Tab Tab Tab Tab Tab Space F5");
    driver.expect("x The client id is missing.");
    driver.keys("Tab Tab Tab Tab Tab Space");
    driver
        .expect("managed identity of this machine")
        .expect_not("client id is missing");
}
