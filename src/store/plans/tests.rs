use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::store::write_private;

/// A plan of the first kind that was ever written; never changed.
const FROZEN: &str = include_str!("../../../tests/golden/plan-1.json");

fn frozen() -> Plan {
    serde_json::from_str(FROZEN).unwrap()
}

fn folder() -> (tempfile::TempDir, Plans) {
    let folder = tempfile::tempdir().unwrap();
    let plans = Plans::of_site(folder.path(), "contoso-dr").unwrap();
    (folder, plans)
}

#[test]
fn the_frozen_plan_reads_and_writes_back_byte_for_byte() {
    assert_eq!(written(&frozen()).unwrap(), FROZEN);
}

#[test]
fn a_plan_comes_back_as_it_was_kept_and_is_private() {
    let (_keep, plans) = folder();
    assert!(plans.list().unwrap().plans.is_empty());
    let file = plans.save(&frozen(), Overwrite::Never).unwrap();
    assert!(file.ends_with("contoso-dr/plans/erp-home.json"));
    assert_eq!(plans.load(frozen().slug()).unwrap(), frozen());
    assert_eq!(plans.list().unwrap().plans, [frozen()]);
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(file.parent().unwrap()), 0o700);
}

#[test]
fn a_plan_is_never_overwritten_unasked() {
    let (_keep, plans) = folder();
    plans.save(&frozen(), Overwrite::Never).unwrap();
    let again = plans.save(&frozen(), Overwrite::Never);
    assert!(matches!(again, Err(PlanTrouble::Exists { .. })));
    assert!(plans.save(&frozen(), Overwrite::Yes).is_ok());
}

#[test]
fn a_plan_of_a_newer_program_is_left_alone() {
    let (_keep, plans) = folder();
    let file = plans.save(&frozen(), Overwrite::Never).unwrap();
    let newer = r#"{"schema": "failback/plan/2", "whatever": 1}"#;
    fs::write(&file, newer).unwrap();
    let words = plans.load(frozen().slug()).unwrap_err().to_string();
    assert!(words.contains("newer failback"), "{words}");
    let refused = plans.save(&frozen(), Overwrite::Yes);
    assert!(matches!(refused, Err(PlanTrouble::Newer { .. })));
    assert_eq!(fs::read_to_string(&file).unwrap(), newer);
}

#[test]
fn a_damaged_plan_is_set_aside_and_told_each_time_under_a_new_name() {
    let (_keep, plans) = folder();
    let unknown_field = FROZEN.replacen("\"name\"", "\"nmae\"", 1);
    let damaged = [
        &FROZEN.as_bytes()[..200],
        b"\xff\xfe",
        unknown_field.as_bytes(),
    ];
    for (n, bytes) in (1..).zip(damaged) {
        let file = plans.0.file(frozen().slug().as_str());
        write_private(&file, bytes).unwrap();
        let listing = plans.list().unwrap();
        let [PlanTrouble::Damaged { aside, .. }] = &listing.troubles[..] else {
            panic!("{listing:?}");
        };
        assert!(aside.ends_with(&format!("erp-home.json.damaged-{n}")));
        assert_eq!(fs::read(aside).unwrap(), bytes);
        assert!(!file.exists());
    }
}

#[test]
fn one_program_writes_at_a_time() {
    let (_keep, plans) = folder();
    plans.save(&frozen(), Overwrite::Never).unwrap();
    let held = plans.0.lock().unwrap();
    let busy = plans.save(&frozen(), Overwrite::Yes);
    assert!(matches!(busy, Err(PlanTrouble::Busy(_))));
    assert!(
        plans.load(frozen().slug()).is_ok(),
        "reading waits for nobody"
    );
    drop(held);
    assert!(plans.save(&frozen(), Overwrite::Yes).is_ok());
}

#[test]
fn a_plan_goes_out_and_comes_in() {
    let (keep, plans) = folder();
    plans.save(&frozen(), Overwrite::Never).unwrap();
    let out = keep.path().join("out.json");
    plans.export(frozen().slug(), &out).unwrap();
    assert!(plans.export(frozen().slug(), &out).is_err(), "it is there");
    plans.delete(frozen().slug()).unwrap();
    let gone = plans.load(frozen().slug());
    assert!(matches!(gone, Err(PlanTrouble::Unknown { .. })));
    assert_eq!(plans.import(&out).unwrap(), frozen());
    fs::write(&out, "{").unwrap();
    assert!(matches!(
        plans.import(&out),
        Err(PlanTrouble::Unreadable { .. })
    ));
    assert!(out.exists(), "what is imported stays as it is");
}

#[test]
fn what_a_person_said_is_added_to_the_plan_they_saw_and_to_no_other() {
    let (keep, plans) = folder();
    let mut seen = frozen();
    plans.save(&seen, Overwrite::Never).unwrap();
    let before = seen.statements.len();
    let said = Statement {
        kind: crate::domain::plan::StatementKind::Consent,
        check: "RP-04".into(),
        subject: crate::domain::plan::Subject::Plan,
        who: "ada".into(),
        when: jiff::Timestamp::UNIX_EPOCH,
        why: "agreed".into(),
        fact: crate::domain::plan::Fingerprint::of(["fact"]),
        part: crate::domain::plan::Fingerprint::of(["part"]),
    };
    let kept = plans.add_statements(&seen, vec![said.clone()]).unwrap();
    assert_eq!(kept.statements.len(), before + 1);
    assert_eq!(plans.load(seen.slug()).unwrap(), kept);
    // Somebody else added theirs meanwhile: both stay.
    let again = plans.add_statements(&seen, vec![said.clone()]).unwrap();
    assert_eq!(again.statements.len(), before + 2);

    let other = keep.path().join("other.json");
    fs::write(&other, written(&seen).unwrap()).unwrap();
    let mut recovery = match seen.intent().clone() {
        crate::domain::Intent::FailBack(recovery) => recovery,
        other => panic!("{other:?}"),
    };
    recovery.stop_azure_vm_first = !recovery.stop_azure_vm_first;
    seen.decide(crate::domain::Intent::FailBack(recovery))
        .unwrap();
    let changed = plans.add_statements(&seen, vec![said.clone()]);
    assert!(matches!(changed, Err(PlanTrouble::Changed { .. })));
    assert_eq!(plans.load(seen.slug()).unwrap(), again);
    let changed = add_statements(&other, &seen, vec![said]);
    assert!(matches!(changed, Err(PlanTrouble::Changed { .. })));
}

#[test]
fn a_site_name_cannot_leave_the_folder() {
    assert!(Plans::of_site(Path::new("/tmp"), "../etc").is_none());
}

#[test]
fn a_file_that_is_named_as_no_plan_is_told_and_left_alone() {
    let (keep, plans) = folder();
    plans.save(&frozen(), Overwrite::Never).unwrap();
    let stray = keep.path().join("contoso-dr/plans/erp--home.json");
    fs::write(&stray, FROZEN).unwrap();
    let listing = plans.list().unwrap();
    assert_eq!(listing.plans.len(), 1);
    assert!(listing.troubles[0].to_string().contains("import it"));
    assert!(stray.exists());
}
