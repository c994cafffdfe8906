//! What a person must know before a single action is sent.

use std::sync::Arc;

use crate::domain::size::span;
use crate::domain::{Generation, Machine, Place, Situation, Text, Verb};

/// The warnings about `verb` on `machine`, most important first. `others` is the whole estate:
/// machines of one replication group belong together.
#[must_use]
pub fn warnings(verb: Verb, machine: &Machine, others: &[Arc<Machine>]) -> Vec<Text> {
    let mut warnings: Vec<Text> = consequence(verb, machine)
        .map(Text::from)
        .into_iter()
        .collect();
    let mates: Vec<&str> = others
        .iter()
        .filter(|m| m.id != machine.id && !m.group_id.is_empty() && m.group_id == machine.group_id)
        .map(|m| m.name.as_str())
        .collect();
    if !mates.is_empty() {
        let mates = mates.join(", ");
        let stay = match verb {
            Verb::FailBack => ": they stay in Azure.",
            _ => ".",
        };
        warnings.push(format!("It shares a replication group with {mates}{stay}").into());
    }
    if verb == Verb::FailBack {
        warnings.push(match machine.rpo_seconds {
            Some(rpo) => {
                let rpo = span(i64::try_from(rpo).unwrap_or(i64::MAX));
                format!("The copy on-premises was {rpo} behind when Azure last looked.").into()
            }
            None => "How far the copy on-premises is behind is unknown.".into(),
        });
    }
    // That no test failover was done says nothing about the way home (asr-rest.md 13).
    let telling = machine
        .problems
        .iter()
        .filter(|problem| problem.code.as_str() != "161011");
    warnings.extend(telling.map(|problem| {
        let code = &problem.code;
        Text::from(format!("Health: {} ({code})", problem.message))
    }));
    warnings
}

fn consequence(verb: Verb, machine: &Machine) -> Option<&'static str> {
    let generation = machine.provider().generation();
    let pending = Situation::of(machine, &[]).pending();
    Some(match verb {
        Verb::FailBack if generation == Some(Generation::HyperV) => {
            "Once its data synchronisation begins its job must never be cancelled. Users are cut off \
             when the failover is completed; a full download cuts them off at once."
        }
        Verb::FailBack => {
            "Users are cut off at once: Azure stops its VM, synchronises, starts the machine at home."
        }
        Verb::Complete => {
            "Users are cut off at once: Azure stops its VM, takes the last changes, starts the machine \
             at home."
        }
        Verb::Cancel => {
            "What was written at home since the failback is lost: its snapshot is restored, and the VM \
             in Azure goes on."
        }
        Verb::Protect if pending => {
            "Its failover to Azure is not committed: Protect commits it, and the other recovery points go."
        }
        Verb::Protect => "It commits the failover to Azure: from then on the way is home.",
        Verb::Commit if machine.place == Place::OnPremises => {
            "It ends the failback for good: Azure may delete its VM and the disks of it."
        }
        Verb::Commit => "It ends the failover: the recovery points behind it go.",
        Verb::ProtectToAzure => "The machine at home becomes the source; its VM in Azure goes.",
        Verb::FailOverToAzure => {
            "Users are cut off; it must not be cancelled once it is sent, for replication stopped before."
        }
        Verb::ChangeRecoveryPoint => {
            "What was written in Azure since the failover is lost: it starts anew from that point."
        }
        Verb::TestFailover => "A second machine of that name runs in the network of the test.",
        Verb::TestFailoverCleanup | Verb::Resynchronise => return None,
    })
}
