//! The temporary disk that Azure lends, taken out of use before the machine is protected, so that it is
//! not protected along \[000\]; only where the plan says so.
//!
//! After a death at any of its sends the disk itself is looked at: a look runs in the VM alone, after
//! whatever was begun there before it. One that is out of use was taken; one that two looks, some time
//! apart, find in use was not, and is taken again, which harms nothing. What cannot be looked at is
//! asked, and so is one that something uses, or that is not proven to be the temporary one: the script
//! that takes it looks once more itself, and touches nothing then.

use super::deed::{self, Deed, Telling};
use crate::azure::{NotRun, Status, TemporaryDisk, Watch, taken_disk};
use crate::domain::call::GuestOs;
use crate::domain::run::{Choice, End, Topic};
use crate::domain::{ArmId, Change, Failure, StepKind, Text};
use crate::runner::carrier::{Carrier, Inheritance};
use crate::runner::desk::{Asking, Way, choice};

const STEP: StepKind = StepKind::TemporaryDisk;

/// How long a look in the VM may take. Azure itself would wait for 90 minutes.
const LOOK: std::time::Duration = std::time::Duration::from_secs(300);

/// Looks at what was sent before the disk itself is looked at: ten minutes at the usual pace.
const LOOKS: u32 = 60;

/// The step.
pub(super) async fn take_offline(c: &Carrier<'_>) -> Way<End> {
    let inherited = c.inherited(STEP, Inheritance::Action);
    let mut known = inherited.as_ref().and_then(|sent| taken_disk(&sent.call));
    // What may have been sent is not sent again before two looks say that it was not made.
    let mut doubtful = inherited.is_some();
    loop {
        c.desk.gate().await?;
        let trouble = match ground(c).await {
            Err(why) => why,
            Ok((vm, os)) => match look(c, &vm, os, known.as_ref()).await? {
                TemporaryDisk::None => {
                    c.remark(STEP, "The VM has no temporary disk").await?;
                    return Ok(End::Done);
                }
                TemporaryDisk::Offline => {
                    if known.is_none() {
                        c.remark(STEP, "The temporary disk was out of use already")
                            .await?;
                    }
                    return Ok(End::Done);
                }
                TemporaryDisk::Kept(why) | TemporaryDisk::Unknown(why) => why,
                TemporaryDisk::Online { .. } if doubtful => {
                    doubtful = false;
                    c.desk.rest(c.site.arm().pace().apart).await?;
                    continue;
                }
                TemporaryDisk::Online { id, at } => {
                    known = Some(id.clone());
                    match take(c, &vm, os, &id, &at).await? {
                        Took::It => return Ok(End::Done),
                        Took::Not { why, lost } => {
                            // It may be on its way: whoever looks again begins with the pause.
                            doubtful = lost;
                            why
                        }
                    }
                }
            },
        };
        let reply = c.desk.ask(asking(c, trouble)).await?;
        match reply.choice.as_str() {
            "look-again" => {}
            "is-offline" => {
                let words = format!("that it is out of use is the word of {}", reply.signed());
                return Ok(End::DoneBut(vec![words.into()]));
            }
            "go-on" => {
                let words = format!(
                    "it stays in use, and is protected along: decided by {}",
                    reply.signed()
                );
                return Ok(End::DoneBut(vec![words.into()]));
            }
            _ => {
                let words = format!("not protected, given up by {}", reply.signed());
                return Ok(End::Left(words.into()));
            }
        }
    }
}

/// What came of taking it.
enum Took {
    It,
    /// `lost`: nobody knows what became of the script.
    Not {
        why: Text,
        lost: bool,
    },
}

/// Takes the disk out of use, and looks at it.
async fn take(c: &Carrier<'_>, vm: &ArmId, os: GuestOs, id: &Text, at: &Text) -> Way<Took> {
    let change = Change::TakeTemporaryOffline {
        vm: vm.clone(),
        os,
        disk: id.clone(),
    };
    let lost = match send(c, &change).await? {
        Err(failure) => {
            return Ok(Took::Not {
                why: failure.what,
                lost: false,
            });
        }
        Ok(told) => told == Told::Lost,
    };
    let why = match look(c, vm, os, Some(id)).await? {
        TemporaryDisk::Offline | TemporaryDisk::None => {
            let words = format!("The temporary disk (disk {id}, at {at}) was taken out of use");
            c.remark(STEP, words).await?;
            return Ok(Took::It);
        }
        TemporaryDisk::Kept(why) | TemporaryDisk::Unknown(why) => why,
        TemporaryDisk::Online { at, .. } if lost => {
            format!("it is still in use, at {at}, and Azure's answer was lost").into()
        }
        TemporaryDisk::Online { at, .. } => {
            let words = "something there does not let go of it";
            format!("it is still in use, at {at}: {words}").into()
        }
    };
    Ok(Took::Not { why, lost })
}

/// Which VM it is, as Azure names it now, and what runs in it. Where the plan names another one, nobody
/// knows which of the two is meant.
async fn ground(c: &Carrier<'_>) -> Result<(ArmId, GuestOs), Text> {
    let os = GuestOs::of(c.first.os.as_str());
    let os = os.ok_or("Azure does not tell whether it runs Windows or Linux")?;
    let vm = c.site.its_vm(c.first).await?;
    match c.azure_vm() {
        // It came home and went away again since the plan was made, and the VM of then is still there.
        Some(kept) if *kept != vm => {
            let words = format!(
                "the plan names Azure VM {} ({kept}), and Azure names {} ({vm})",
                kept.name(),
                vm.name(),
            );
            let words = format!("{words}: nothing was run in either; make the plan anew");
            Err(words.into())
        }
        _ => Ok((vm, os)),
    }
}

async fn look(
    c: &Carrier<'_>,
    vm: &ArmId,
    os: GuestOs,
    known: Option<&Text>,
) -> Way<TemporaryDisk> {
    let known = known.map(Text::as_str);
    let looked = tokio::select! {
        biased;
        halt = c.desk.halted() => return Err(halt),
        looked = tokio::time::timeout(LOOK, c.site.arm().temporary_disk(vm, os, known)) => looked,
    };
    Ok(match looked {
        Ok(Ok(disk)) => disk,
        Ok(Err(NotRun::Arm(error))) if error.is_sign_in() => return Err(c.sign_in_again(&error)),
        Ok(Err(NotRun::Arm(error))) => TemporaryDisk::Unknown(Failure::from(error).what),
        Ok(Err(error)) => TemporaryDisk::Unknown(error.to_string().into()),
        Err(_) => {
            let words = format!("no answer from the VM within {} s", LOOK.as_secs());
            TemporaryDisk::Unknown(words.into())
        }
    })
}

/// Whether Azure took the script, or its answer was lost: the disk tells what became of it then.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Taken,
    Lost,
}

/// Sends it, and waits for its end. `Err`: it certainly was not made, in words.
async fn send(c: &Carrier<'_>, change: &Change) -> Way<Result<Told, Failure>> {
    let vm = change.object().name();
    let telling = Telling {
        doing: &format!("take the temporary disk of {vm} out of use"),
        lost: "The disk itself tells what became of it.",
        job: None,
    };
    let answer = match deed::send(c, STEP, change, telling).await? {
        Deed::Accepted(answer) => answer,
        Deed::Lost => return Ok(Ok(Told::Lost)),
        Deed::NotMade(failure) => return Ok(Err(failure)),
    };
    if let Some(watch) = Watch::of(&answer) {
        for _ in 0..LOOKS {
            match c.site.arm().operation(&watch).await {
                Ok(told) if told.status == Status::Running => c.desk.rest(c.poll()).await?,
                _ => break,
            }
        }
    }
    Ok(Ok(Told::Taken))
}

fn asking(c: &Carrier<'_>, trouble: Text) -> Asking {
    let name = c.name();
    let word = |name, words| Choice {
        reason: true,
        ..choice(name, words)
    };
    Asking {
        topic: Topic::TemporaryDisk,
        machine: Some(c.id().clone()),
        step: Some(STEP),
        words: format!("The temporary disk of {name} is not known to be out of use. What now?")
            .into(),
        evidence: vec![trouble],
        choices: vec![
            choice(
                "give-up",
                "leave the machine as it is; it is not protected in this run",
            ),
            choice(
                "look-again",
                "look again, and take it out of use if it is in use",
            ),
            word("is-offline", "I looked: it is out of use"),
            word(
                "go-on",
                "protect the machine with it; it is copied home, too",
            ),
        ],
        checks: Vec::new(),
        until: None,
    }
}
