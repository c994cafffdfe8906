//! The facts of a plan, read from a living site, and what is judged by them.

use std::collections::BTreeSet;

use failback::domain::plan::{Location, PointChoice, Recovery, Target};
use failback::domain::{ArmId, Intent, Plan, Subject};
use failback::readiness::facts::{AzureVm, Item, Source};
use failback::readiness::{Fact, Findings, Outcome};
use failback::simulator::Quirk;

use super::lab::Lab;
use super::run::{bring_home, commit, item, protect, recover, recovery, to_azure, vm};

/// What the program says to the plan now.
async fn check(lab: &Lab, plan: &Plan) -> Findings {
    lab.site().await.unwrap().check(plan).await
}

/// What holds the plan back: check, subject, outcome.
fn held(plan: &Plan, found: &Findings) -> BTreeSet<String> {
    let blocking = found.0.iter().filter(|f| f.blocks());
    let told = blocking.map(|f| {
        let subject = plan.subject_name(&f.subject);
        let outcome = match f.outcome {
            Outcome::Unknown => "?",
            _ => "x",
        };
        format!("{outcome} {} {subject}", f.row.id)
    });
    told.collect()
}

async fn held_now(lab: &Lab, plan: &Plan) -> BTreeSet<String> {
    held(plan, &check(lab, plan).await)
}

fn set(words: &[&str]) -> BTreeSet<String> {
    words.iter().map(ToString::to_string).collect()
}

fn outcome(found: &Findings, check: &str) -> Outcome {
    found.of(check).next().unwrap().outcome
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_site_as_it_is_met_each_machine_is_held_back_by_its_own_trouble_and_nothing_else() {
    let lab = Lab::contoso().await;
    let table: [(Plan, &[&str]); 11] = [
        (bring_home(&lab, &[&["web-01"], &["web-02"]]).await, &[]),
        // 48 minutes behind a policy of 15.
        (bring_home(&lab, &[&["sql-01"]]).await, &["x FB-02 sql-01"]),
        // One of three is being copied anew.
        (
            bring_home(&lab, &[&["erp-db"], &["erp-app", "erp.contoso.local"]]).await,
            &["x FB-02 erp-db"],
        ),
        (
            bring_home(&lab, &[&["sql-02"]]).await,
            &[
                "x FB-01 sql-02",
                "x FB-02 sql-02",
                "x FB-05 sql-02",
                "x GRP-05 the plan",
                "x RP-01 sql-02",
                "? ELIG-03 sql-02",
            ],
        ),
        (protect(&lab, &["web-03"]).await, &[]),
        // Registered three times: which one runs in Azure, its agent tells.
        (protect(&lab, &["hr-01"]).await, &["? DUP-02 hr-01"]),
        // Not committed: Protect would throw the other recovery points away.
        (
            protect(&lab, &["büro-druck"]).await,
            &["x FWD-13 büro-druck"],
        ),
        (
            protect(&lab, &["legacy-2008"]).await,
            &["x AZVM-01 legacy-2008", "? AZVM-02 legacy-2008"],
        ),
        (
            protect(&lab, &["new-01"]).await,
            &[
                "x ELIG-01 new-01",
                "x AZVM-08 new-01",
                "? ELIG-03 new-01",
                "? ELIG-04 new-01",
                "? ELIG-05 new-01",
                "? AZVM-01 new-01",
                "? AZVM-02 new-01",
                "? FWD-13 new-01",
            ],
        ),
        // Nobody but a person sees the machine at home, or tells which VM it was.
        (
            commit(&lab, "dc-01").await,
            &["? COM-03 dc-01", "? FB-08 dc-01"],
        ),
        (to_azure(&lab, &["file-01"]).await, &[]),
    ];
    for (plan, expected) in table {
        let names: Vec<_> = plan
            .machines()
            .iter()
            .map(|id| plan.machine_name(id))
            .collect();
        assert_eq!(held_now(&lab, &plan).await, set(expected), "{names:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_everyday_holds_nobody_back() {
    let everyday = [
        Quirk::OldHeartbeats,
        Quirk::MtWithoutDatastores,
        Quirk::TwoPolicies,
        Quirk::RecoveryPointsHoursOff,
    ];
    for quirk in everyday {
        let lab = Lab::wanted().quirk(quirk).start().await;
        for plan in [
            bring_home(&lab, &[&["web-01", "web-02"]]).await,
            protect(&lab, &["web-03"]).await,
        ] {
            assert_eq!(held_now(&lab, &plan).await, set(&[]), "{quirk}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_recorded_machine_is_ready_to_come_home() {
    let lab = Lab::recorded().await;
    let plan = bring_home(&lab, &[&["V2A-W2K16-201"]]).await;
    assert_eq!(held_now(&lab, &plan).await, set(&[]));
}

/// The readings, by a part of their addresses.
const READINGS: [&str; 9] = [
    "replicationProtectedItems?",
    "replicationProtectedItems/",
    "recoveryPoints?",
    "replicationFabrics?",
    "replicationvCenters?",
    "replicationPolicies?",
    "replicationProtectableItems?",
    "instanceView?",
    "/",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_that_fails_turns_nothing_green_and_leaves_the_others_alone() {
    let lab = Lab::contoso().await;
    let plans = [
        bring_home(&lab, &[&["web-01", "web-02", "sql-01"]]).await,
        protect(&lab, &["web-03", "legacy-2008"]).await,
    ];
    for plan in &plans {
        let whole = check(&lab, plan).await;
        for fault in ["403", "500", "garbage", "reset"] {
            for part in READINGS {
                lab.fault(&format!("GET {part} * {fault}")).await;
                let less = check(&lab, plan).await;
                lab.no_faults().await;
                assert!(!less.ready(), "{part} {fault}");
                for (before, after) in whole.0.iter().zip(&less.0) {
                    let fine = [before.outcome, Outcome::Unknown].contains(&after.outcome);
                    let id = before.row.id;
                    assert!(fine, "{part} {fault}: {id} became {:?}", after.outcome);
                }
                let known = |f: &Findings| f.0.len() - f.count(Outcome::Unknown);
                let all_gone = ["/", "replicationProtectedItems/"].contains(&part);
                assert!(
                    all_gone || known(&less) > known(&whole) / 2,
                    "{part} {fault}"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reason_of_what_is_unknown_stays_the_same_from_one_check_to_the_next() {
    let lab = Lab::contoso().await;
    let plan = bring_home(&lab, &[&["web-01", "web-02"]]).await;
    for fault in ["403", "429:1", "500", "stall:1", "reset"] {
        lab.fault(&format!("GET instanceView * {fault}")).await;
        let (first, second) = (check(&lab, &plan).await, check(&lab, &plan).await);
        lab.no_faults().await;
        for (first, second) in first.0.iter().zip(&second.0) {
            assert_eq!(first.fact, second.fact, "{fault}: {}", first.words);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_azure_vm_that_is_not_where_it_was_recorded_is_moved_or_deleted() {
    let lab = Lab::contoso().await;
    let mut plan = recovery(&lab, &[&["web-01"]]).await;
    plan.waves[0].machines[0].azure_vm = Some(vm(&lab, "nobody"));
    let found = check(&lab, &recover(plan.clone())).await;
    assert_eq!(outcome(&found, "ELIG-05"), Outcome::Failed);
    assert_eq!(outcome(&found, "ELIG-04"), Outcome::Unknown);

    let elsewhere = vm(&lab, "web-01").to_string();
    let group = &lab.announce().vaults[0].resource_group;
    let elsewhere = elsewhere.replace(group, "another-group");
    plan.waves[0].machines[0].azure_vm = ArmId::parse(&elsewhere);
    let moved = recover(plan.clone());
    let found = check(&lab, &moved).await;
    assert_eq!(outcome(&found, "ELIG-04"), Outcome::Failed);
    assert_eq!(outcome(&found, "ELIG-05"), Outcome::Unknown);
    let site = lab.site().await.unwrap();
    let facts = site.facts(&moved).await;
    match &facts.machines[moved.machines()[0]].azure_vm {
        Fact::Known {
            value: AzureVm::Moved(to),
            source: Source::Compute,
            ..
        } => assert_eq!(*to, vm(&lab, "web-01")),
        other => panic!("{other:?}"),
    }

    // Where the others cannot be listed, neither is said.
    lab.fault("GET Microsoft.Compute/virtualMachines? * 403")
        .await;
    let found = check(&lab, &moved).await;
    for check in ["ELIG-04", "ELIG-05", "AZVM-01"] {
        assert_eq!(outcome(&found, check), Outcome::Unknown, "{check}");
    }
}

fn of_item(plan: &Plan, id: &str) -> Plan {
    let Intent::FailBack(recovery) = plan.intent() else {
        panic!("{plan:?}");
    };
    let mut recovery: Recovery = recovery.clone();
    recovery.waves[0].machines[0].id = ArmId::parse(id).unwrap();
    recover(recovery)
}

#[tokio::test(flavor = "multi_thread")]
async fn only_azure_s_word_or_a_list_read_to_its_end_makes_an_item_absent() {
    let lab = Lab::contoso().await;
    let plan = bring_home(&lab, &[&["web-01"]]).await;
    let id = plan.machines()[0].to_string();
    let gone = of_item(&plan, &format!("{id}-gone"));
    let judged = async |lab: &Lab, plan: &Plan| {
        let found = check(lab, plan).await;
        outcome(&found, "ELIG-06")
    };
    assert_eq!(judged(&lab, &gone).await, Outcome::Failed);
    // The item cannot be asked, and the list does not have it.
    lab.fault("GET -gone * 500").await;
    assert_eq!(judged(&lab, &gone).await, Outcome::Failed);
    // Neither tells.
    lab.fault("GET replicationProtectedItems? * 500").await;
    assert_eq!(judged(&lab, &gone).await, Outcome::Unknown);
    lab.no_faults().await;
    // The list cannot be read, and the item is said not to be there.
    lab.fault("GET replicationProtectedItems? * 500").await;
    assert_eq!(judged(&lab, &gone).await, Outcome::Failed);
    lab.no_faults().await;
    // A vault that is not there says nothing about its items.
    lab.fault("GET replicationProtectedItems * 403").await;
    assert_eq!(judged(&lab, &plan).await, Outcome::Unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_is_listed_and_not_found_by_itself_is_unknown_and_not_gone() {
    let lab = Lab::contoso().await;
    let plan = bring_home(&lab, &[&["web-01"]]).await;
    let name = plan.machines()[0].name().to_owned();
    lab.fault(&format!("GET {name}? * 404")).await;
    let found = check(&lab, &plan).await;
    let finding = found.of("ELIG-06").next().unwrap();
    assert_eq!(finding.outcome, Outcome::Unknown, "{}", finding.words);
    assert!(
        finding.words.as_str().contains("just have changed"),
        "{}",
        finding.words
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_of_another_vault_is_not_asked_for() {
    let lab = Lab::contoso().await;
    let plan = bring_home(&lab, &[&["web-01"]]).await;
    let vault = &lab.announce().vaults[0].name;
    let id = plan.machines()[0].to_string();
    let foreign = of_item(&plan, &id.replace(vault, "another-vault"));
    let before = lab.requests().await.len();
    let found = check(&lab, &foreign).await;
    assert!(!found.ready());
    assert_eq!(outcome(&found, "ELIG-06"), Outcome::Unknown);
    assert_eq!(lab.requests().await.len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_read_once_and_changes_nothing() {
    let lab = Lab::contoso().await;
    let plan = bring_home(&lab, &[&["web-01", "web-02"]]).await;
    check(&lab, &plan).await;
    let asked = lab.requests().await.len();
    check(&lab, &plan).await;
    let requests = lab.requests().await.split_off(asked);
    assert!(
        requests
            .iter()
            .all(|r| r.method == "GET" || r.path.contains("oauth2"))
    );
    let mut paths: Vec<_> = requests.iter().map(|r| &r.path).collect();
    let all = paths.len();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), all, "nothing is asked twice");
    // Per machine its item, its points, its VM; five lists, one of two pages, and the sign-in.
    assert!(all <= 2 * 3 + 7, "{paths:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_carry_the_service_s_time() {
    let lab = Lab::wanted().clock_off(7200).start().await;
    let plan = bring_home(&lab, &[&["web-01"]]).await;
    let site = lab.site().await.unwrap();
    let facts = site.facts(&plan).await;
    let own = &facts.machines[plan.machines()[0]];
    let Fact::Known { value, read_at, .. } = &own.item else {
        panic!("{own:?}");
    };
    assert!(matches!(value, Item::Protected(_)));
    let ahead = read_at.as_second() - jiff::Timestamp::now().as_second();
    assert!((7100..7300).contains(&ahead), "{ahead}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_point_that_loses_something_asks_consent_and_says_how_much() {
    let lab = Lab::contoso().await;
    let mut plan = recovery(&lab, &[&["web-01", "web-02"]]).await;
    plan.point = PointChoice::LatestApplication;
    let plan = recover(plan);
    let found = check(&lab, &plan).await;
    let finding = found.of("RP-04").next().unwrap();
    assert_eq!(finding.outcome, Outcome::Failed);
    assert!(
        finding.words.as_str().ends_with("up to 1 hour"),
        "{}",
        finding.words
    );
    assert_eq!(
        held(&plan, &found),
        set(&["x RP-04 web-01", "x RP-04 web-02"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn disks_are_counted_over_the_whole_plan() {
    let lab = Lab::contoso().await;
    let plan = protect(&lab, &["web-03", "büro-druck"]).await;
    let found = check(&lab, &plan).await;
    let finding = found.of("MT-11").next().unwrap();
    assert!(matches!(finding.subject, Subject::Server(_)));
    // mt-win-01 holds 12; each machine brings one.
    assert_eq!(
        finding.words.as_str(),
        "mt-win-01 would hold 14 disks of 60"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alternate_vcenter_that_nobody_discovered_stops_the_plan() {
    let lab = Lab::contoso().await;
    let plan = protect(&lab, &["web-03"]).await;
    let Intent::Protect(protection) = plan.intent() else {
        panic!("{plan:?}");
    };
    let mut protection = protection.clone();
    if let Target::Classic(target) = &mut protection.machines[0].target {
        target.location = Location::Alternate {
            vcenter: "vcenter-new".into(),
        };
    }
    let mut plan = plan.clone();
    plan.decide(Intent::Protect(protection)).unwrap();
    assert_eq!(held_now(&lab, &plan).await, set(&["x INF-08 web-03"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_read_from_a_list_alone_is_not_enough() {
    // Lists leave out what tells that a disk is copied anew.
    let lab = Lab::contoso().await;
    let id = item(&lab, "erp-db").await;
    let plan = bring_home(&lab, &[&["erp-db"]]).await;
    lab.fault(&format!("GET {}? * 500", id.name())).await;
    let found = check(&lab, &plan).await;
    assert_eq!(outcome(&found, "FB-02"), Outcome::Unknown);
}
