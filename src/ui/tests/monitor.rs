//! Plans and runs: what is seen at a glance, what is asked, what is never done by accident.

mod history;
mod launching;
mod list;
mod page;
mod questions;
mod resuming;
mod timeline;

use std::sync::Arc;

use insta::assert_snapshot;

use super::driver::{Driver, settings};
use super::tale::{self, Tale, commit, job, quiet, recovery};
use crate::domain::Plan;
use crate::domain::StepKind as K;
use crate::domain::run::{Closing, End, RunId};
use crate::ui::model::monitor::{RunView, Watched};
use crate::ui::{Generation, Message};

/// What the watcher tells of.
pub fn watched(driver: &mut Driver, news: Watched) {
    let generation = driver.model().monitor.watching;
    driver.reply(Message::Watched(generation, news));
}

/// The Monitor over plans and runs.
pub fn monitor(plans: Vec<Arc<Plan>>, runs: Vec<Arc<RunView>>) -> Driver {
    let mut driver = Driver::usual();
    show(&mut driver, plans, runs);
    driver.keys("2");
    driver
}

pub fn show(driver: &mut Driver, plans: Vec<Arc<Plan>>, runs: Vec<Arc<RunView>>) {
    watched(driver, Watched::Begun);
    watched(
        driver,
        Watched::Plans {
            plans,
            damaged: Vec::new(),
        },
    );
    watched(driver, Watched::Runs(runs));
    watched(driver, Watched::Read { older: 0 });
}

/// Three machines in two waves: the first is home, the second synchronises, the third waits.
pub fn erp() -> Tale {
    let before = [K::Quiesce, K::Drain, K::Door];
    Tale::home("ERP home", 3, &[("dc-01", 1), ("sql-01", 2), ("web-01", 2)])
        .did("dc-01", &before)
        .began("dc-01", K::FailBack)
        .sent("dc-01", K::FailBack)
        .ended("dc-01", K::FailBack, End::Done)
        .did("dc-01", &[K::VerifyAzureOff])
        .did("sql-01", &before)
        .at("08:10:00")
        .began("sql-01", K::FailBack)
        .sent("sql-01", K::FailBack)
        .job("sql-01", K::FailBack, job("InProgress"))
        .synchronising("sql-01", K::FailBack, 41, 1228)
        .began("web-01", K::Quiesce)
        .asks("web-01", quiet())
}

/// One of everything.
pub fn everything() -> Driver {
    let but = End::DoneBut(vec!["skipped: Shut down the virtual machine".into()]);
    let hr = Tale::of("HR protect", "protect", &[K::Protect], 1, &[("hr-01", 1)])
        .at("07:12:00")
        .ended("hr-01", K::Protect, but)
        .closed(Closing::DoneBut);
    let dc = Tale::of("DC protect", "protect", &[K::Protect], 2, &[("dc-02", 1)])
        .did("dc-02", &[K::Protect])
        .closed(Closing::Done);
    let failed = End::Failed(Box::new(tale::failure()));
    let single = Tale::of(
        "Commit mail-01",
        "commit",
        &[K::Commit],
        0,
        &[("mail-01", 1)],
    )
    .at("06:40:00")
    .ended("mail-01", K::Commit, failed)
    .closed(Closing::Failed);
    let mut driver = monitor(
        vec![
            recovery("ERP home", &[&["dc-01"], &["sql-01", "web-01"]]),
            recovery("Web home", &[&["web-02"], &["web-10"]]),
            commit("HR protect", &["hr-01"]),
            commit("DC protect", &["dc-02"]),
        ],
        vec![
            erp().view(true),
            hr.view(false),
            dc.view(false),
            single.view(false),
        ],
    );
    driver.keys("g");
    driver
}

#[test]
fn the_list_as_it_looks() {
    let mut driver = everything();
    assert_snapshot!("monitor_80x24", driver.screen());
    driver.resize(120, 36);
    assert_snapshot!("monitor_120x36", driver.screen());
    driver.resize(160, 40);
    assert_snapshot!("monitor_160x40", driver.screen());
    driver.resize(60, 20);
    assert_snapshot!("monitor_60x20", driver.screen());
    driver.resize(44, 12);
    assert_snapshot!("monitor_44x12", driver.screen());
    driver.resize(80, 24);
    driver.screens.model.settings.look.glyphs = crate::ui::look::Glyphs::ASCII;
    assert_snapshot!("monitor_ascii", driver.screen());
}

#[test]
fn a_run_as_it_looks() {
    let mut driver = everything();
    driver.keys("Enter");
    assert_snapshot!("run_80x24", driver.screen());
    driver.keys("j j");
    assert_snapshot!("run_machine_80x24", driver.screen());
    driver.keys("Enter");
    assert_snapshot!("run_machine_whole", driver.screen());
    driver.keys("Esc");
    driver.resize(120, 36);
    assert_snapshot!("run_120x36", driver.screen());
    driver.resize(160, 40);
    assert_snapshot!("run_160x40", driver.screen());
    driver.resize(60, 20);
    assert_snapshot!("run_60x20", driver.screen());
}

pub fn read_only() -> crate::ui::Settings {
    crate::ui::Settings {
        read_only: true,
        ..settings()
    }
}

pub fn generation(driver: &Driver) -> Generation {
    driver.model().asked
}
