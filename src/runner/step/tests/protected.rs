use jiff::{SignedDuration, Timestamp};

use super::super::protected::{is_news, over, state};
use super::super::trouble::is_about_agent;
use super::*;
use crate::domain::machine::Disk;
use crate::domain::run::{End, Synchronisation};
use crate::domain::{Bytes, Detail, Failure, Retry};

fn at(percent: u8, pending: Option<u64>) -> Synchronisation {
    Synchronisation {
        percent: Some(percent),
        pending: pending.map(Bytes),
        rpo_seconds: None,
    }
}

#[test]
fn each_percent_is_news_and_what_changes_with_every_look_is_once_a_minute() {
    let begin = Timestamp::UNIX_EPOCH;
    let later = |seconds| begin + SignedDuration::from_secs(seconds);
    let last = (begin, at(4, Some(700)));
    let news = |seconds, state: &Synchronisation| is_news(Some(&last), later(seconds), state);
    assert!(is_news(None, begin, &at(0, None)));
    assert!(news(1, &at(5, Some(700))));
    assert!(!news(10, &at(4, Some(699))));
    assert!(news(60, &at(4, Some(699))));
    assert!(!news(600, &at(4, Some(700))));
    // That nothing is left is told at once.
    assert!(news(1, &at(4, Some(0))));
}

#[test]
fn what_is_pending_is_not_told_while_a_disk_keeps_it_to_itself() {
    let disk = |pending: Option<u64>| Disk {
        pending: pending.map(Bytes),
        ..Disk::default()
    };
    let told = |disks: &[Option<u64>]| {
        let detail = Detail {
            disks: disks.iter().map(|pending| disk(*pending)).collect(),
            ..Detail::default()
        };
        state(&ready(), &detail).pending
    };
    assert_eq!(told(&[Some(2), Some(3)]), Some(Bytes(5)));
    assert_eq!(told(&[Some(2), None]), None);
    assert_eq!(told(&[]), None);
}

#[test]
fn protected_is_what_the_item_says_and_amber_while_a_disk_has_to_be_copied_again() {
    let mut machine = ready();
    let mut detail = Detail {
        disks: vec![Disk {
            name: "Disk0".into(),
            ..Disk::default()
        }],
        ..Detail::default()
    };
    assert_eq!(over(&machine, &detail), Some(End::Done));
    detail.disks[0].resync = true;
    assert!(matches!(over(&machine, &detail), Some(End::DoneBut(_))));
    for stage in [
        Stage::InitialSync,
        Stage::AwaitingFirstPoint,
        Stage::Committed,
    ] {
        machine.stage = stage;
        assert_eq!(over(&machine, &detail), None);
    }
}

#[test]
fn an_agent_that_is_missing_is_told_from_other_failures() {
    let said = |words: &str| {
        is_about_agent(&Failure {
            said: words.into(),
            ..Failure::new("x", "", Retry::AfterFixing)
        })
    };
    assert!(said("The agent is not installed on the virtual machine."));
    assert!(said(
        "Mobility service is not registered with the configuration server"
    ));
    assert!(!said(
        "VMware tools are not installed on the virtual machine."
    ));
    assert!(!said("The agent is out of date."));
}
